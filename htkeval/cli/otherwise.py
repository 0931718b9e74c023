"""The same effect by other models, on a screen: the primary in a table, the rest in a line each."""

from __future__ import annotations

from htkeval.analysis import Analysis
from htkeval.cli.output import paragraph, print_table
from htkeval.effect import Sensitivity
from htkeval.reporting.labels import SCALES
from htkeval.reporting.numbers import number
from htkeval.reporting.sentences import as_text
from htkeval.reporting.words import COMPARED_ONLY, COMPARISON_ONLY, model_name
from htkeval.text import Text, say

ORDER = ("ratio", "difference", "probability", "odds_ratio")


def print_sensitivity(found: Analysis) -> None:
    """One row a model with every scale of the primary metric; then whether other figures turn."""
    primary = [one for one in found.sensitivity if one.metric == _primary(found)]
    if primary:
        _panel(primary)
    counted = [one for one in found.sensitivity if one.model not in COMPARISON_ONLY]
    rest = dict.fromkeys((one.metric, one.scale) for one in counted)
    for metric, scale in rest:
        if metric != _primary(found):
            paragraph(_line(metric, scale, counted))
    if found.sensitivity:
        paragraph(
            say(
                "Turns: another sign, or another answer to whether there is an effect or whether "
                "it is large enough."
            )
        )
    if any(one.model in COMPARISON_ONLY for one in found.sensitivity):
        paragraph(COMPARED_ONLY)


def _primary(found: Analysis) -> str | None:
    return next((one.metric for one in found.effects if one.role == "primary"), None)


def _panel(rows: list[Sensitivity]) -> None:
    scales = sorted({one.scale for one in rows}, key=ORDER.index)
    models: dict[str, dict[str, Sensitivity]] = {}
    for one in rows:
        models.setdefault(one.model, {})[one.scale] = one
    headers = [say("{metric} calculated otherwise", metric=rows[0].metric)]
    headers += [say("{scale}, interval", scale=SCALES[scale]) for scale in scales]
    body = [
        [as_text(model_name(name)), *(_cell(by.get(scale)) for scale in scales), _turns(name, by)]
        for name, by in sorted(models.items(), key=lambda one: one[0] in COMPARISON_ONLY)
    ]
    print_table([*headers, say("Turns it?")], body)


def _cell(one: Sensitivity | None) -> Text | str:
    """Estimate and interval; an exact test without an interval has its p-value."""
    if one is None:
        return "–"
    digits = 2 if one.scale == "difference" and max(map(abs, one.ci or (0.0,))) >= 1 else 3
    estimate = number(one.estimate, digits)
    if one.ci is None:
        return say("{estimate} (–), p {p:0.000}", estimate=estimate, p=one.p_value)
    low, high = (number(end, digits) for end in one.ci)
    return say("{estimate} ({low} to {high})", estimate=estimate, low=low, high=high)


def _turns(name: str, by: dict[str, Sensitivity]) -> Text:
    turning = [SCALES[scale] for scale, one in by.items() if one.flips]
    word = say("yes: {scales}", scales=tuple(turning))
    if not turning or len(turning) == len(by):
        word = say("yes") if turning else say("no")
    return Text("({word})", {"word": word}) if name in COMPARISON_ONLY else word


def _line(metric: str, scale: str, every: list[Sensitivity]) -> Text:
    mine = [one for one in every if (one.metric, one.scale) == (metric, scale)]
    turning = tuple(as_text(model_name(one.model)) for one in mine if one.flips)
    values = {"metric": metric, "scale": SCALES[scale], "n": len(mine), "k": len(turning)}
    if len(mine) == 1 and turning:
        return say("{metric}, {scale}: the other calculation turns it ({w}).", w=turning, **values)
    if len(mine) == 1:
        return say("{metric}, {scale}: the other calculation does not turn it.", **values)
    if not turning:
        return say("{metric}, {scale}: none of {n} other calculations turns it.", **values)
    return say(
        "{metric}, {scale}: {k} of {n} other calculations turn it ({which}).",
        which=turning,
        **values,
    )
