"""The participants' own list of names is held against all that somebody types and that is kept."""

import json

import pytest

from tests.cli.test_deviations import events
from tests.examples import TO_COME, write_workspace

NAME = "Mette Kirkeskov"
LIST = f"{NAME}\nBo\n\nJørgen Ås-Poulsen\n"


@pytest.fixture
def listed(measured):
    """The workspace with a list of two names that count; `Bo` is a part of too much."""
    (measured / "configs" / "names.txt").write_text(LIST, encoding="utf-8")
    return measured


def stored(root):
    return b"".join(
        file.read_bytes() for file in (root / ".htkeval").rglob("*") if file.is_file()
    ).lower()


SAID = {
    "a pseudonym": ("participant", "proeve", "mette", "--state", "informed"),
    "a reason": ("participant", "proeve", "M00", "--state", "informed", "--why", "ring til METTE"),
    "a correction": ("correct", "proeve", "--row", "1", "--set", "minutter=9",
                     "--why", "kirkeskov"),
    "a corrected cell": ("correct", "proeve", "--row", "1", "--set", "medarbejder=Kirkeskov-1",
                         "--why", "slip"),
    "a row left out": ("exclude", "proeve", "--row", "1", "--why", "poulsen var syg"),
    "an erasure": ("erase", "proeve", "--participant", "M00", "--why", "Jørgen bad om det"),
}  # fmt: skip


@pytest.mark.parametrize("said", SAID.values(), ids=SAID)
def test_a_name_of_the_list_is_refused_wherever_it_is_typed_and_never_echoed(listed, call, said):
    before = len(events(listed, "batch")), stored(listed)
    answer = call(*said, "--lang", "en")
    assert answer.code == 1, answer.out
    assert "a name of the list of names" in " ".join(answer.err.split())
    told = (answer.out + answer.err).lower()
    assert not [word for word in ("mette", "kirkeskov", "poulsen", "jørgen") if word in told]
    assert (len(events(listed, "batch")), stored(listed)) == before


def test_an_answer_to_a_query_names_nobody(listed, call):
    (listed / "lang.csv").write_text(
        "medarbejder;arm;dato;minutter;fejl\nM00;uden;02-03-2099;900;0\n", encoding="utf-8"
    )
    assert call("add", "proeve", "lang.csv").code == 0
    found = json.loads(call("query", "proeve", "--format", "json").out)["queries"]
    answer = call("query", "proeve", found[0]["id"], "--answer", "spørg Mette", "--lang", "en")
    assert (answer.code, "--answer" in answer.err) == (1, True)
    assert call("query", "proeve", found[0]["id"], "--answer", "spørg lederen").code == 0


def test_a_list_of_people_holds_no_name_nor_the_one_whose_lot_is_drawn(tmp_path, monkeypatch, call):
    plan = 'kind = "parallel"\nallocation = "bernoulli"'
    root = write_workspace(tmp_path / "lod", TO_COME.replace('kind = "within"', plan))
    monkeypatch.chdir(root)
    assert call("register", "proeve").code == 0
    (root / "configs" / "names.txt").write_text(LIST, encoding="utf-8")
    (root / "folk.csv").write_text("medarbejder\nM10\nMette\n", encoding="utf-8")
    for said in (("--units", "folk.csv"), ("--next", "--participant", "M-Mette")):
        answer = call("allocate", "proeve", *said, "--lang", "en")
        assert answer.code == 1, answer.out
        assert "medarbejder: found a name of the list of names" in " ".join(answer.err.split())
        assert "mette" not in answer.err.lower()
    assert events(root, "allocation") == ()


def test_other_words_pass_and_whoever_answers_for_something_is_named_on_purpose(listed, call):
    assert call("participant", "proeve", "M77", "--state", "informed", "--why", "bo").code == 0
    said = ("gate", "proeve", "dpia", "--state", "closed", "--responsible", NAME)
    assert "list of names" not in call(*said, "--lang", "en").err


def test_whoever_is_known_by_a_pseudonym_that_was_listed_later_can_still_withdraw(measured, call):
    assert call("participant", "proeve", "Kirkeskov", "--state", "informed").code == 0
    (measured / "configs" / "names.txt").write_text(LIST, encoding="utf-8")
    assert call("participant", "proeve", "Kirkeskov", "--state", "withdrawn").code == 0


def test_doctor_says_whether_there_is_a_list_and_how_long_and_never_which_names(measured, call):
    def told():
        checks = json.loads(call("doctor", "--format", "json", "--lang", "en").out)["checks"]
        return next(one["text"] for one in checks if one["name"] == "names")

    assert (
        told() == "No list of names in configs/names.txt; participants' names are not looked for."
    )
    (measured / "configs" / "names.txt").write_text(LIST, encoding="utf-8")
    assert told() == "configs/names.txt has 2 names; nothing that is kept may hold one."
    assert "mette" not in call("doctor").out.lower()
