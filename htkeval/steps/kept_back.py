"""What of a snapshot leaves the house: labels for names, weeks for days, nothing of few people."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from htkeval.small_cells import FEWEST, small
from htkeval.text import Text, say
from htkeval.trial import Trial

if TYPE_CHECKING:
    import pyarrow as pa

Words = list[str | None]
_PERIODS: tuple[tuple[Text, Callable[[date], date]], ...] = (
    (say("the day"), lambda day: day),
    (say("the Monday of its week"), lambda day: day - timedelta(days=day.weekday())),
    (say("the first day of its month"), lambda day: day.replace(day=1)),
)
"""How a day is told, the finest first."""


@dataclass(frozen=True)
class KeptBack:
    """Rows as they may leave, and what was done to them."""

    table: pa.Table
    """The rows; people, teams and tasks under labels."""
    told: tuple[Text, ...]
    """What was changed or held back, a sentence a column."""


def keep_back(trial: Trial, table: pa.Table) -> KeptBack:
    """Take out of a snapshot what few people could be found by.

    Labels are given in the order of the names, so that the rows stand in the same order as before.
    A word that fewer than five people have is left out, with others of its column until five
    people have none. Days become weeks, or months, where fewer than five people worked on one.

    Args:
        trial: The definition.
        table: A snapshot: people are P001, P002, … already.
    """
    import pyarrow as pa

    design, told = trial.design, []
    people = _column(table, design.participant)
    made = {name: table.column(name) for name in table.column_names}
    raters = {metric.rater for metric in trial.metrics if metric.rater}
    labelled: dict[str | None, str] = {design.task: "T", **dict.fromkeys(raters, "R")}
    if trial.cluster_column == design.team:
        labelled[design.team] = "H"
    for name in table.column_names:
        if name in (design.arm, design.participant) or not pa.types.is_string(made[name].type):
            continue
        words: Words = made[name].to_pylist()
        if name in labelled:
            made[name] = pa.array(_labels(words, labelled[name]), pa.string())
            told.append(say("{column}: labels in place of names.", column=name))
        elif name == design.date:
            days, how = _coarser(words, people)
            made[name] = pa.array(days, pa.string())
            told.append(say("{column}: {how}.", column=name, how=how))
        elif (left := _without_few(words, people)) != words:
            made[name] = pa.array(left, pa.string())
            told.append(
                say(
                    "{column}: words that fewer than five people have were left out, with others "
                    "until five people have none.",
                    column=name,
                )
            )
    return KeptBack(pa.table(made), tuple(told))


def _column(table: pa.Table, name: str | None) -> Words:
    """Whose each row is; where nobody is named, each row may be another person."""
    if name is None or name not in table.column_names:
        return [str(row) for row in range(table.num_rows)]
    found: Words = table.column(name).to_pylist()
    return found


def few_in_an_arm(trial: Trial, table: pa.Table) -> bool:
    """Whether an arm has rows of one to four people."""
    who = _by(table.column(trial.design.arm).to_pylist(), _column(table, trial.design.participant))
    return any(small(len(people)) for people in who.values())


def _by(words: Sequence[str | None], people: Words) -> dict[str, set[str]]:
    """By word: who has it."""
    found: dict[str, set[str]] = defaultdict(set)
    for word, who in zip(words, people, strict=True):
        if word is not None and who is not None:
            found[word].add(who)
    return found


def _labels(words: Words, letter: str) -> Words:
    """T001, T002, … in the order of the names."""
    names = sorted({word for word in words if word is not None})
    width = max(3, len(str(len(names))))
    called = {name: f"{letter}{place:0{width}d}" for place, name in enumerate(names, start=1)}
    return [None if word is None else called[word] for word in words]


def _coarser(words: Words, people: Words) -> tuple[Words, Text]:
    """The finest way of telling days in which nobody stands out, and which it is."""
    days = [None if word is None else date.fromisoformat(word) for word in words]
    for how, coarse in _PERIODS:
        told = [None if day is None else coarse(day).isoformat() for day in days]
        if not any(small(len(who)) for who in _by(told, people).values()):
            return told, how
    return [None] * len(words), say("left out, for fewer than five people worked in a month")


def _without_few(words: Words, people: Words) -> Words:
    """The words without those of few people, and without so many more that five have none."""
    who = _by(words, people)
    out = {word for word, mine in who.items() if small(len(mine))}
    without = {one for word in out for one in who[word]}
    for word, mine in sorted(who.items(), key=lambda each: (len(each[1]), each[0])):
        if not out or len(without) >= FEWEST:
            break
        if word not in out:
            out.add(word)
            without |= mine
    return [None if word in out else word for word in words]
