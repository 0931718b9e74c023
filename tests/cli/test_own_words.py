"""What is written into the record for good names no participant: no erasure could reach it."""

import pytest

from htkeval.store.own_words import without
from tests.cli.test_erasing import NAME, analysed, forget  # noqa: F401 - the fixture
from tests.examples import sheet


def every_byte(place):
    return b"".join(p.read_bytes() for p in sorted((place / ".htkeval").rglob("*")) if p.is_file())


@pytest.mark.parametrize(
    "call_of",
    [
        ("correct", "proeve", "--row", "7", "--set", "minutter=35", "--why"),
        ("exclude", "proeve", "--row", "7", "--why"),
        ("deviate", "proeve", "--what", "dagsorden", "--why"),
        ("deviate", "proeve", "--why", "Travlt.", "--what"),
        ("deviate", "proeve", "--what", "dagsorden", "--why", "Travlt.", "--to"),
        ("gate", "proeve", "dpia", "--state", "open", "--why"),
        ("erase", "proeve", "--participant", "M03", "--why"),
    ],
)
@pytest.mark.parametrize("said", [f"{NAME} talte forkert", f"det var {NAME.lower()}s skyld"])
def test_no_words_of_ones_own_name_somebody_whom_the_trial_knows(analysed, call, call_of, said):  # noqa: F811
    before = every_byte(analysed)
    answer = call(*call_of, said, "--as", "Ida")
    assert answer.code == 1
    assert "found the pseudonym itself; expected a text that names nobody" in answer.err
    assert NAME.casefold() not in (answer.out + answer.err).casefold()
    assert NAME.lower().encode() not in every_byte(analysed)
    assert every_byte(analysed).count(NAME.encode()) == before.count(NAME.encode())


def test_the_name_of_a_sheet_is_kept_without_its_person(place, call):
    lines = sheet(year=2099).splitlines()
    person = lines[1].partition(";")[0]
    mine = [f"{NAME};{one.partition(';')[2]}" for one in lines if one.startswith(f"{person};")]
    others = [one for one in lines[1:] if not one.startswith(f"{person};")]
    (place / f"skema {NAME}.csv").write_text("\n".join([lines[0], *mine]), encoding="utf-8")
    (place / f"resten uden {NAME}.csv").write_text("\n".join([lines[0], *others]), encoding="utf-8")
    assert call("register", "proeve").code == 0
    for name in (f"skema {NAME}.csv", f"resten uden {NAME}.csv"):
        assert call("add", "proeve", name).code == 0
    assert forget(call).code == 0
    assert NAME.encode() not in every_byte(place)
    assert "skema ….csv".encode() in every_byte(place)


def test_a_sheet_of_one_person_is_known_by_its_name_as_the_record_has_it():
    assert without("skema P017.csv", ["P017"]) == "skema ….csv"
    assert without("p017_uge7.xlsx", ["P017"]) == "…_uge7.xlsx"


@pytest.mark.parametrize(
    ("name", "people"),
    [
        ("uge 12.csv", ["12"]),  # a bare number may be a week
        ("P0171.csv", ["P017"]),
        ("den endelige.csv", ["DEN"]),  # initials
        ("i alt.csv", ["i"]),
    ],
)
def test_what_is_no_pseudonym_stays_in_the_name(name, people):
    assert without(name, people) == name
