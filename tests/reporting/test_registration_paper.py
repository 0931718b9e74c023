"""The registration on paper: every word that was frozen, the same bytes each time."""

from __future__ import annotations

import io
import re
import shutil
import subprocess
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from htkeval.decision import Actor
from htkeval.deviation import Change, Deviation
from htkeval.evaluation.estimand import estimand
from htkeval.looks import Limit
from htkeval.registration import Registration
from htkeval.reporting.promise import look_limit, looks, summary
from htkeval.reporting.registration_paper import printed
from htkeval.reporting.sheet_of_paper import FONTS
from htkeval.text import Language, render
from tests.dashboards.examples import trial

NOON = datetime(2026, 1, 5, 12, 30, tzinfo=UTC)
TRIAL = trial(
    exclusions=[{"rule": "task_time > 480", "reason": "Uret er ikke stoppet"}],
    covariates=[{"column": "møde_minutter", "scale": "log"}],
)


def promise(**changes: Any) -> Registration:
    plain: dict[str, Any] = {
        "definition": TRIAL,
        "method": "rerandomisation",
        "estimand": estimand(TRIAL),
        "policy": "2026-1",
        "policy_fingerprint": "b" * 64,
        "software": "htkeval 0.1.0",
        "fingerprint": "a1" * 32,
        "at": NOON,
        "by": Actor(name="Søren Ærø", known_by="declared"),
    }
    return Registration(**{**plain, **changes})


def deviation(seen: str, key: str = "analysis.seed") -> Deviation:
    return Deviation(
        what=("analysis",),
        why="Fejl i planen.",
        seen=seen,
        changes=(Change(key=key, before=1, after=2),),
        at=NOON,
        by="Ida",
    )


@cache
def plain(language: Language = "da") -> bytes:
    """A paper that several tests only read."""
    return paper(language)


def paper(language: Language = "da", *, deviations: Any = (), **changes: Any) -> bytes:
    return printed(
        promise(**changes),
        deviations,
        municipality="Høje-Taastrup Kommune",
        in_time=True,
        language=language,
    )


def read(content: bytes, tmp_path: Path) -> str:
    """The words of a paper, by a program that is not ours."""
    program = shutil.which("pdftotext")
    if program is None:
        pytest.skip("pdftotext is not installed")
    file = tmp_path / "paper.pdf"
    file.write_bytes(content)
    run = subprocess.run([program, "-layout", str(file), "-"], capture_output=True, check=True)
    return " ".join(run.stdout.decode().split())


def test_the_same_promise_gives_the_same_bytes():
    assert paper() == paper()
    assert plain() != paper(fingerprint="c3" * 32)
    assert plain("da") != plain("en")


def test_it_is_a_pdf_that_carries_its_fonts_and_its_language():
    content = plain()
    assert content.startswith(b"%PDF-1.")
    assert content.count(b"/FontFile2") == 2
    assert b"/Lang (da)" in content
    assert b"D:20260105123000" in content


def test_nothing_of_the_machine_stands_in_it():
    assert str(Path.cwd()).encode() not in plain()
    assert re.search(rb"/Producer \(([^)]*)\)", plain()) is None or b"fpdf" not in plain()


def test_the_fonts_have_every_letter_that_our_words_use():
    from fontTools.ttLib import TTFont

    from htkeval.locale.__main__ import merged

    for file in sorted(FONTS.glob("*.ttf")):
        known = TTFont(file).getBestCmap()
        letters = set("".join(merged("da").values())) | set("æøåÆØÅéüö–−»«“”’·§½²")
        missing = {letter for letter in letters if ord(letter) not in known and letter.isalpha()}
        assert missing <= {"Δ", "Σ", "σ", "τ", "χ", "ρ", "α", "ᵢ"}, file.name


@pytest.mark.parametrize("language", ["da", "en"])
def test_no_sign_in_what_is_said_of_looks_is_lost_on_paper(language: Language):
    """`≤` stands in no font of ours; and per cent is written in one way only."""
    from fontTools.ttLib import TTFont

    plan = trial(analysis={"looks": [0.25, 0.5, 1.0], "spending": [0.1, 0.4, 1.0]})
    limit = Limit(look=1, of=3, fraction=0.25, nominal_level=0.0031, possible=False)
    said = [render(text, language) for text in (looks(plan), look_limit(limit))]
    for file in FONTS.glob("*.ttf"):
        known = TTFont(file).getBestCmap()
        assert {sign for sign in "".join(said) if ord(sign) not in known} == set()
    assert said[0].count("%" if language == "en" else "pct.") == 2
    assert ("pct." in "".join(said)) != ("%" in "".join(said))


