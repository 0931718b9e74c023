"""Technical measurements on the page of a trial."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from htkeval.attachment import Attachment, Withdrawal, flag
from htkeval.text import say
from tests.dashboards import examples as x
from tests.dashboards.pages_on_nouns import text_of, trial

WER = {
    "tool": "wer",
    "file": "tale.csv",
    "normalisation": ("lower case",),
    "interval": (0.3, 0.5),
    "scores": [
        {"name": name, "value": value}
        for name, value in {
            "word_error_rate": 0.4,
            "errors": 40,
            "words": 100,
            "substitutions": 30,
            "deletions": 6,
            "insertions": 4,
            "utterances": 12,
        }.items()
    ],
}
LOG = {
    "tool": "inspect_ai",
    "file": "[klik](http://x.dk).eval",
    "complete": False,
    "status": "cancelled",
    "task": "sagsbehandling",
    "model": "mockllm/model",
    "scores": [{"name": "accuracy", "scorer": "match", "value": 2 / 3}],
    "flags": (
        flag(
            "cancelled",
            say("The evaluation was cancelled before its end: its scores are incomplete."),
        ),
    ),
}


def one(**fields: Any) -> Attachment:
    kept = {"sha256": "0" * 64, "software": "-", "complete": True, "event": 7, "by": "Ida"}
    return Attachment.model_validate({**kept, "at": x.NOON, **fields})


def speakers(n: int) -> list[dict[str, Any]]:
    return [
        {"number": k, "utterances": 2, "words": 20, "errors": 2 * k, "rate": k / 10}
        for k in range(1, n + 1)
    ]


def page(*attached: Attachment) -> Any:
    state = replace(x.full().trials[0], attachments=attached)
    return trial(x.portfolio(state), asked=state.trial.id)


def test_the_section_says_what_the_figures_are_and_that_they_are_no_evidence():
    shown = page(one(**WER, speakers=speakers(6)), one(**LOG))
    assert "Tekniske målinger" in [header.value for header in shown.header]
    text = text_of(shown)
    for words in (
        "De siger intet om sparet tid, og bevisniveauet er det samme uden dem.",
        "40,0 af 100 ord var forkerte: 40 fejl i 100 ord",
        "mellem 30,0 og 50,0 af 100 (95 %-interval, ud fra 6 talere)",
        "Evalueringen blev afbrudt, før den var færdig: dens resultater er ufuldstændige.",
        "sagsbehandling med modellen mockllm/model: accuracy 0,667 (match).",
        "Teknisk måling vedlagt: tale.csv.",
    ):
        assert words in text, words


RUN = {
    "tool": "mlflow",
    "file": "0" * 32,
    "task": "sagsbehandling",
    "scores": [{"name": "mean", "scorer": "safety", "value": 0.5, "n": 3, "missing": 1}],
}
TESTS = {
    "tool": "promptfoo",
    "file": "results.json",
    "scores": [
        *({"name": name, "value": n} for name, n in {"passes": 4, "failures": 3}.items()),
        {"name": "passes", "scorer": "openai:gpt-4o, prompt 1", "value": 4},
        {"name": "failures", "scorer": "lokal, prompt 2", "value": 3},
        {"name": "cost_usd", "value": 0.75},
    ],
}
FORM = {
    "tool": "forms",
    "evidence": "self_reported",
    "file": "svar.xlsx",
    "scores": [{"name": "persons", "value": 17}],
    "questions": [
        {
            "number": 1,
            "text": "Er du [glad](http://x.dk)?",
            "several": False,
            "answers": [{"text": "ja", "n": 11}],
            "others": 6,
        }
    ],
}
BANDED = {
    "tool": "banded",
    "evidence": "self_reported",
    "file": "baand.csv",
    "scores": [{"name": "mean.at_least", "value": 1}, {"name": "mean.at_most", "value": 11}],
}


def test_measurements_and_what_people_say_stand_apart_each_with_what_it_is_not():
    shown = page(one(**FORM), one(**RUN), one(**TESTS), one(**BANDED))
    headers = [header.value for header in shown.header]
    assert headers.index("Tekniske målinger") + 1 == headers.index("Hvad folk selv siger")
    text = text_of(shown)
    for words in (
        "safety/mean: 0,500 (værdier: 3, mangler: 1).",
        "Alle test: 4 af 7 bestod, 3 bestod ikke, og 0 endte med en teknisk fejl.",
        "lokal, prompt 2: 0 af 3 bestod, 3 bestod ikke",
        "promptfoo opgør prisen til 0,75 amerikanske dollar.",
        "Det er, hvad folk selv siger. Det er ikke målt tid",
        '"ja": 11; et andet svar eller intet: 6.',
        "Det gennemsnitlige svar ligger fra 1,0 til 11,0 minutter.",
        "Hvad folk selv siger, vedlagt: svar.xlsx.",
    ):
        assert words in text, words
    assert "[glad](" not in "\n".join(element.value for element in shown.markdown)


def test_what_was_withdrawn_is_told_in_the_history_alone():
    gone = Withdrawal(event=9, withdraws=7, file="tale.csv", why="forkert fil", at=x.NOON, by="Ida")
    state = replace(x.full().trials[0], withdrawn=(gone,))
    shown = trial(x.portfolio(state), asked=state.trial.id)
    assert "Bilag trukket tilbage: tale.csv. forkert fil" in text_of(shown)
    assert "Tekniske målinger" not in [header.value for header in shown.header]


@pytest.mark.parametrize("n", [0, 4, 6])
def test_nothing_is_told_of_the_best_heard_speaker_or_the_worst(n):
    assert "Fra taler til taler" not in text_of(page(one(**WER, speakers=speakers(n))))


def test_a_files_name_never_becomes_a_link():
    raw = "\n".join(element.value for element in page(one(**LOG)).markdown)
    assert r"\[klik\]\(" in raw
    assert "[klik](" not in raw


def test_a_trial_without_any_has_no_such_section():
    assert "Tekniske målinger" not in [header.value for header in page().header]
