"""A package from outside: read where everything about it is right, else refused with a sentence."""

from __future__ import annotations

import json
import os
from copy import deepcopy
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from htkeval.errors import EnvironmentFailed, Refused, UsageError
from htkeval.evidence_package import EvidencePackage, as_written, file_bytes, seal
from htkeval.intake.evidence_file import LARGEST, files_of, read
from tests.packages import digest, document, package, resealed, write


def said(file: Path, content: bytes) -> str:
    """Why a file is refused."""
    file.write_bytes(content)
    with pytest.raises(Refused) as failed:
        read(file)
    return failed.value.message("en")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "a.evidence.json"


def test_what_was_written_is_read_again(file):
    one = package()
    found = read(write(file, one))
    assert found.package == one
    assert seal(found.content) == one.sha256


def test_the_fingerprint_is_sha256_over_sorted_json_without_spaces(file):
    """By the standard library alone, as another program would work it out."""
    from hashlib import sha256

    content = json.loads(write(file, package()).read_text("utf-8"))
    named = content.pop("sha256")
    text = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    assert sha256(text.encode()).hexdigest() == named


def test_the_same_package_is_the_same_bytes_and_another_layout_the_same_package(file):
    assert file_bytes(package()) == file_bytes(package())
    file.write_text("\ufeff" + json.dumps(document(), indent=7), encoding="utf-8")
    assert read(file).package == package()


def test_its_schema_takes_it_and_refuses_an_unknown_key():
    import jsonschema

    from htkeval.resources import PACKAGE

    text = (PACKAGE / "schemas" / "evidence_package.schema.json").read_text("utf-8")
    check = jsonschema.Draft202012Validator(json.loads(text))
    check.validate(document())
    assert not check.is_valid({**document(), "rows_of_people": []})
    assert set(check.schema["required"]) >= {"sha256", "question_id", "effects", "versions"}


def test_a_changed_byte_is_told(file):
    content = file_bytes(package()).replace(b'"rows": 120', b'"rows": 121')
    assert "something was changed on the way" in said(file, content)


def test_a_newer_form_asks_for_an_update_even_where_the_rest_is_unknown(file):
    newer = {"kind": "evidence_package", "schema": 2, "whatever": [1]}
    assert "made by a newer htkeval" in said(file, json.dumps(newer).encode())
    enormous = {"kind": "evidence_package", "schema": 10**30}
    assert "made by a newer htkeval" in said(file, json.dumps(enormous).encode())


@pytest.mark.parametrize("version", [0, -1, 1.0, True, "1", None])
def test_another_version_is_not_known(file, version):
    changed = resealed({**document(), "schema": version})
    assert "a version that this htkeval does not know" in said(file, changed)


NUMBERS = {
    b"NaN": "NaN, which is no number",
    b"-Infinity": "-Infinity, which is no number",
    b"1e999": "too large or too long",
    b"1" * 5_000: "too large or too long",
    b"-2e400": "too large or too long",
}


@pytest.mark.parametrize("written", NUMBERS, ids=lambda number: number[:9].decode())
def test_what_is_no_number_is_told(file, written):
    content = file_bytes(package()).replace(b'"rows": 120', b'"rows": ' + written)
    assert NUMBERS[written] in said(file, content)


HOSTILE = {
    b"": "something that is no JSON",
    b"\xff\xfe{}": "bytes that are not UTF-8",
    b"[]": "something that is no object",
    b"{}": "something else than a package",
    b'{"kind": "evidence_package"}': "a version that this htkeval does not know",
    b'{"a": 1, "a": 2}': "a key that stands twice",
    b"[" * 400_000: "lists inside lists",
    b'{"a":' * 150_000: "lists inside lists",
    b"[" * 500 + b"]" * 500: "lists inside lists",
    b'{"a":' + b"[" * 500 + b"]" * 500 + b"}": "lists inside lists",
    b"[" * 10_000_000: "more than 1,000,000 bytes",
    b'{"kind": "evidence_package", "schema": 1, "sha256": "\\ud800"}': "does not fit",
    b'{"kind": "evidence_package", "schema": 1, "area": "\\ud800"}': "signs that no screen shows",
}


