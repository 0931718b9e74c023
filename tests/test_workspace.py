"""Where things are found, and that a name never leads out of the workspace."""

import pytest

from htkeval import workspace
from htkeval.errors import TrialError, UsageError
from tests.examples import TRIAL, write_trial, write_workspace


def test_the_nearest_folder_upwards_is_the_workspace(tmp_path):
    root = write_workspace(tmp_path / "w")
    deep = root / "experiments" / "proeve"
    assert workspace.find(deep, {}).root == root.resolve()


def test_what_is_given_wins_over_the_environment_and_that_over_the_folder(tmp_path):
    one, two, three = (write_workspace(tmp_path / name) for name in ("a", "b", "c"))
    environ = {"HTKEVAL_WORKSPACE": str(two)}
    assert workspace.find(three, environ, given=str(one)).root == one.resolve()
    assert workspace.find(three, environ).root == two.resolve()


def test_addresses_may_be_moved_by_the_environment(tmp_path):
    environ = {"HTKEVAL_STORE": "postgresql+psycopg://x/y", "MLFLOW_TRACKING_URI": "http://m"}
    place = workspace.at(tmp_path, environ)
    assert (place.store, place.tracking) == ("postgresql+psycopg://x/y", "http://m")
    assert workspace.at(tmp_path, {}).store == f"sqlite:///{tmp_path.as_posix()}/.htkeval/store.db"


def test_a_trial_is_found_by_folder_by_id_and_by_path(tmp_path):
    text = TRIAL.replace('id = "proeve"', 'id = "another-name"')
    place = workspace.at(write_workspace(tmp_path / "w", text, slug="mappe"), {})
    file = place.root / "experiments" / "mappe" / "trial.toml"
    assert place.trial_file("mappe") == file
    assert place.trial_file("another-name") == file
    assert place.trial_file(str(file)) == file


@pytest.mark.parametrize(
    "name", ["", ".", "..", "../w", "../../etc/passwd", "/etc", "a/../b", "..\\w", "findes-ikke"]
)
def test_a_name_never_leads_out_of_the_workspace(tmp_path, name):
    place = workspace.at(write_workspace(tmp_path / "w"), {})
    write_trial(tmp_path / "outside")
    with pytest.raises(UsageError) as caught:
        place.trial_file(name)
    assert caught.value.exit_code == 2


def test_one_trial_that_cannot_be_read_does_not_hide_another(tmp_path):
    place = workspace.at(write_workspace(tmp_path / "w"), {})
    write_trial(place.root / "experiments" / "aaa", "this is not toml")
    text = TRIAL.replace('id = "proeve"', 'id = "by-id"')
    write_trial(place.root / "experiments" / "zzz", text)
    assert place.trial("by-id").id == "by-id"


@pytest.mark.parametrize("spelt", ["proeve", "\\u0070roeve", "\\U00000070roeve"])
def test_two_trials_of_one_id_are_refused_however_it_is_spelt(tmp_path, spelt):
    place = workspace.at(write_workspace(tmp_path / "w"), {})
    twin = TRIAL.replace('id = "proeve"', f'id = "{spelt}"')
    write_trial(place.root / "experiments" / "to", twin)
    with pytest.raises(TrialError) as refused:
        place.trial("to")
    assert "which" in refused.value.message("en")


def test_no_workspace_is_told_with_the_way_to_make_one(tmp_path):
    with pytest.raises(UsageError) as caught:
        workspace.find(tmp_path, {})
    assert "htkeval init" in str(caught.value)
