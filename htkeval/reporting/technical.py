"""Technical measurements in words: what was counted, what to know of it, and what it is not."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from htkeval.attachment import Attachment, Evidence, Tool, Withdrawal
from htkeval.local_day import local_day
from htkeval.reporting import technical_scores as scores
from htkeval.reporting import technical_survey as survey
from htkeval.reporting.numbers import number
from htkeval.reporting.sentences import listed, quoted
from htkeval.text import Text, say

HEADING = say("Technical measurements")
SAID = say("What people said of themselves")

MEANING = say(
    "These figures are about the tool itself. They say nothing of time saved, and the evidence "
    "level is the same without them."
)


SELF_REPORTED = say(
    "This is what people say of themselves. It is no measured time, and the evidence level is the "
    "same without it."
)

_KINDS: dict[Tool, Text] = {
    "wer": say("Recognised speech, {file}, attached on {day:d MMMM y}"),
    "inspect_ai": say("Log of inspect_ai, {file}, attached on {day:d MMMM y}"),
    "mlflow": say("Evaluation in MLflow, {file}, attached on {day:d MMMM y}"),
    "promptfoo": say("Tests by promptfoo, {file}, attached on {day:d MMMM y}"),
    "ragas": say("Metrics of ragas, {file}, attached on {day:d MMMM y}"),
    "forms": say("Answers to a form, {file}, attached on {day:d MMMM y}"),
    "odk": say("Time in a form of ODK, {file}, attached on {day:d MMMM y}"),
    "banded": say("Survey in bands, {file}, attached on {day:d MMMM y}"),
}


def meaning(one: Attachment) -> Text:
    """What an attachment's figures are, and what they are not."""
    return SELF_REPORTED if one.evidence == "self_reported" else MEANING


def sections(
    attached: Sequence[Attachment],
) -> tuple[tuple[Text, Text, tuple[Attachment, ...]], ...]:
    """Heading, what it is not, and what stands there: measurements first, then what people said."""
    kinds: tuple[tuple[Evidence, Text, Text], ...] = (
        ("technical", HEADING, MEANING),
        ("self_reported", SAID, SELF_REPORTED),
    )
    of = {kind: tuple(one for one in attached if one.evidence == kind) for kind, _, _ in kinds}
    return tuple((heading, told, of[kind]) for kind, heading, told in kinds if of[kind])


def named(one: Attachment) -> Text:
    """Which file, what kind of measurement, and when it was attached."""
    values = {"file": quoted(one.file), "day": local_day(one.at)}
    return say(_KINDS[one.tool].template, **values)


def happened(one: Attachment) -> Text:
    """That it was attached, for the list of what happened."""
    if one.evidence == "self_reported":
        return say("What people said, attached: {file}.", file=quoted(one.file))
    return say("Technical measurement attached: {file}.", file=quoted(one.file))


def taken_back(one: Withdrawal) -> Text:
    """That it was withdrawn, for the list of what happened."""
    return say("Attachment withdrawn: {file}. {why}", file=quoted(one.file), why=quoted(one.why))


def warnings(one: Attachment) -> tuple[Text, ...]:
    """What a reader has to know before the figures."""
    return tuple(flag.message for flag in one.flags)


def figures(one: Attachment) -> tuple[Text, ...]:
    """What was measured, a sentence each."""
    return _TOLD[one.tool](one)


def _word_errors(one: Attachment) -> tuple[Text, ...]:
    count = {score.name: number(score.value, 0) for score in one.scores}
    rate = say(
        "{rate} of 100 words were wrong: {errors} errors in {words} words ({substitutions} heard "
        "as others, {deletions} not heard, {insertions} heard though not said), in {utterances} "
        "utterances together.",
        rate=_hundredth(one.score("word_error_rate") or 0.0),
        **{name: count[name] for name in count if name != "word_error_rate"},
    )
    return rate, _interval(one), _normalisation(one)


def _interval(one: Attachment) -> Text:
    if isinstance(one.interval, tuple):
        low, high = map(_hundredth, one.interval)
        return say(
            "For speakers like these it is between {low} and {high} of 100 ({level:0} % interval, "
            "by {n} speakers).",
            low=low,
            high=high,
            level=100 * one.level,
            n=len(one.speakers),
        )
    reason = one.interval.message if one.interval else say("no interval")
    return say("There is {reason}.", reason=reason)


_STEPS = {
    "unicode NFC": say("letters in one form"),
    "lower case": say("lower case"),
    "punctuation removed": say("no punctuation"),
    "whitespace to one space": say("single spaces"),
}


def _normalisation(one: Attachment) -> Text:
    steps = listed([_STEPS.get(step, step) for step in one.normalisation])
    return say("Both texts were compared with {steps}.", steps=steps)


def _hundredth(rate: float) -> Text:
    return number(100 * rate, 1)


_TOLD: dict[Tool, Callable[[Attachment], tuple[Text, ...]]] = {
    "wer": _word_errors,
    "inspect_ai": scores.log,
    "mlflow": scores.run,
    "promptfoo": scores.tests,
    "ragas": scores.means,
    "forms": survey.form,
    "odk": survey.audit,
    "banded": survey.bands,
}
