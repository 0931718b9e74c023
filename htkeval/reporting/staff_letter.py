"""The letter to those who are measured."""

from __future__ import annotations

from htkeval.reporting import letter_measures as measures
from htkeval.reporting import letter_words as common
from htkeval.reporting.letter import Block, Heading, Letter, Paragraph, Points
from htkeval.text import Text, say
from htkeval.trial import Trial

FORGOTTEN = say("If you forgot the clock, leave the field empty. A gap is better than a guess.")


def staff_letter(trial: Trial, *, decides: Text | str) -> Letter:
    """What does somebody who takes part need to know before it begins?

    Args:
        trial: The definition: the registered one, where there is a registration.
        decides: Who decides what the result leads to.
    """
    blocks: tuple[Block, ...] = (
        Paragraph(say("Dear colleague")),
        Paragraph(
            say(
                "From {start:d MMMM y} to {end:d MMMM y} you take part in a trial. It is to answer "
                "one question: {question}",
                start=trial.starts,
                end=trial.ends,
                question=trial.question,
            )
        ),
        Paragraph(
            say(
                "Here you can read what is measured and why, how you are protected, what happens "
                "afterwards, and whom you can ask."
            )
        ),
        *_why(trial),
        *_what(trial),
        Heading(say("How are you protected?")),
        Paragraph(say("It is the tool that is judged, not you.")),
        Points(common.protection(trial)),
        Heading(say("When?")),
        common.days(trial, afterwards=False),
        *_after(trial, decides),
        Heading(say("Whom can you ask?")),
        Points(
            (
                say("The trial lead: [FILL IN: name, telephone, e-mail]"),
                say("Your representative: [FILL IN: union or health and safety representative]"),
                say("About your data: [FILL IN: data protection officer, e-mail]"),
            )
        ),
        Paragraph(say("Kind regards")),
        Paragraph(say("[FILL IN: name and title of the sender]")),
    )
    return Letter(say('A letter to those who take part in "{title}"', title=trial.title), blocks)


def _why(trial: Trial) -> tuple[Block, ...]:
    return (
        Heading(say("Why do we do it?")),
        Paragraph(
            say(
                "We want to know whether it helps before it is decided to use it in more places. "
                "So the same kind of work is measured in two ways:"
            )
        ),
        common.ways(trial),
        Paragraph(common.chosen(trial)),
        Paragraph(common.size(trial)),
    )


def _what(trial: Trial) -> tuple[Block, ...]:
    stops = common.hard_stops(trial)
    return (
        Heading(say("What is measured?")),
        measures.measured(trial),
        Paragraph(measures.written_down(trial)),
        *((Paragraph(FORGOTTEN),) if trial.primary.source == "timed" else ()),
        *((Paragraph(stops),) if stops else ()),
    )


def _after(trial: Trial, decides: Text | str) -> tuple[Block, ...]:
    return (
        Heading(say("What happens afterwards?")),
        Paragraph(
            say(
                "The result is held against rules that were fixed beforehand, and {who} decides. "
                "The answer may also be that it does not help, or that we do not know yet.",
                who=decides,
            )
        ),
        *(Paragraph(text) for text in common.taken_home(trial)),
    )
