"""Bad input from the shell: one message, the right exit code, no traceback, nothing stored."""

import json
import sqlite3

import pytest

from tests.examples import TO_COME, TRIAL, sheet, write_trial

GOOD = sheet(12, year=2099)


def stored(call) -> int:
    state = json.loads(call("status", "--format", "json").out)["trials"][0]
    return state["baseline"] + state["treatment"]


def broken(old: str, new: str) -> bytes:
    assert old in GOOD
    return GOOD.replace(old, new, 1).encode()


@pytest.mark.parametrize(
    ("content", "code", "sentence"),
    [
        (b"", 1, "maal.csv"),
        (b"\n\n\n", 1, "maal.csv"),
        (b"medarbejder;arm;dato;minutter;fejl\n", 1, "maal.csv"),
        (broken(";minutter", ";tid"), 1, "minutter"),
        (broken(";minutter;fejl", ";minutter;minutter"), 1, "minutter"),
        (broken("M00;uden", "M00;maaske"), 1, "row 2"),
        (broken("20,00", "tyve"), 1, "row 2, column minutter"),
        (broken("20,00", "0"), 1, "row 2, column minutter"),
        (broken("20,00", "-5"), 1, "row 2, column minutter"),
        (broken("01-02-2099", "01-02-2031"), 1, "row 2, column dato"),
        (broken("M00", "010203-1234"), 1, "row 2, column medarbejder"),
        (bytes(range(256)) * 40, 1, "maal.csv"),
    ],
)
def test_a_bad_sheet_is_refused_whole(place, call, content, code, sentence):
    (place / "maal.csv").write_bytes(content)
    answer = call("add", "proeve", "maal.csv")
    assert answer.code == code
    assert sentence in answer.err
    assert "Traceback" not in answer.err
    assert "010203-1234" not in answer.err
    assert stored(call) == 0


def test_an_error_in_every_row_shows_twenty_and_the_count(place, call):
    rows = "".join(f"M{n % 6};med;02-02-2099;nul;0\n" for n in range(100_000))
    (place / "maal.csv").write_text("medarbejder;arm;dato;minutter;fejl\n" + rows)
    answer = call("add", "proeve", "maal.csv")
    assert answer.code == 1
    assert len(answer.err.strip().splitlines()) == 21
    assert "99,980 more problems" in answer.err
    assert stored(call) == 0


def test_one_bad_file_of_two_leaves_the_good_one_alone(place, call):
    (place / "a.csv").write_text(GOOD, encoding="utf-8")
    (place / "b.csv").write_bytes(broken("20,00", "tyve"))
    assert call("add", "proeve", "a.csv", "b.csv").code == 1
    assert stored(call) == 0


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("add", "proeve", "findes-ikke.csv"), 2),
        (("add", "proeve", "."), 2),
        (("add", "nope", "x.csv"), 2),
        (("add", "../proeve", "x.csv"), 2),
        (("check", "../../etc"), 2),
        (("check", "proeve/../../x"), 2),
        (("check", "findes/ikke/trial.toml"), 2),
        (("analyse", "proeve"), 1),
        (("snapshot", "proeve"), 1),
        (("recommend", "proeve"), 1),
        (("decide", "proeve", "--outcome", "go", "--reason", "x"), 1),
        (("decide", "proeve", "--outcome", "maybe", "--reason", "x"), 2),
        (("gate", "proeve", "nope", "--state", "closed"), 2),
        (("gate", "proeve", "dpia", "--state", "ajar"), 2),
        (("nope",), 2),
        (("add",), 2),
        (("gate", "proeve", "dpia", "--state", "closed", "--date", "2299-01-01"), 1),
        (("server", "--port", "99999"), 2),
        (("simulate", "proeve", "--seed", "-1"), 2),
        (("status", "--format", "xml"), 2),
        (("simulate", "proeve"), 2),
        (("--workspace", "findes-ikke", "status"), 2),
        (("status", "--workspace", "findes-ikke"), 2),
    ],
)
def test_a_refusal_has_the_exit_code_of_the_design(place, call, arguments, code):
    answer = call(*arguments)
    assert answer.code == code, answer
    assert answer.err.strip()
    assert answer.out == ""
    assert "Traceback" not in answer.err
    assert stored(call) == 0


def test_a_definition_with_a_mistake_fails_the_check(tmp_path, call):
    file = write_trial(tmp_path, TRIAL.replace("title =", "titel ="))
    answer = call("check", file)
    assert answer.code == 1
    assert "did you mean title?" in answer.err


def test_a_definition_that_is_not_toml_is_a_wrong_call(tmp_path, call):
    assert call("check", write_trial(tmp_path, "id = ")).code == 2


