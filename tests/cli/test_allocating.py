"""`htkeval allocate` as a trial lead calls it, from the list to the check of the sheet."""

from __future__ import annotations

import csv
import errno
import io
import json
import os
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from htkeval.cli.printed.drawn import Allocation
from htkeval.steps import allocate as step
from htkeval.steps import draws_again
from tests.examples import TO_COME, write_workspace

DRAWN = TO_COME.replace('kind = "within"', 'kind = "parallel"\nallocation = "blocks"\nblock = 4')


@pytest.fixture
def drawing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: Any) -> Path:
    """A registered trial in which people are drawn in blocks of four, and a list of twelve."""
    root = write_workspace(tmp_path / "place", DRAWN)
    monkeypatch.chdir(root)
    lines = [f"M{n:02d};{n},5" for n in range(12)]
    (root / "liste.csv").write_text("\n".join(["medarbejder;erfaring", *lines]), "utf-8")
    assert call("register", "proeve").code == 0
    return root


def measured(arms: dict[str, str], *, wrong: int = 0) -> str:
    """A sheet in which everybody does two tasks in his arm, but for so many people."""
    lines = ["medarbejder;arm;dato;minutter;fejl"]
    other = {"med": "uden", "uden": "med"}
    for n, (who, arm) in enumerate(arms.items()):
        word = other[arm] if n < wrong else arm
        lines += [f"{who};{word};0{1 + k}-02-2099;{20 + n + k},5;0" for k in range(2)]
    return "\n".join(lines) + "\n"


def test_a_list_is_drawn_written_and_shown_again(drawing: Path, call: Any) -> None:
    answer = call("allocate", "proeve", "--units", "liste.csv", "-o", "ud.csv", "--lang", "en")
    assert answer.code == 0, answer.err
    assert "12 units drawn and stored" in answer.out
    assert "standard deviations apart" in answer.out
    text = Path("ud.csv").read_text(encoding="utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert [row["medarbejder"] for row in rows] == [f"M{n:02d}" for n in range(12)]
    assert sorted(row["arm"] for row in rows[:4]) == ["med", "med", "uden", "uden"]
    shown = call("allocate", "proeve", "--format", "csv").out
    assert list(csv.DictReader(io.StringIO(shown))) == rows


def test_the_document_keeps_its_schema(drawing: Path, call: Any) -> None:
    told = json.loads(call("allocate", "proeve", "--units", "liste.csv", "--format", "json").out)
    document = Allocation.model_validate(told)
    assert document.balance[0].counts == {"uden": 6, "med": 6}
    assert len(document.units) == 12
    assert (document.mechanism, len(document.list or "")) == ("blocks", 64)
    assert set(document.differences) == {"erfaring"}


def test_a_danish_list_is_one_that_a_danish_excel_opens_and_is_read_back(
    drawing: Path, call: Any
) -> None:
    asked = ("allocate", "proeve", "--units", "liste.csv", "-o", "ud.csv", "--lang", "da")
    assert call(*asked).code == 0
    text = Path("ud.csv").read_text(encoding="utf-8-sig")
    assert text.startswith("medarbejder;arm\n")
    again = call("allocate", "proeve", "--units", "ud.csv", "--lang", "en")
    assert again.err.count("a lot is drawn once") == 12  # read, and known


def test_a_list_that_cannot_be_written_is_told_and_its_lots_are_kept(
    drawing: Path, call: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: Any) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr("htkeval.cli.writing.os.fsync", full)
    monkeypatch.setattr("htkeval.cli.writing.os.link", full)
    asked = ("allocate", "proeve", "--units", "liste.csv", "-o", "ud.csv", "--lang", "en")
    told = call(*asked)
    assert told.code == 3
    assert "The lots are stored; the list could not be written." in told.err
    assert sorted(one.name for one in drawing.iterdir() if one.is_file()) == ["liste.csv"]
    monkeypatch.undo()
    monkeypatch.chdir(drawing)
    assert call("allocate", "proeve", "-o", "ud.csv").code == 0
    assert len(Path("ud.csv").read_text(encoding="utf-8-sig").splitlines()) == 13


def test_a_table_for_redcap_is_written_once(drawing: Path, call: Any) -> None:
    assert call("allocate", "proeve", "--units", "liste.csv").code == 0
    assert call("allocate", "proeve", "--redcap", "r.csv").code == 0
    lines = Path("r.csv").read_bytes().decode().splitlines()
    assert (lines[0], len(lines)) == ("redcap_randomization_number,redcap_randomization_group", 13)
    assert call("allocate", "proeve", "--redcap", "r.csv").code == 1


def test_another_number_than_planned_is_told_beside_the_draw(drawing: Path, call: Any) -> None:
    file = Path("experiments/proeve/trial.toml")
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("[design]", "[design]\nclusters = 20", 1), encoding="utf-8")
    assert call("deviate", "proeve", "--what", "design.clusters", "--why", "x").code == 0
    answer = call("allocate", "proeve", "--units", "liste.csv", "--lang", "en")
    assert "The plan has 20 in the column medarbejder; 12 are drawn so far." in answer.out
    lines = ["medarbejder", *(f"K{n}" for n in range(8))]
    Path("flere.csv").write_text("\n".join(lines), encoding="utf-8")
    assert (
        "The plan has" not in call("allocate", "proeve", "--units", "flere.csv", "--lang", "en").out
    )


