"""Sentences put together: one after another, in a list, and with counts in words."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date as Day

from htkeval.reporting.plain import shortened
from htkeval.text import Text, say
from htkeval.trial import Trial

COUNTS: tuple[Text, ...] = (
    say("none"),
    say("1"),
    say("two"),
    say("three"),
    say("four"),
    say("five"),
    say("six"),
    say("seven"),
    say("eight"),
    say("nine"),
    say("ten"),
    say("eleven"),
    say("twelve"),
)
"""One is a digit here: the word has a gender in Danish that depends on what is counted."""

COUNTS_FIRST: tuple[Text, ...] = (
    say("None"),
    say("One"),
    say("Two"),
    say("Three"),
    say("Four"),
    say("Five"),
    say("Six"),
    say("Seven"),
    say("Eight"),
    say("Nine"),
    say("Ten"),
    say("Eleven"),
    say("Twelve"),
)
"""The same at the start of a sentence."""


def count(n: int, *, first: bool = False) -> Text:
    """A small count as a word, a larger one in digits; `first` at the start of a sentence."""
    words = COUNTS_FIRST if first else COUNTS
    return words[n] if n < len(words) else Text(template="{n:#,##0}", values={"n": n})


def joined(parts: Sequence[Text]) -> Text:
    """Sentences one after the other."""
    values = {f"part{index}": part for index, part in enumerate(parts)}
    template = " ".join("{" + name + "}" for name in values)
    return Text(template=template, values={**values})


def in_sentences(parts: Sequence[Text]) -> Text:
    """Short words one after the other, a full stop between them and none after the last."""
    values = {f"part{index}": part for index, part in enumerate(parts)}
    return Text(template=". ".join("{" + name + "}" for name in values), values={**values})


def listed(items: Sequence[Text | str]) -> Text:
    """`a, b and c`."""
    texts = [as_text(item) for item in items]
    if len(texts) == 1:
        return texts[0]
    return say("{items} and {last}", items=tuple(texts[:-1]), last=texts[-1])


def quoted(words: str) -> Text:
    """Somebody's own words as a text; braces in them are not placeholders."""
    return Text(template="{words}", values={"words": words})


def as_text(words: Text | str) -> Text:
    """A text, or somebody's own words as one."""
    return words if isinstance(words, Text) else quoted(words)


def title(trial: Trial) -> Text:
    """A trial's title in a sentence or a list."""
    return quoted(shortened(trial.title, 90))


def area(trial: Trial) -> Text:
    """Where it was tried."""
    return quoted(shortened(trial.area, 60))


def task(trial: Trial) -> Text:
    """What one task is called, after "per"."""
    return quoted(shortened(trial.task_name.one, 40)) if trial.task_name else say("task")


def tasks(trial: Trial) -> Text:
    """What tasks are called, after a count."""
    return quoted(shortened(trial.task_name.many, 40)) if trial.task_name else say("tasks")


def tasks_first(trial: Trial) -> Text:
    """What tasks are called, at the start of a sentence."""
    if trial.task_name is None:
        return say("Tasks")
    many = shortened(trial.task_name.many, 40)
    return quoted(many[:1].upper() + many[1:])


def day_text(day: Day) -> Text:
    """A day as people write it."""
    return say("{day}", day=day)
