"""What an audit of ODK says of time, and nothing of places, values and users."""

from __future__ import annotations

import pytest

from htkeval.errors import SheetError
from htkeval.intake.technical.odk import read_audit
from tests.intake.evaluated import SECRET, audit


@pytest.fixture
def read(tmp_path):
    def it(text):
        file = tmp_path / "audit.csv"
        file.write_text(text, encoding="utf-8")
        return read_audit(file)

    return it


def figures(found):
    return {(one.scorer, one.name): round(one.value, 9) for one in found.scores}


def test_time_in_forms_leaves_breaks_out_and_groups_have_theirs(read):
    found = figures(read(audit(6)))
    assert found == {
        (None, "forms"): 6,
        (None, "form_minutes"): 6 * 75 / 60,
        (None, "form_minutes.median"): 75 / 60,
        (None, "resumed_sessions"): 6,
        ("/data/borger", "question_minutes"): 6 * 20 / 60,
        ("/data/svar", "question_minutes"): 6 * 10 / 60,
    }


def test_places_values_and_users_are_not_kept(read):
    kept = read(audit(6)).model_dump_json()
    for secret in (SECRET, "55.67", "12.56", "u1"):
        assert secret not in kept


def test_without_a_column_of_instances_a_form_begins_at_each_start(read):
    rows = [line.split(",", 1)[1] for line in audit(6).splitlines()]
    assert figures(read("\n".join(rows))) == figures(read(audit(6)))


def test_forms_of_few_persons_are_refused_however_many_forms(read):
    with pytest.raises(SheetError, match="fewer than"):
        read(audit(12, users=4))
    with pytest.raises(SheetError, match="fewer than"):
        read(audit(4))


def test_a_group_that_few_came_to_is_not_told(read):
    rows = audit(6).splitlines()
    few = [line for n, line in enumerate(rows) if "/data/svar" not in line or n < 20]
    assert ("/data/svar", "question_minutes") not in figures(read("\n".join(few)))


def test_a_clock_that_ran_backwards_is_told_and_its_row_left_out(read):
    rest = audit(6) + "f1,question,/data/borger[1]/navn,1764000000000,1763000000000,,,,,,u1\n"
    found = read(rest)
    assert (found.complete, [one.name for one in found.flags]) == (False, ["left_out"])
    assert figures(found) == figures(read(audit(6)))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a,b\n1,2\n",
        "event,node,start\nquestion,/data/a,1\n",
        "event,node,start,end\nform start,,9" + "9" * 400 + ",\n",
    ],
)
def test_what_is_no_audit_is_refused(read, text):
    with pytest.raises(SheetError):
        read(text)
