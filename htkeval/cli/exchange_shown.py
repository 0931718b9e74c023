"""How evidence of several municipalities is shown: tables for people, or one document."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from htkeval.cli.output import line, paragraph, print_csv, print_json, print_table, warn
from htkeval.cli.speech import words
from htkeval.text import Text, say

if TYPE_CHECKING:
    from htkeval.cli.printed.exchange import PackageLine
    from htkeval.evidence_package import EvidencePackage
    from htkeval.evidence_pool import PooledQuestion, Stratum
    from htkeval.steps.pool import Known

_LIST = (
    "question", "own", "trial", "municipality", "origin", "sha256", "design", "evidence_level",
    "analysed", "verdict", "stale", "simulated",
)  # fmt: skip
_POOL = (
    "question", "compared", "self_reported", "simulated", "row", "trial", "municipality", "origin",
    "evidence_level", "scale", "estimate", "low", "high", "level", "counts", "trials", "tau", "i2",
    "usable", "reason",
)  # fmt: skip


def show_list(known: Known, form: str) -> None:
    """Print what is here: `table`, `json` or `csv`."""
    lines = tuple(_lines(known))
    if form == "csv":
        print_csv([one.model_dump(mode="json") for one in lines], _LIST)
    elif form == "json":
        from htkeval.cli.printed.exchange import EvidenceList

        print_json(EvidenceList(packages=lines))
    else:
        _table(lines)
        for _, one in known.waiting:
            warn(one.reason.message)


def _lines(known: Known) -> Iterator[PackageLine]:
    for name, package in known.own.items():
        yield _line(package, name)
    for package in known.others:
        yield _line(package, None)


def _line(package: EvidencePackage, trial: str | None) -> PackageLine:
    from htkeval.cli.printed.exchange import PackageLine

    return PackageLine(
        question=package.question_id,
        own=trial is not None,
        trial=trial,
        municipality=package.municipality,
        origin=package.origin,
        sha256=package.sha256 if trial is None else None,
        design=package.comparison.kind,
        evidence_level=package.evidence_level,
        analysed=package.analysed,
        verdict=package.verdict,
        stale=package.stale,
        simulated=package.simulated,
    )


def _table(lines: tuple[PackageLine, ...]) -> None:
    from htkeval.reporting.designs import SHORT
    from htkeval.reporting.labels import VERDICTS

    if not lines:
        line(_NOTHING)
        return
    print_table(
        [say("Question"), say("Who"), say("Design"), say("Level"), say("Analysed"), say("Verdict"),
         say("Simulated")],
        [
            [
                one.question,
                _who(one),
                SHORT[one.design],
                say("{level} of 5", level=int(one.evidence_level[1:])),
                say("{day:d MMM y}", day=one.analysed),
                VERDICTS[one.verdict],
                say("yes") if one.simulated else say("no"),
            ]
            for one in sorted(lines, key=lambda one: (one.question, not one.own))
        ],
    )  # fmt: skip


_NOTHING = say(
    "Nothing yet: a trial of ours counts once it states question_id and is analysed; those of "
    "others come by `htkeval evidence import`."
)


def _who(one: PackageLine) -> Text | str:
    if one.own:
        return say("ours: {trial}", trial=one.trial)
    return one.municipality or say("not told ({origin})", origin=one.origin[:8])


def show_pool(questions: tuple[PooledQuestion, ...], form: str) -> None:
    """Print what is known of some questions: `table`, `json` or `csv`."""
    if form == "csv":
        print_csv([row for one in questions for row in _rows(one)], _POOL)
    elif form == "json":
        from htkeval.cli.printed.exchange import EvidencePool

        print_json(EvidencePool(questions=questions))
    else:
        for one in questions:
            _tell(one)
        if not questions:
            line(_NOTHING)


def _tell(question: PooledQuestion) -> None:
    from htkeval.reporting import pooled as said

    line(say("Question {name}", name=question.question))
    for stratum in question.strata:
        line(say("  {what}", what=said.heading(stratum)))
        print_table(said.HEAD, said.rows(stratum))
        for text in (*said.remarks(stratum), *said.conclusion(stratum)):
            paragraph(text)
        line("")
    for one in question.waiting:
        paragraph(say("Not among them: {reason}", reason=one.reason.message))


def _rows(question: PooledQuestion) -> Iterator[dict[str, Any]]:
    for stratum in question.strata:
        shared = {
            "question": question.question,
            **stratum.model_dump(include=set(_POOL) - {"trials", "reason"}),
        }
        for one in stratum.trials:
            yield {
                **shared,
                **one.model_dump(mode="json", include=set(_POOL) - {"reason"}),
                "row": "trial",
                "low": one.ci[0] if one.ci else None,
                "high": one.ci[1] if one.ci else None,
                "counts": one.reason is None,
                "reason": words(one.reason.message) if one.reason else None,
            }
        yield from _together(stratum, shared)


def _together(stratum: Stratum, shared: dict[str, Any]) -> Iterator[dict[str, Any]]:
    found = stratum.pooled
    if found is None:
        reason = words(stratum.reason.message) if stratum.reason else None
        yield {**shared, "row": "pooled", "usable": False, "reason": reason}
        return
    kept = {"estimate", "level", "tau", "i2", "usable", "trials"}
    low, high = found.ci
    yield {**shared, "row": "pooled", **found.model_dump(include=kept), "low": low, "high": high,
           "scale": "ratio"}  # fmt: skip
    if found.prediction is not None:
        low, high = found.prediction
        yield {**shared, "row": "next", "low": low, "high": high, "level": found.level,
               "scale": "ratio"}  # fmt: skip
    for one in found.without:
        yield {
            **shared, "row": "without", "origin": one.origin, "estimate": one.estimate,
            "low": one.ci[0], "high": one.ci[1], "level": found.level, "scale": "ratio",
            "tau": one.tau,
        }  # fmt: skip