@pytest.mark.parametrize("content", HOSTILE, ids=lambda content: f"{content[:12]!r}x{len(content)}")
def test_hostile_files_are_refused_with_a_sentence(file, content):
    assert HOSTILE[content] in said(file, content)


def change(path: str, value: object) -> dict:
    """A package in which one value is another; `effects.0.level`."""
    content = deepcopy(document())
    place = content
    *way, last = path.split(".")
    for key in way:
        place = place[int(key) if key.isdigit() else key]
    place[int(last) if last.isdigit() else last] = value
    return content


DISAGREES = [
    ("effects.0.estimate", 2.0, "the estimate is outside its interval"),
    ("effects.0.ci", [-0.1, 0.9], "a ratio is above nought"),
    ("effects.0.ci", [0.9, 0.7], "the wrong way round"),
    ("effects.0.level", 1.0, "a level is between 0 and 1"),
    ("effects.0.look", {"k": 1, "of": 2, "nominal_level": 0}, "a level is between 0 and 1"),
    ("effects.0.look", {"names": 1}, "a level is between 0 and 1"),
    ("effects.0.baseline.tasks", -3, "a count below nought"),
    ("effects.0.better", "higher", "disagree"),
    ("effects.0.metric", "errors", "not among the measures"),
    ("measures", [], "cannot stand there"),
    ("comparison.kind", "before_after", "design before_after is never randomised"),
    ("comparison.randomised", False, "evidence level E4 of a design and a way of measuring"),
    ("registered_in_time", False, "that reach E3"),
    ("evidence_level", "E5", "that reach E4"),
    ("evidence_level", "E9", "cannot stand there"),
    ("ends", "2026-01-01", "ends is before starts"),
    ("analysed", "2026-02-30", "cannot stand there"),
    ("rows", -1, "cannot stand there"),
    ("rows", "120", "cannot stand there"),
    ("effects.0.p_value", 0, "cannot stand there"),
    ("effects.0.p_value", True, "cannot stand there"),
    ("effects.0.draws", 3, "an unknown key"),
    ("people", ["Mette"], "an unknown key"),
    ("question_id", "../x", "cannot stand there"),
    ("origin", "A" * 64, "cannot stand there"),
    ("failed", ["<script>"], "cannot stand there"),
    ("population.area", "en\nto", "cannot stand there"),
    ("population.area", "x" * 501, "cannot stand there"),
    ("population.area", "ring 20 30 40 50", "a Danish telephone number"),
    ("population.area", "sag 010203-1234", "CPR number"),
    ("measures.0.label", "bo@eksempel.dk", "an e-mail address"),
    ("municipality", "Ros\x1b[31mkilde", "signs that no screen shows"),
    ("municipality", "Ros\u202ekilde", "signs that no screen shows"),
]


@pytest.mark.parametrize(("path", "value", "sentence"), DISAGREES)
def test_what_cannot_be_is_told_though_the_fingerprint_fits(file, path, value, sentence):
    told = said(file, resealed(change(path, value)))
    assert sentence in told
    assert str(value) not in told or len(str(value)) < 3 or path == "comparison.kind"


def test_a_missing_key_is_told_by_name(file):
    content = document()
    del content["versions"]
    assert "versions" in said(file, resealed(content))


def test_a_confirmatory_figure_stands_once_and_is_of_the_primary_measure(file):
    content = document()
    content["effects"].append(content["effects"][0])
    assert "exactly one effect" in said(file, resealed(content))


def test_many_values_are_refused_before_each_is_looked_at(file):
    content = document()
    content["effects"][0]["inference"] = [0] * 300_000
    assert "more than 20,000 values" in said(file, resealed(content))


def test_a_name_of_the_list_is_refused_and_not_repeated(file):
    write(file, package(population={
        "area": "Hos Mette", "technology": "other", "task": None, "size": None,
    }))  # fmt: skip
    with pytest.raises(Refused) as failed:
        read(file, names=frozenset({"mette"}))
    assert "a name of the list of names" in str(failed.value)
    assert "Mette" not in str(failed.value)


