"""The machine fails, or nobody listens: what was stored is told as stored, in a sentence."""

import errno
import os
import subprocess
import sys
from pathlib import Path

import pytest

from htkeval.cli import writing
from tests.examples import sheet
from tests.often import often

FULL = Path("/dev/full")
on_linux = pytest.mark.skipif(not FULL.exists(), reason="only Linux has a device that is full")
GATE = ("gate", "proeve", "dpia", "--state", "open")


def shell(place, line, **more):
    """A line of a real shell; `$H` is htkeval."""
    environ = {**os.environ, "H": f"{sys.executable} -m htkeval", **more}
    return subprocess.run(
        ["bash", "-c", line],
        check=False,
        cwd=place,
        env=environ,
        capture_output=True,
        text=True,
        timeout=60,
    )


def events(place, call):
    import json

    answer = call("verify", "--no-runs", "--format", "json")
    (said,) = (c["text"] for c in json.loads(answer.out)["checks"] if c["name"] == "sequence")
    return said


def full(*_):
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


@on_linux
def test_what_was_stored_is_said_to_be_stored_where_it_cannot_be_shown(measured, call):
    found = shell(measured, f"$H {' '.join(GATE)} >/dev/full")
    assert found.returncode == 3
    assert found.stderr == (
        "trial proeve: stored as event 3 (gate); it could not be shown or written: "
        "No space left on device.\n"
    )
    assert "(3)" in events(measured, call)


@on_linux
def test_a_reading_command_that_cannot_be_shown_claims_nothing_stored(measured):
    found = shell(measured, "$H status >/dev/full")
    assert found.returncode == 3
    assert "the machine refused (No space left on device)" in found.stderr
    assert "stored as" not in found.stderr
    assert "Exception ignored" not in found.stderr


@pytest.mark.parametrize("command", often(["status", "--help", "doctor --format csv"], ["status"]))
def test_a_reader_who_has_seen_enough_is_no_failure(measured, command):
    """The reader is gone before the first word: it does not wait, and the command must load."""
    found = shell(measured, f"$H {command} | true; exit ${{PIPESTATUS[0]}}")
    assert (found.returncode, found.stderr) == (0, "")


def test_a_closed_output_is_no_failure_and_never_becomes_the_store(measured, call):
    found = shell(measured, f"$H {' '.join(GATE)} >&- 2>&-")
    assert found.returncode == 0
    assert "(3)" in events(measured, call)


def test_a_fault_of_ours_is_one_sentence_with_the_next_step(place, call, monkeypatch):
    from htkeval.steps import states

    def broken(_):
        raise KeyError("sha256 of 010203-1234")

    monkeypatch.setattr(states, "portfolio", broken)
    with pytest.raises(KeyError):
        call("status")
    monkeypatch.delenv("HTKEVAL_DEBUG")
    answer = call("status")
    assert (answer.code, answer.out) == (3, "")
    assert answer.err.count("\n") == 1
    assert "KeyError: 'sha256 of 010203-xxxx'" in answer.err
    assert "HTKEVAL_DEBUG=1" in answer.err


def test_a_paper_that_does_not_fit_on_the_disk_leaves_nothing_promised(place, call, monkeypatch):
    monkeypatch.setattr(writing, "settle", full)
    answer = call("register", "proeve", "--pdf", "a.pdf")
    assert answer.code == 3
    assert "a.pdf: found No space left on device" in answer.err
    assert {file.name for file in place.iterdir()} <= {"configs", "experiments", ".htkeval"}
    monkeypatch.undo()
    monkeypatch.chdir(place)
    assert call("register", "proeve", "--pdf", "a.pdf").code == 0


def test_a_paper_that_loses_its_name_after_the_promise_is_told_as_stored(place, call, monkeypatch):
    def taken(part, file):
        file.write_bytes(b"another's")
        return name(part, file)

    name = writing._name
    monkeypatch.setattr(writing, "_name", taken)
    answer = call("register", "proeve", "--pdf", "a.pdf")
    assert answer.code == 3
    assert "stored as event 1 (registration); it could not be shown or written" in answer.err
    assert (place / "a.pdf").read_bytes() == b"another's"
    monkeypatch.setattr(writing, "_name", name)
    assert call("register", "proeve", "--pdf", "b.pdf").code == 0


def test_a_letter_whose_file_cannot_be_written_leaves_no_dates(place, call):
    answer = call("letter", "proeve", "--to", "med", "--ics", "ok.ics", "-o", "nowhere/l.md")
    assert answer.code == 3
    assert {file.name for file in place.iterdir()} == {"configs", "experiments"}


def test_where_there_are_no_hard_links_a_file_still_gets_its_name(place, call, monkeypatch):
    def refused(*_):
        raise OSError(errno.EPERM, "no links here")

    monkeypatch.setattr(os, "link", refused)
    assert call("letter", "proeve", "--to", "med", "-o", "brev.md").code == 0
    assert {file.name for file in place.iterdir()} == {"configs", "experiments", "brev.md"}
    assert (place / "brev.md").read_text(encoding="utf-8").startswith("# ")


@pytest.mark.parametrize(
    "command",
    [
        (),
        ("status",),
        ("status", "proeve"),
        ("doctor",),
        ("verify",),
        ("letter", "proeve", "--to", "staff"),
        ("recommend", "proeve"),
    ],
)
def test_a_command_that_reads_makes_no_store(place, call, command):
    answer = call(*command)
    assert answer.code == (1 if command[:1] == ("recommend",) else 0)
    assert {file.name for file in place.iterdir()} == {"configs", "experiments"}


def test_measurements_come_in_and_are_kept_though_mlflow_is_away(place, call, monkeypatch):
    """Nobody is asked: an address that would fail at the first call does not matter to `add`."""
    monkeypatch.setenv("MLFLOW_TRACKING_URI", "http://127.0.0.1:9")
    monkeypatch.setattr(
        "htkeval.tracking.mlflow_sink.MlflowSink.__init__",
        lambda *_, **__: pytest.fail("MLflow was asked"),
    )
    (place / "maal.csv").write_text(sheet(year=2099), encoding="utf-8")
    assert call("register", "proeve").code == 0
    assert call("add", "proeve", "maal.csv").code == 0
    assert call("snapshot", "proeve").code == 0
    assert call("verify", "--no-runs").code == 0
