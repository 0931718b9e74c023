"""How the dashboard is protected, and what it refuses to start without."""

import pytest

from htkeval.errors import StateError
from htkeval.steps.protect import loopback, protection, told
from htkeval.workspace import ROLES, at
from tests.examples import write_workspace

GIVEN = '[[roles]]\nrole = "admin"\naccounts = ["a"]\n'
PROXY = '[proxy]\npeers = ["10.0.0.5"]\nhost = "ai.example.dk"\nheader = "X-User"\n' + GIVEN
AUTH = """[auth]
redirect_uri = "https://ai.example.dk/oauth2callback"
cookie_secret = "0123456789abcdef0123456789abcdef"
client_id = "x"
client_secret = "very secret"
server_metadata_url = "https://login.example.dk/.well-known/openid-configuration"
"""


@pytest.fixture
def place(tmp_path):
    return at(write_workspace(tmp_path / "place"), {})


def with_roles(place, text):
    (place.root / ROLES).write_text(text, encoding="utf-8")
    return place


def secrets(tmp_path, text=AUTH):
    file = tmp_path / "secrets.toml"
    file.write_text(text, encoding="utf-8")
    return {"HTKEVAL_SECRETS": str(file)}


@pytest.mark.parametrize("address", ["127.0.0.1", "localhost", "::1", "127.3.2.1"])
def test_without_roles_it_answers_this_computer_only(place, address):
    assert protection(place, address, {}).way == "local"


@pytest.mark.parametrize("address", ["0.0.0.0", "::", "192.168.1.4", "ai.example.dk", ""])
def test_without_roles_no_other_address_is_served(place, address):
    with pytest.raises(StateError, match="others can reach"):
        protection(place, address, {})
    assert not loopback(address)


def test_a_workspace_made_before_there_were_roles_is_for_this_computer(place):
    (place.root / ROLES).unlink()
    assert protection(place, environ={}).way == "local"


def test_behind_a_proxy_it_may_listen_anywhere(place):
    found = protection(with_roles(place, PROXY), "0.0.0.0", {})
    assert (found.way, found.host, found.secrets) == ("proxy", "ai.example.dk", None)


def test_a_login_needs_its_secrets(place, tmp_path):
    with_roles(place, "[oidc]\n" + GIVEN)
    found = protection(place, "0.0.0.0", secrets(tmp_path))
    assert (found.way, found.host) == ("oidc", "ai.example.dk")
    with pytest.raises(StateError, match="HTKEVAL_SECRETS"):
        protection(place, "127.0.0.1", {})


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "no table"),
        ("[auth", "no table"),
        (AUTH.replace("cookie_secret", "cookie"), "no cookie_secret"),
        (AUTH.replace("0123456789abcdef0123456789abcdef", "kort"), "4 letters"),
        (AUTH.replace("/oauth2callback", "/"), "another redirect_uri"),
        (AUTH.replace('client_secret = "very secret"', ""), "no client_secret"),
    ],
)
def test_secrets_that_are_not_in_order_are_refused_and_never_repeated(place, tmp_path, text, said):
    with_roles(place, "[oidc]\n" + GIVEN)
    with pytest.raises(StateError) as refused:
        protection(place, environ=secrets(tmp_path, text))
    assert said in str(refused.value)
    assert "very secret" not in str(refused.value) + refused.value.message("da")


def test_secrets_inside_the_workspace_are_refused(place):
    with_roles(place, "[oidc]\n" + GIVEN)
    file = place.root / "configs" / "secrets.toml"
    file.write_text(AUTH, encoding="utf-8")
    for named in (str(file), str(place.root / "x" / ".." / "configs" / "secrets.toml")):
        with pytest.raises(StateError, match="inside the workspace"):
            protection(place, environ={"HTKEVAL_SECRETS": named})


def test_the_doctor_says_how_it_is_protected(place, tmp_path):
    assert "this computer only" in str(told(place, {}))
    assert "10.0.0.5" in str(told(with_roles(place, PROXY), {}))
    with_roles(place, "[oidc]\n" + GIVEN)
    assert "OIDC" in str(told(place, secrets(tmp_path)))
