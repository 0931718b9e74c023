"""The committee's paper as people ask for it: written, kept, and taken along by a decision."""

from __future__ import annotations

import csv
import io
import json
from hashlib import sha256
from pathlib import Path

import jsonschema
import pytest

from htkeval.decision import Decision
from htkeval.resources import PACKAGE
from htkeval.store import blobs
from htkeval.tracking.from_event import publications
from tests.cli.test_deviations import events
from tests.cli.test_verify import failed


@pytest.fixture(autouse=True)
def quick_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    """How pages are drawn is shown in tests/reporting; here a page is what it says."""
    from htkeval.reporting.paper import files

    def drawn(paper: object, form: str, language: str) -> bytes:
        return f"{form} {language} {paper.fingerprint}".encode()  # type: ignore[attr-defined]

    monkeypatch.setattr(files, "file", drawn)


def fits(found: object, name: str) -> None:
    schema = json.loads((PACKAGE / "schemas" / f"{name}.schema.json").read_text("utf-8"))
    jsonschema.Draft202012Validator(schema).validate(found)


def listed(call) -> list[dict]:
    found = json.loads(call("paper", "--format", "json").out)
    fits(found, "papers")
    return found["papers"]


def test_writing_a_paper_stores_nothing(analysed, call):
    before = len(events(analysed))
    answer = call("paper", "proeve", "-o", "papir.pdf", "--lang", "en")
    assert answer.code == 0, answer.err
    assert "What it says has the fingerprint" in answer.out
    assert Path("papir.pdf").read_bytes().startswith(b"pdf en ")
    assert len(events(analysed)) == before
    assert listed(call) == []


def test_a_paper_that_is_kept_is_an_event_with_its_bytes(analysed, call):
    assert call("paper", "proeve", "-o", "papir.docx", "--keep").code == 0
    (kept,) = listed(call)
    assert (kept["id"], kept["format"], kept["trial"]) == ("P1", "docx", "proeve")
    content = Path("papir.docx").read_bytes()
    assert kept["sha256"] == sha256(content).hexdigest()
    assert blobs.read(analysed / ".htkeval" / "blobs", kept["sha256"]) == content
    assert failed(call) == set()
    again = call("paper", "--kept", "p1", "-o", "igen.docx")
    assert again.code == 0, again.err
    assert Path("igen.docx").read_bytes() == content


def test_the_same_paper_is_kept_once_and_every_format_shares_its_fingerprint(analysed, call):
    for more in (("--format", "pdf"), ("--format", "pdf"), ("--format", "html", "--lang", "en")):
        assert call("paper", "proeve", *more, "--keep").code == 0
    kept = listed(call)
    assert [one["id"] for one in kept] == ["P1", "P2"]
    assert len({one["content"] for one in kept}) == 1


def test_a_decision_takes_the_newest_paper_on_its_analysis_along(analysed, call):
    assert call("gate", "proeve", "dpia", "--state", "closed").code == 0
    assert call("paper", "--portfolio", "--format", "pdf", "--keep").code == 0
    for form in ("pdf", "docx"):
        assert call("paper", "proeve", "--format", form, "--keep").code == 0
    assert call("paper", "--portfolio", "--since", "last", "--format", "pdf", "--keep").code == 0
    assert call("decide", "proeve", "--outcome", "go", "--reason", "Det virker").code == 0
    event = events(analysed, "decision")[-1]
    signed, kept = Decision.kept(event.payload), listed(call)
    assert signed.paper == kept[1]["content"] == kept[2]["content"]
    assert {(one.format, one.sha256) for one in signed.papers} == {
        (one["format"], one["sha256"]) for one in kept[1:3]
    }
    (run,) = publications(event, "Prøve")
    assert [one.name for one in run.artifacts if one.name.startswith("paper")] == [
        "paper-en.docx", "paper-en.pdf",
    ]  # fmt: skip
    assert run.params["paper"] == signed.paper
    assert failed(call) == set()


