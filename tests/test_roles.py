"""Who has which role, and what the file may say."""

import pytest
from pydantic import ValidationError

from htkeval import toml_file
from htkeval.errors import Refused
from htkeval.resources import bundled
from htkeval.roles import Given, Oidc, Proxy, Roles

ROLES = Roles(
    oidc=Oidc(),
    roles=(
        Given(role="lead", accounts=("Lone@Example.dk",), trials=("a", "b")),
        Given(role="lead", groups=("Ledere",), trials=("c",)),
        Given(role="decider", groups=("Økonomiudvalget",)),
        Given(role="reader", accounts=("lone@example.dk", "ægir")),
    ),
)


@pytest.mark.parametrize(
    ("account", "groups", "roles", "trials"),
    [
        ("lone@example.dk", (), ("lead", "reader"), ("a", "b")),
        (" LONE@example.DK ", ("Ledere",), ("lead", "reader"), ("a", "b", "c")),
        ("x", ("Økonomiudvalget",), ("decider",), ()),
        ("x", ("økonomiudvalget",), (), ()),
        ("Økonomiudvalget", (), (), ()),
        ("Ledere", (), (), ()),
        ("ÆGIR", (), (), ()),
        ("lone@example.dk.evil", (), (), ()),
        ("", (), (), ()),
    ],
)
def test_an_account_has_the_roles_of_its_name_and_of_its_groups(account, groups, roles, trials):
    assert ROLES.of(account, groups) == (roles, trials)


def test_a_letter_that_only_looks_alike_is_somebody_else():
    kelvin = Roles(proxy=Proxy(peers=("10.0.0.5",), host="x", header="h"),
                   roles=(Given(role="admin", accounts=("karl",)),))  # fmt: skip
    assert kelvin.of("KARL")[0] == ("admin",)
    assert kelvin.of("\u212aarl")[0] == ()  # the sign for kelvin, which becomes k


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[oidc]", "somebody must have a role"),
        ('[[roles]]\nrole = "reader"', "to accounts or to groups"),
        ('[[roles]]\nrole = "lead"\naccounts = ["a"]', "a lead has trials"),
        ('[[roles]]\nrole = "reader"\naccounts = ["a"]\ntrials = ["x"]', "a lead has trials"),
        ('[[roles]]\nrole = "reader"\ngroups = ["a"]', "groups are told by oidc only"),
        ('[proxy]\npeers = ["10.0.0.5"]\nhost = "x"', "nobody says who asks"),
        ('[proxy]\npeers = ["0.0.0.0/0"]\nhost = "x"\nheader = "h"', "everybody's address"),
        ('[proxy]\npeers = ["proxy.example"]\nhost = "x"\nheader = "h"', "is no address"),
        ('[proxy]\npeers = []\nhost = "x"\nheader = "h"', "square brackets"),
        ('[oidc]\n[proxy]\npeers = ["10.0.0.5"]\nhost = "x"\nheader = "h"', "not by both"),
        ("[oidc]\nsecret = 1", "unknown key"),
        ('[[roles]]\nrole = "boss"\naccounts = ["a"]', "one of"),
    ],
)
def test_what_contradicts_itself_is_refused_in_words(tmp_path, text, said):
    file = tmp_path / "roles.toml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(Refused) as refused:
        toml_file.read(file, Roles, error=Refused)
    assert said in str(refused.value)
    assert refused.value.message("da") != refused.value.message("en")


def test_what_travels_with_the_package_gives_nobody_a_role():
    assert toml_file.read(bundled("configs") / "roles.toml", Roles, error=Refused) == Roles()


def test_the_example_in_the_file_can_be_read_when_its_marks_are_taken_away(tmp_path):
    """Each of the two ways, as somebody would write them who follows the file."""
    lines = (bundled("configs") / "roles.toml").read_text("utf-8").splitlines()
    shown = [line.removeprefix("# ") for line in lines if line.startswith("# ")]
    parts = "\n".join(one for one in shown if one[:1] in "[" or " = " in one.split("#")[0])
    both = tmp_path / "roles.toml"
    both.write_text(parts.replace('header = "X-Remote-User"', ""), encoding="utf-8")
    found = toml_file.read(both, Roles, error=Refused)
    assert found.oidc
    assert found.proxy
    assert found.proxy.trusts("10.0.0.5")
    assert {one.role for one in found.roles} == {"lead", "decider"}


def test_an_address_that_is_none_is_not_trusted():
    proxy = Proxy(peers=("10.0.0.0/30",), host="x", header="h")
    assert proxy.trusts("10.0.0.3")
    assert not any(map(proxy.trusts, ("10.0.0.4", "", "localhost", "10.0.0.3:80", "::1")))


def test_a_role_that_is_not_known_cannot_be_made():
    with pytest.raises(ValidationError):
        Given(role="boss", accounts=("a",))
