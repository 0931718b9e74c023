"""Scores of logs, runs, tests and metrics in words: each with what it rests on."""

from __future__ import annotations

from collections.abc import Iterator

from htkeval.attachment import Attachment, Score
from htkeval.reporting.numbers import number
from htkeval.reporting.sentences import listed, quoted
from htkeval.text import Text, say

COUNTS = ("passes", "failures", "errors")
_NAMED = "namedScores."


def log(one: Attachment) -> tuple[Text, ...]:
    """A log of inspect_ai."""
    who = {"task": quoted(one.task or "?"), "model": quoted(one.model or "?")}
    if not one.scores:
        return (say("{task} with the model {model}: no scores.", **who),)
    scores = [
        say(
            "{name} {value} ({scorer})",
            name=score.name,
            value=number(score.value, 3),
            scorer=score.scorer or "?",
        )
        for score in one.scores
    ]
    return (say("{task} with the model {model}: {scores}.", scores=listed(scores), **who),)


def run(one: Attachment) -> tuple[Text, ...]:
    """A run of MLflow: which, and a sentence a metric."""
    task = quoted(one.task or "?")
    if not one.scores:
        return (say("The evaluation {task}: no scores.", task=task),)
    return say("The evaluation {task}:", task=task), *map(_metric, one.scores)


def means(one: Attachment) -> tuple[Text, ...]:
    """A frame of ragas: a sentence a metric."""
    return tuple(map(_metric, one.scores)) or (say("No metric has a value."),)


def tests(one: Attachment) -> tuple[Text, ...]:
    """Results of promptfoo: all tests, each provider with each prompt, then what was spent."""
    wheres = dict.fromkeys(score.scorer for score in one.scores if score.scorer)
    told = [say("All tests: {came}", came=_came_to(_of(one, None)))]
    if len(wheres) > 1:
        for where in wheres:
            told.append(say("{who}: {came}", who=quoted(where), came=_came_to(_of(one, where))))
    return *told, *_named(one), *_spent(one)


def _of(one: Attachment, where: str | None) -> dict[str, float]:
    return {score.name: score.value for score in one.scores if score.scorer == where}


def _came_to(found: dict[str, float]) -> Text:
    count = {name: number(found.get(name, 0.0), 0) for name in COUNTS}
    return say(
        "{passes} of {all} passed, {failures} failed and {errors} ended in an error.",
        all=number(sum(found.get(name, 0.0) for name in COUNTS), 0),
        **count,
    )


def _named(one: Attachment) -> Iterator[Text]:
    for score in one.scores:
        if score.scorer and score.name.startswith(_NAMED):
            yield say(
                "{who}: {name} {value}.",
                who=quoted(score.scorer),
                name=quoted(score.name.removeprefix(_NAMED)),
                value=number(score.value, 3),
            )


def _spent(one: Attachment) -> Iterator[Text]:
    if tokens := one.score("tokens.total"):
        yield say("The answers took {n} tokens.", n=number(tokens, 0))
    if tokens := one.score("assertion_tokens.total"):
        yield say("Judging them took {n} tokens.", n=number(tokens, 0))
    if cost := one.score("cost_usd"):
        yield say("promptfoo reckons the cost at {n} US dollars.", n=number(cost, 2))


def _metric(score: Score) -> Text:
    name = quoted(f"{score.scorer}/{score.name}" if score.scorer else score.name)
    value = number(score.value, 3)
    if score.n is None:
        return say("{name}: {value}.", name=name, value=value)
    if not score.missing:
        return say("{name}: {value} (values: {n}).", name=name, value=value, n=number(score.n, 0))
    return say(
        "{name}: {value} (values: {n}, missing: {missing}).",
        name=name,
        value=value,
        n=number(score.n, 0),
        missing=number(score.missing, 0),
    )