def test_a_decision_without_a_paper_is_as_before(analysed, call):
    assert call("decide", "proeve", "--outcome", "prolong", "--reason", "Mere tid").code == 0
    event = events(analysed, "decision")[-1]
    assert Decision.kept(event.payload).papers == ()
    (run,) = publications(event, "Prøve")
    assert not any(one.name.startswith("paper") for one in run.artifacts)
    older = {k: v for k, v in event.payload.items() if k not in ("paper", "papers")}
    assert Decision.kept(older).paper is None


def test_what_a_paper_says_is_a_document(analysed, call):
    answer = call("paper", "proeve", "--format", "json", "--lang", "da")
    found = json.loads(answer.out)
    fits(found, "paper")
    assert next(one["heading"] for one in found["sections"]) == "Resumé"
    assert found["sections"][-2]["blocks"][0]["text"].startswith("Administrationen indstiller, at")


def test_the_list_is_also_csv_and_a_table(analysed, call):
    assert call("paper", "--portfolio", "--format", "html", "--keep", "--as", "Ida").code == 0
    (row,) = csv.DictReader(io.StringIO(call("paper", "--format", "csv").out))
    assert (row["id"], row["kind"], row["by"], row["trial"]) == ("P1", "portfolio", "Ida", "")
    assert "P1" in call("paper").out


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (("proeve",), 2, "-o"),
        (("proeve", "--portfolio", "-o", "x.pdf"), 2, "TRIAL, --portfolio"),
        (("-o", "x.pdf"), 2, "TRIAL, --portfolio"),
        (("--format", "pdf"), 2, "TRIAL, --portfolio"),
        (("proeve", "-o", "x.odt"), 2, ".docx"),
        (("proeve", "--format", "pdf", "-o", "x.html"), 2, ".pdf"),
        (("proeve", "--format", "csv"), 2, "docx"),
        (("proeve", "--since", "2026-01-01", "-o", "x.pdf"), 2, "--portfolio"),
        (("--portfolio", "--since", "snart", "-o", "x.pdf"), 2, "last"),
        (("--portfolio", "--since", "2999-01-01", "-o", "x.pdf"), 2, "--since"),
        (("--portfolio", "--since", "last", "-o", "x.pdf"), 1, "--keep"),
        (("ukendt", "-o", "x.pdf"), 2, "proeve"),
        (("--kept", "P9", "-o", "x.pdf"), 1, "P9"),
        (("--kept", "P9"), 2, "-o"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_is_stored(analysed, call, arguments, code, words):
    before = len(events(analysed))
    answer = call("paper", *arguments)
    assert answer.code == code, answer.err
    assert words in answer.err
    assert "Traceback" not in answer.err
    assert len(events(analysed)) == before
    assert not any(Path(name).exists() for name in ("x.pdf", "x.odt", "x.html"))


def test_a_file_that_is_there_is_left_alone(analysed, call):
    Path("papir.pdf").write_text("mit")
    assert call("paper", "proeve", "-o", "papir.pdf", "--keep").code == 1
    assert Path("papir.pdf").read_text() == "mit"
    assert listed(call) == []


def test_a_template_that_names_somebody_is_refused(analysed, call):
    file = analysed / "configs" / "paper.toml"
    from htkeval.resources import bundled

    text = (bundled("configs") / "paper.toml").read_text("utf-8")
    file.write_text(text.replace('# about = "…"  ', 'about = "Ring til 0101011234"  ', 1), "utf-8")
    answer = call("paper", "proeve", "-o", "x.pdf")
    assert answer.code == 1
    assert "paper.toml" in answer.err
    assert "0101011234" not in answer.err


def test_a_template_with_a_part_that_nobody_knows_is_told(analysed, call):
    (analysed / "configs" / "paper.toml").write_text('order = ["forside"]\n', "utf-8")
    answer = call("paper", "proeve", "-o", "x.pdf")
    assert answer.code == 1
    assert "paper.toml, order" in answer.err


def test_the_answers_are_danish_too(analysed, call, monkeypatch):
    for module in ("htkeval.cli.output", "htkeval.cli.speech"):
        monkeypatch.setattr(f"{module}.language", lambda: "da")
    assert "Intet papir er gemt endnu" in call("paper").out
    answer = call("paper", "proeve", "-o", "papir.pdf", "--keep")
    assert "Skrevet til papir.pdf." in answer.out
    assert "Gemt som P1" in answer.out