def test_so_few_that_no_answer_can_come_are_told(drawing: Path, call: Any) -> None:
    """Four in a block of four: 6 ways, so no p-value below 2/6."""
    Path("faa.csv").write_text("medarbejder\nA\nB\nC\nD\n", encoding="utf-8")
    answer = call("allocate", "proeve", "--units", "faa.csv", "--format", "json", "--lang", "en")
    assert answer.code == 0
    assert "0.33" in answer.err
    assert len(json.loads(answer.out)["units"]) == 4


def test_a_second_draw_is_refused_and_leaves_no_file(drawing: Path, call: Any) -> None:
    assert call("allocate", "proeve", "--units", "liste.csv").code == 0
    again = call("allocate", "proeve", "--units", "liste.csv", "-o", "ud.csv")
    assert again.code == 1
    assert again.err.count("a lot is drawn once") == 12
    assert not Path("ud.csv").exists()


def test_a_file_that_is_there_stops_the_draw_before_it_is_made(drawing: Path, call: Any) -> None:
    Path("ud.csv").write_text("andres", encoding="utf-8")
    assert call("allocate", "proeve", "--units", "liste.csv", "-o", "ud.csv").code == 1
    assert Path("ud.csv").read_text(encoding="utf-8") == "andres"
    assert call("allocate", "proeve").code == 1  # nothing was drawn


@pytest.mark.parametrize(
    ("options", "code", "said"),
    [
        (["--units", "liste.csv", "--next"], 2, "either a list, or --next"),
        (["--participant", "M01"], 2, "--next, which draws for that unit"),
        (["--units", "ingen.csv"], 2, "no such file"),
        (["--next", "--participant", "M01", "--task", "1"], 2, "tasks are not drawn here"),
        (["--next"], 2, "expected a pseudonym, such as P017"),
        (["--next", "--participant", " "], 1, "expected a pseudonym, such as P017"),
        (["--next", "--participant", "=M01"], 1, "Excel takes it for a formula"),
        (["--next", "--participant", "M01", "--stratum", "by"], 2, 'found --stratum "by"'),
        (["--next", "--participant", "M", "--stratum", "by=Å", "--stratum", "by=Ø"], 2, "by twice"),
        (["--show-key", "--units", "liste.csv"], 2, "--show-key together with a draw"),
        (["--redcap", "r.csv", "--units", "liste.csv"], 2, "--redcap together with a draw"),
        (["--show-key"], 1, "nothing drawn"),
        (["--next", "--participant", "a@b.dk"], 1, "xxxx@b.dk"),
        (["--next", "--participant", "M01", "--stratum", "by=Å"], 1, "no stratum"),
    ],
)
def test_what_cannot_be_is_told(
    drawing: Path, call: Any, options: list[str], code: int, said: str
) -> None:
    answer = call("allocate", "proeve", *options)
    assert answer.code == code
    assert said in answer.err
    assert "Traceback" not in answer.err
    assert call("allocate", "proeve").code == 1  # nothing was drawn


def test_one_lot_at_a_time_is_shown_once(drawing: Path, call: Any) -> None:
    shown = [call("allocate", "proeve", "--next", "--participant", f"N{n}").out for n in range(4)]
    arms = [line.split(": ")[1].strip() for line in shown]
    assert sorted(arms) == ["med", "med", "uden", "uden"]
    again = call("allocate", "proeve", "--next", "--participant", "N2")
    assert again.code == 1
    assert f"It was drawn before: {arms[2]}" in again.err


def test_the_analysis_holds_the_sheet_against_the_list(drawing: Path, call: Any) -> None:
    told = json.loads(call("allocate", "proeve", "--units", "liste.csv", "--format", "json").out)
    arms = {one["unit"]["medarbejder"]: one["drawn"] for one in told["units"]}
    Path("maal.csv").write_text(measured(arms), encoding="utf-8")
    assert call("add", "proeve", "maal.csv").code == 0
    analysis = json.loads(call("analyse", "proeve", "--format", "json").out)
    checks = {check["name"]: check for check in analysis["checks"]}
    assert checks["allocation"]["passed"] is True
    assert checks["draw_reaches"]["passed"] is True
    # blocks told by the list, not by days: 6 x 6 x 6 ways
    assert "216 ways" in checks["draw_reaches"]["text"]
    proofs = json.loads(call("verify", "--no-runs", "--format", "json").out)["checks"]
    assert {check["passed"] for check in proofs} == {True}, proofs
    repeated = next(one for one in proofs if one["name"] == "analysis:proeve")
    assert "comes out of its snapshot again" in repeated["text"]