def test_a_store_of_a_newer_version_is_left_alone(measured, call):
    store = measured / ".htkeval" / "store.db"
    with sqlite3.connect(store) as raw:
        raw.execute("update htkeval_version set version_num = '9999_from_the_future'")
    raw.close()
    answer = call("status")
    assert answer.code == 1
    assert "newer" in answer.err


def test_a_store_that_is_not_a_store_is_the_machines_failure(measured, call):
    for file in (measured / ".htkeval").glob("store.db*"):
        file.write_bytes(b"this is not a database, and long enough to be looked at" * 40)
    answer = call("status")
    assert answer.code == 3
    assert "Traceback" not in answer.err


def test_a_demo_never_touches_a_folder_that_is_not_a_demo(tmp_path, call):
    folder = tmp_path / "mine"
    folder.mkdir()
    (folder / "vigtigt.txt").write_text("behold mig")
    answer = call("demo", folder)
    assert answer.code == 1
    assert (folder / "vigtigt.txt").read_text() == "behold mig"
    assert list(folder.iterdir()) == [folder / "vigtigt.txt"]


def test_a_workspace_is_not_made_twice(tmp_path, call):
    assert call("init", tmp_path / "w").code == 0
    answer = call("init", tmp_path / "w")
    assert answer.code == 1


def test_a_complaint_of_the_parser_is_danish_where_danish_is_spoken(place, capsys, monkeypatch):
    import subprocess
    import sys

    monkeypatch.setenv("HTKEVAL_LANG", "da")
    run = subprocess.run(
        [sys.executable, "-m", "htkeval", "chek"], capture_output=True, text=True, check=False
    )
    assert run.returncode == 2
    assert "Findes ikke: kommandoen chek; mente du check?" in run.stderr


def test_one_broken_definition_hides_no_other_trial(measured, call):
    write_trial(measured / "experiments" / "andet", "id = ")
    answer = call("status", "--format", "json")
    found = json.loads(answer.out)
    assert answer.code == 1
    assert [trial["trial"] for trial in found["trials"]] == ["proeve"]
    assert "text that is not TOML" in found["unreadable"][0]
    assert "text that is not TOML" in call().out


def test_two_trials_never_share_an_id(measured, call):
    write_trial(measured / "experiments" / "kopi", TO_COME)
    answer = call("register", "kopi")
    assert answer.code == 1
    assert "proeve" in answer.err


def test_a_port_that_is_taken_is_told_before_anything_starts(place, call):
    import socket

    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        answer = call("dashboard", "--port", taken.getsockname()[1])
    assert answer.code == 3
    assert "Choose another with --port" in answer.err
    assert answer.out == ""


@pytest.mark.parametrize("address", ["0.0.0.0", "192.168.1.4", "::"])
def test_the_dashboard_does_not_start_where_others_reach_it_and_nobody_logs_in(
    place, call, address, monkeypatch
):
    answer = call("dashboard", "--address", address)
    assert answer.code == 1
    assert "others can reach" in answer.err
    assert "configs/roles.toml" in answer.err
    for module in ("output", "speech", "failing"):
        monkeypatch.setattr(f"htkeval.cli.{module}.language", lambda: "da")
    answer = call("dashboard", "--address", address)
    assert "som andre kan nå" in answer.err


def scenario(place):
    from htkeval.resources import bundled

    folder = place / "experiments" / "fagbot"
    folder.mkdir()
    for name in ("trial.toml", "scenario.toml"):
        (folder / name).write_bytes((bundled("experiments") / "fagbot" / name).read_bytes())


def test_invented_rows_never_replace_a_file(place, call):
    scenario(place)
    (place / "maal.csv").write_text(GOOD, encoding="utf-8")
    (place / "mappe").mkdir()
    for name in ("maal.csv", "mappe"):
        answer = call("simulate", "fagbot", "-o", name)
        assert answer.code == 1
        assert f"file {name}: found something of that name already" in answer.err
    assert (place / "maal.csv").read_text(encoding="utf-8") == GOOD


@pytest.mark.parametrize("name", ["ingen/ny.csv", "maal.csv/ny.csv", "n" * 300 + ".csv"])
def test_invented_rows_that_cannot_be_written_are_said_in_words(place, call, name):
    scenario(place)
    (place / "maal.csv").write_text(GOOD, encoding="utf-8")
    answer = call("simulate", "fagbot", "-o", name)
    assert answer.code == 3
    assert f"file {name}: found " in answer.err
    assert "expected a file that can be written" in answer.err
    assert "Traceback" not in answer.err
