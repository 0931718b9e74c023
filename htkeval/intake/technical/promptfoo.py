"""What results of promptfoo say: passes, failures and errors by provider and prompt.

Its `results.json` of version 3 holds prompts, variables, outputs and reasons too; none is kept.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from htkeval.attachment import Flag, Measured, Score, flag
from htkeval.errors import Problem, SheetError
from htkeval.intake.technical.digest import digest
from htkeval.intake.technical.json_file import figure, inside, name_in, read_json
from htkeval.text import say

VERSION = 3
"""The only version that is read: in others the figures stand elsewhere."""

LONGEST_LABEL = 60
"""Characters of a prompt's label that is kept; a longer one is taken for the prompt itself."""

COUNTS = {"passes": "testPassCount", "failures": "testFailCount", "errors": "testErrorCount"}
"""What tests came to, and what promptfoo calls it by prompt."""
_TOTALS = {"passes": "successes", "failures": "failures", "errors": "errors"}
_TOKENS = ("total", "prompt", "completion", "cached")

_RESULTS = say("results.json of promptfoo, version 3")


def read_results(file: Path) -> Measured:
    """Read what `promptfoo eval -o results.json` or `promptfoo export` wrote.

    Raises:
        SheetError: The file is not so, of another version, or its counts are no counts.
    """
    document = read_json(file, _RESULTS)
    outer = document if isinstance(document, dict) else {}
    summary = inside(outer, "results") or outer
    _check_version(file, summary.get("version", outer.get("version")))
    prompts = summary.get("prompts")
    if not isinstance(prompts, list) or not prompts or not all(inside(p) for p in prompts):
        raise SheetError(Problem(file.name, say("no list of prompts"), _RESULTS))
    totals = _totals(file, inside(summary, "stats"))
    by_prompt = [_counts(file, prompt, n) for n, prompt in enumerate(prompts, start=1)]
    flags = tuple(_flags(totals, by_prompt))
    scores = (
        *(Score(name=name, value=float(n)) for name, n in totals.items()),
        *_spent(summary, prompts),
        *(one for n, prompt in enumerate(prompts) for one in _of(file, prompt, n, by_prompt[n])),
    )
    made = inside(outer, "metadata").get("promptfooVersion")
    return Measured(
        tool="promptfoo",
        file=file.name,
        sha256=digest(file),
        software=f"promptfoo {made}"[:40] if isinstance(made, str) and made else "promptfoo",
        scores=scores,
        complete=not flags,
        flags=flags,
    )


def _check_version(file: Path, version: Any) -> None:
    if version is None:
        raise SheetError(Problem(file.name, say("no version"), _RESULTS))
    if version != VERSION:
        step = say("Run the evaluation again with a promptfoo that writes version 3.")
        shown = str(version)[:20]
        raise SheetError(Problem(file.name, say("version {v}", v=shown), _RESULTS, step))


def _totals(file: Path, stats: Mapping[str, Any]) -> dict[str, int]:
    return {name: _count(file, f"stats.{key}", stats.get(key)) for name, key in _TOTALS.items()}


def _counts(file: Path, prompt: Mapping[str, Any], n: int) -> dict[str, int]:
    metrics = inside(prompt, "metrics")
    return {
        name: _count(file, f"prompts.{n}.metrics.{key}", metrics.get(key))
        for name, key in COUNTS.items()
    }


def _count(file: Path, place: str, value: Any) -> int:
    number = figure(value)
    if number is None or number < 0 or not number.is_integer():
        expected = say("a whole number from 0 up")
        raise SheetError(Problem(f"{file.name}: {place}", say("no number of tests"), expected))
    return int(number)


def _flags(totals: Mapping[str, int], by_prompt: Sequence[Mapping[str, int]]) -> Iterator[Flag]:
    if any(n != sum(one[name] for one in by_prompt) for name, n in totals.items()):
        yield flag("sums", say("The counts by prompt do not add up to the file's own totals."))
    if not sum(totals.values()):
        yield flag("no_scores", say("No test was run."))
    if n := totals["errors"]:
        yield flag(
            "failed_tests",
            say("Tests that ended in an error say nothing of the tool ({n:#,##0}).", n=n),
        )


def _spent(summary: Mapping[str, Any], prompts: Sequence[Mapping[str, Any]]) -> Iterator[Score]:
    """Tokens and cost, as promptfoo reckons them; those of its graders by themselves."""
    used = inside(summary, "stats", "tokenUsage")
    for name, tokens in (("tokens", used), ("assertion_tokens", inside(used, "assertions"))):
        for kind in _TOKENS:
            if value := figure(tokens.get(kind)):
                yield Score(name=f"{name}.{kind}", value=value)
    costs = [cost for prompt in prompts if (cost := figure(inside(prompt, "metrics").get("cost")))]
    if costs:
        yield Score(name="cost_usd", value=sum(costs))


def _of(
    file: Path, prompt: Mapping[str, Any], n: int, counts: Mapping[str, int]
) -> Iterator[Score]:
    """One prompt with one provider: what its tests came to, and its named scores."""
    who = _where(file, prompt, n)
    for name, found in counts.items():
        yield Score(scorer=who, name=name, value=float(found))
    metrics = inside(prompt, "metrics")
    sums, counted = inside(metrics, "namedScores"), inside(metrics, "namedScoresCount")
    weights = inside(metrics, "namedScoreWeights")
    for name, value in sums.items():
        by = figure(weights.get(name)) or figure(counted.get(name))
        total, number = figure(value), figure(counted.get(name))
        if total is not None and by and by > 0:
            named = f"namedScores.{name_in(file.name, f'prompts.{n + 1}.namedScores', name)}"
            n_of = int(number) if number else None
            yield Score(scorer=who, name=named, value=total / by, n=n_of)


_PATH = re.compile(r"^(?:file:|[./~]|[A-Za-z]:\\)")


def _where(file: Path, prompt: Mapping[str, Any], n: int) -> str:
    """Provider and prompt. Of a path the file alone is kept: folders may be named for people."""
    provider = prompt.get("provider")
    if isinstance(provider, dict):
        provider = provider.get("label") or provider.get("id")
    provider = name_in(file.name, f"prompts.{n + 1}.provider", provider)
    if _PATH.match(provider):
        provider = re.split(r"[\\/]", provider)[-1] or "?"
    return f"{provider}, {_label(prompt) or f'prompt {n + 1}'}"


def _label(prompt: Mapping[str, Any]) -> str | None:
    """A prompt's own short name; None where it is the prompt, or a part of it."""
    label, raw = prompt.get("label"), prompt.get("raw")
    if not isinstance(label, str) or not isinstance(raw, str):
        return None
    label, raw = " ".join(label.split()), " ".join(raw.split())
    if not label or len(label) > LONGEST_LABEL or label in raw or (raw and raw in label):
        return None
    return None if "{{" in label else label