def test_arms_that_were_not_drawn_are_found(drawing: Path, call: Any) -> None:
    told = json.loads(call("allocate", "proeve", "--units", "liste.csv", "--format", "json").out)
    arms = {one["unit"]["medarbejder"]: one["drawn"] for one in told["units"]}
    Path("maal.csv").write_text(measured(arms, wrong=1), encoding="utf-8")
    assert call("add", "proeve", "maal.csv").code == 0
    analysis = json.loads(call("analyse", "proeve", "--format", "json").out)
    (check,) = (one for one in analysis["checks"] if one["name"] == "allocation")
    assert check["passed"] is False
    assert "Some rows have another arm than the one that was drawn" in check["text"]  # one's own


def test_measured_people_are_not_drawn(drawing: Path, call: Any) -> None:
    Path("maal.csv").write_text(measured({"M03": "uden"}), encoding="utf-8")
    assert call("add", "proeve", "maal.csv").code == 0
    answer = call("allocate", "proeve", "--units", "liste.csv")
    assert answer.code == 1
    assert 'row 5, column medarbejder: found "M03"; expected allocation before' in answer.err


def test_a_list_that_the_promise_does_not_give_is_found(
    drawing: Path, call: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As by a program that draws until it suits: the chain is whole, but the lots are not."""
    assert draws_again.seed_of is step.seed_of  # the prover has its own name for it already
    monkeypatch.setattr(step, "seed_of", lambda registration, number, digest: 7)
    assert call("allocate", "proeve", "--units", "liste.csv").code == 0
    answer = call("verify", "--no-runs", "--format", "json")
    assert answer.code == 1
    failed = [one for one in json.loads(answer.out)["checks"] if one["passed"] is False]
    assert [one["name"] for one in failed] == ["allocation:proeve"]


def test_a_list_and_lots_one_by_one_are_proved_together(drawing: Path, call: Any) -> None:
    assert call("allocate", "proeve", "--units", "liste.csv").code == 0
    assert call("allocate", "proeve", "--next", "--participant", "N1").code == 0
    lines = ["medarbejder", *(f"K{n}" for n in range(5))]
    Path("flere.csv").write_text("\n".join(lines), encoding="utf-8")
    assert call("allocate", "proeve", "--units", "flere.csv").code == 0
    proofs = json.loads(call("verify", "--no-runs", "--format", "json").out)["checks"]
    assert {one["name"]: one["passed"] for one in proofs}["allocation:proeve"] is True


def test_whoever_has_no_row_yet_keeps_a_place_on_the_list_without_a_name(
    drawing: Path, call: Any
) -> None:
    told = json.loads(call("allocate", "proeve", "--units", "liste.csv", "--format", "json").out)
    arms = {one["unit"]["medarbejder"]: one["drawn"] for one in told["units"]}
    del arms["M00"]
    Path("maal.csv").write_text(measured(arms), encoding="utf-8")
    assert call("add", "proeve", "maal.csv").code == 0
    analysis = json.loads(call("analyse", "proeve", "--format", "json").out)
    checks = {check["name"]: check for check in analysis["checks"]}
    assert "too few to count" in checks["allocation"]["text"]  # one of twelve
    # his block of four has three: two of one arm and one of the other, in 3 ways
    assert f"{3 * 6 * 6} ways" in checks["draw_reaches"]["text"]
    digest = analysis["allocation"]
    kept = Path(".htkeval/blobs/sha256", digest[:2], digest).read_text(encoding="utf-8")
    assert "M0" not in kept
    assert json.loads(kept)["units"][0][:2] == ["–1", "P001"]


def test_a_list_drawn_as_another_list_is_found(
    drawing: Path, call: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As by a program that tries lists until one suits and keeps its digest."""
    monkeypatch.setattr(step, "digest_of", lambda listed: "0" * 64)
    assert call("allocate", "proeve", "--units", "liste.csv").code == 0
    monkeypatch.undo()
    monkeypatch.chdir(drawing)
    answer = call("verify", "--no-runs", "--format", "json", "--lang", "en")
    failed = [one for one in json.loads(answer.out)["checks"] if one["passed"] is False]
    assert [one["name"] for one in failed] == ["allocation:proeve"]
    assert "a list was drawn as another list" in failed[0]["text"]


def test_the_key_is_shown_when_the_trial_is_over_and_then_nothing_is_drawn(
    drawing: Path, call: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert call("allocate", "proeve", "--next", "--participant", "N1").code == 0
    early = call("allocate", "proeve", "--show-key", "--lang", "en")
    assert (early.code, "its key tells the lots to come" in early.err) == (1, True)
    monkeypatch.setattr("htkeval.cli.allocate.now", lambda: datetime(2100, 1, 1, tzinfo=UTC))
    told = json.loads(call("allocate", "proeve", "--show-key", "--format", "json").out)
    document = Allocation.model_validate(told)
    assert sha256(bytes.fromhex(document.key or "")).hexdigest() == document.commitment
    assert document.key in call("allocate", "proeve", "--show-key").out
    late = call("allocate", "proeve", "--next", "--participant", "N2", "--lang", "en")
    assert (late.code, "a trial that is over" in late.err) == (1, True)