def test_what_is_no_plain_file_is_never_opened(tmp_path, file):
    """A pipe nobody writes to would wait for ever, a link may lead anywhere."""
    real = write(tmp_path / "real", package())
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "link").symlink_to(real)
    (tmp_path / "ring").symlink_to(tmp_path / "ring")
    (tmp_path / "inside").symlink_to(tmp_path)
    for name in ("pipe", "link", "ring", "inside", ""):
        with pytest.raises(Refused, match="something else than a plain file"):
            read(tmp_path / name)
    with pytest.raises(Refused, match="something else than a plain file"):
        read(Path("/dev/zero"))


def test_what_is_not_there_is_a_wrong_call(tmp_path):
    for name in ("none", "a\0b"):
        with pytest.raises(UsageError, match="no such file"):
            read(tmp_path / name)
    with pytest.raises(UsageError, match="no package in it"):
        files_of((tmp_path,))
    with pytest.raises(EnvironmentFailed):
        read(tmp_path / ("x" * 300))


def test_a_folder_stands_for_its_packages(tmp_path):
    for name in ("b.evidence.json", "a.evidence.json", "SHA256SUMS"):
        (tmp_path / name).touch()
    assert [one.name for one in files_of((tmp_path, tmp_path / "x"))] == [
        "a.evidence.json", "b.evidence.json", "x",
    ]  # fmt: skip


WHOLE = file_bytes(package("whole", municipality="Ærø Kommune"))
THE_SAME = as_written(EvidencePackage.model_validate_json(WHOLE))

edits = st.lists(
    st.tuples(st.integers(0, len(WHOLE)), st.binary(max_size=6), st.integers(0, 6)),
    min_size=1,
    max_size=4,
)


def survives(folder: Path, changed: bytes) -> None:
    """Whatever came of a package is refused with a sentence, or says the same."""
    file = folder / "fuzzed"
    file.write_bytes(changed)
    found = outcome(file)
    assert found is None or as_written(found) == THE_SAME


def outcome(file: Path) -> EvidencePackage | None:
    """What a file says; None where it is refused in both languages. Anything else is a failure."""
    try:
        return read(file).package
    except Refused as failed:
        told = failed.message("da"), failed.message("en")
    assert all(told)
    return None


def edited(changes: list[tuple[int, bytes, int]]) -> bytes:
    content = WHOLE
    for place, new, gone in changes:
        content = content[:place] + new + content[place + gone :]
    return content


@given(edits)
@settings(max_examples=150)
def test_changed_bytes_are_refused_or_say_the_same(tmp_path_factory, changes):
    survives(tmp_path_factory.getbasetemp(), edited(changes))


@pytest.mark.campaign
@given(edits | st.lists(st.tuples(st.integers(0, len(WHOLE)), st.sampled_from([
    b"1e999", b"NaN", b"[" * 3000, b"\\ud800", b"{}", b'"', b"null", b"9" * 5000, b"\xff",
]), st.integers(0, 40)), min_size=1, max_size=3))  # fmt: skip
@settings(max_examples=20_000)
def test_many_changed_bytes_are_refused_or_say_the_same(tmp_path_factory, changes):
    survives(tmp_path_factory.getbasetemp(), edited(changes))


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=8) | st.sampled_from([digest("x"), "E5", "2026-01-01", "ratio"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=5,
)  # fmt: skip


@given(st.sampled_from(sorted(THE_SAME)), values)
@settings(max_examples=100)
def test_any_value_in_any_place_is_refused_or_a_package(tmp_path_factory, key, value):
    """With a fingerprint that fits: what a hostile sender could write."""
    file = tmp_path_factory.getbasetemp() / "forged"
    try:
        file.write_bytes(resealed({**THE_SAME, key: value}))
    except UnicodeEncodeError:
        return
    outcome(file)


def test_the_limit_is_far_above_any_package():
    assert len(WHOLE) < LARGEST / 100