@pytest.mark.parametrize(
    ("language", "words"),
    [
        (
            "da",
            (
                "Høje-Taastrup Kommune",
                "Tale til tekst i mødereferater",
                "Søren Ærø låste dette den 5. januar 2026.",
                "Bliver et godkendt referat hurtigere færdigt uden flere fejl?",
                "12. januar 2026 til 10. april 2026",
                "Mindst 15 pct. mindre er det værd.",
                "Fejl pr. 1.000 ord: højst 1,0 dårligere.",
                "gentrækning af lodtrækningen. Sikkerhed: 95 pct.",
                "kolonnen »møde_minutter« (ved dens logaritme)",
                "(»task_time > 480«): Uret er ikke stoppet",
                "Forsøgslederen forventer 25 pct. mindre.",
                "Version 2026-1 (fingeraftryk bbbbbbbbbbbbbbbb).",
                "5. januar 2026 kl. 12.30 UTC",
                "Søren Ærø (efter egen oplysning)",
                "a1" * 16,
                "Side 1 af 2",
            ),
        ),
        (
            "en",
            (
                "Søren Ærø froze this on 5 January 2026.",
                "12 January 2026 to 10 April 2026",
                "At least 15 % less is worth having.",
                "every task counting the same",
                "Seed of the draws: 20260112.",
                "The trial lead expects 25 % less.",
                "5 January 2026, 12:30 UTC",
                "Page 1 of 2",
            ),
        ),
    ],
)
def test_every_word_of_the_promise_stands_on_it(tmp_path, language, words):
    said = read(plain(language), tmp_path).replace("\u00a0", " ")
    assert [text for text in words if text not in said] == []


def test_every_line_of_the_summary_stands_on_the_paper(tmp_path):
    """What `register` prints and what the case file holds are the same sentences."""
    whole = read(plain("en"), tmp_path)
    for one in summary(promise()):
        first = render(one.text, "en").split(". ")[0].split(" ")
        assert " ".join(first[:6]) in whole, first


def test_deviations_follow_in_a_section_of_their_own_red_where_figures_could_be_seen(tmp_path):
    before = read(plain("en"), tmp_path)
    assert "Deviations since then" not in before
    said = read(paper("en", deviations=(deviation("treatment"),)), tmp_path)
    assert "Deviations since then" in said
    assert "the seed of the draws (analysis.seed) from 1 to 2" in said
    assert "could have seen where it was going" in said
    red = _colours(paper(deviations=(deviation("treatment"),)))
    assert red - _colours(paper(deviations=(deviation("baseline"),))) != set()


def _colours(content: bytes) -> set[bytes]:
    """Every fill colour that the pages set."""
    import zlib

    streams = re.findall(rb"stream\r?\n(.*?)\r?\nendstream", content, re.S)
    drawn = b""
    for stream in streams:
        try:
            drawn += zlib.decompress(stream)
        except zlib.error:
            continue
    return set(re.findall(rb"[\d.]+ [\d.]+ [\d.]+ rg", drawn))


def test_the_day_until_which_people_are_known_stands_on_it_where_one_is_promised(tmp_path):
    kept = trial(retention={"until": "2027-12-31"})
    assert "Deltagerne er kendt til og med 31. december 2027" in read(
        paper(definition=kept), tmp_path
    )
    assert "er kendt til" not in read(plain(), tmp_path)


def test_a_late_or_simulated_promise_says_so(tmp_path):
    late = printed(promise(simulated=True), municipality="H", in_time=False, language="en")
    said = read(late, tmp_path)
    assert "Simulated figures." in said
    assert "not registered in time, for good" in said


@pytest.mark.campaign
def test_long_words_many_metrics_and_strange_letters_fit_on_pages(tmp_path):
    metrics = [metric.model_dump(mode="json") for metric in TRIAL.metrics]
    extra = [
        {**metrics[1], "id": f"m{n}", "label": f"Kvalitetsmål nummer {n} " + "æ" * 90}
        for n in range(60)
    ]
    big = trial(
        title="Bogstaver: Łódź 漢字 <b>*x*</b> " + "x" * 300,
        question="q" * 800,
        metrics=[*metrics, *extra],
    )
    long = deviation("treatment").model_copy(update={"why": "fordi " * 3000})
    content = printed(
        promise(definition=big), (long,), municipality="H" * 200, in_time=True, language="da"
    )
    assert content.count(b"/Type /Page\n") >= 4
    assert io.BytesIO(content).read(5) == b"%PDF-"
    said = read(content, tmp_path)
    assert "Bogstaver: Łódź ?? <b>*x*</b>" in said  # no sign is left out unseen
    assert "Kvalitetsmål nummer 59" in said
    assert said.count("fordi") == 3000
    assert "Efterprøvning Kommandoen htkeval verify" in said


def test_an_old_promise_without_method_estimand_or_policys_fingerprint_is_printed(tmp_path):
    said = read(
        paper("en", method=None, estimand=None, policy_fingerprint=None, software=None), tmp_path
    )
    assert "Reported by: not frozen." in said
    assert "Version 2026-1." in said
