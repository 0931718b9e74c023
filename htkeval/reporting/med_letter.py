"""The item for the agenda of the consultation committee (MED)."""

from __future__ import annotations

from htkeval.finding import Finding
from htkeval.reporting import findings as found
from htkeval.reporting import letter_measures as measures
from htkeval.reporting import letter_words as common
from htkeval.reporting.letter import Block, Heading, Letter, Paragraph, Points, Rows
from htkeval.text import Text, say
from htkeval.trial import Trial


def med_letter(trial: Trial, *, decides: Text | str, findings: tuple[Finding, ...] = ()) -> Letter:
    """What must the committee know in order to discuss the trial, and what is it asked to decide?

    Args:
        trial: The definition: the registered one, where there is a registration.
        decides: Who decides what the result leads to.
        findings: What was found so far.
    """
    blocks: tuple[Block, ...] = (
        Paragraph(say("Case number: [FILL IN: case number]")),
        *_purpose(trial),
        *_measured(trial),
        *_consequences(trial, decides),
        *_data(trial),
        *_found(findings),
        Heading(say("Timetable")),
        common.days(trial),
        *_asked(),
        Heading(say("Contact")),
        Paragraph(say("The trial lead: [FILL IN: name, telephone, e-mail]")),
    )
    return Letter(say("For discussion: the trial {title}", title=trial.title), blocks)


def _purpose(trial: Trial) -> tuple[Block, ...]:
    return (
        Heading(say("Purpose")),
        Paragraph(
            say(
                "A trial ({area}) from {start:d MMMM y} to {end:d MMMM y} is to answer this "
                "question: {question} It is answered before it is decided to use the tool in more "
                "places.",
                area=trial.area,
                start=trial.starts,
                end=trial.ends,
                question=trial.question,
            )
        ),
        common.ways(trial),
        Paragraph(common.chosen(trial)),
    )


def _measured(trial: Trial) -> tuple[Block, ...]:
    stops = common.hard_stops(trial)
    return (
        Heading(say("What is measured")),
        measures.measured(trial),
        Paragraph(measures.written_down(trial)),
        *((Paragraph(stops),) if stops else ()),
    )


def _consequences(trial: Trial, decides: Text | str) -> tuple[Block, ...]:
    return (
        Heading(say("What it means for the employees")),
        Paragraph(common.size(trial)),
        Points(
            (
                say("Taking part: [FILL IN: voluntary or agreed, and what it means to say no]"),
                say("Time: [FILL IN: hours for training and for taking the time, and what gives]"),
                say(
                    "Notice and agreements: [FILL IN: what applies here where the measurement "
                    "counts as a control measure; ask HR]"
                ),
            )
        ),
        Paragraph(
            say(
                "Afterwards the result is held against rules that were fixed beforehand, and {who} "
                "decides. The answer may also be that it does not help, or that it is not known "
                "yet.",
                who=decides,
            )
        ),
        *(Paragraph(text) for text in common.taken_home(trial)),
    )


def _data(trial: Trial) -> tuple[Block, ...]:
    named = common.conditions(trial)
    return (
        Heading(say("Data protection")),
        Paragraph(say("It is the tool that is judged, not the single employee.")),
        Points(common.protection(trial)),
        *(
            (
                Paragraph(
                    say("Before the tool can be recommended for scaling, these must be in place:")
                ),
                Points(named),
            )
            if named
            else ()
        ),
    )


def _asked() -> tuple[Block, ...]:
    return (
        Heading(say("Decision asked for")),
        Paragraph(say("It is proposed that the committee")),
        Points(
            (
                say("discusses the trial, what is measured and how the employees are protected,"),
                say(
                    "agrees that the measurements are not used to judge or compare single "
                    "employees,"
                ),
                say(
                    "is shown the result when the trial has ended, before it is decided how a gain "
                    "is used."
                ),
            ),
            numbered=True,
        ),
        Paragraph(say("The committee's remarks: [FILL IN: at the meeting]")),
    )


def _found(findings: tuple[Finding, ...]) -> tuple[Block, ...]:
    """The register, where anything stands in it."""
    if not findings:
        return ()
    return (Heading(found.HEADING), Rows(found.HEAD, found.rows(findings)))
