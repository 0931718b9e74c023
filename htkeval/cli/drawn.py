"""What `allocate` shows: a balance for people, one document, or the list as a sheet."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from htkeval import small_cells
from htkeval.cli.output import line, print_csv, print_json, print_table, warn
from htkeval.text import Language, Text, say

if TYPE_CHECKING:
    from htkeval.allocation_list import AllocationList
    from htkeval.cli.printed.drawn import Allocation, BalanceLine
    from htkeval.trial import Trial

FEWEST = 2
"""Units on each side from which on anything can be said of how units differ."""

HELD_BACK = "·"
"""In place of a count of few people, or of one from which it would follow."""


@dataclass(frozen=True)
class Shown:
    """What is printed."""

    trial: Trial
    """The registered definition."""
    listed: AllocationList
    """The units that were drawn now, or all of them."""
    whole: AllocationList
    """All units of the trial."""
    payload: dict[str, Any]
    """What the newest event of an allocation says."""
    now_drawn: bool
    """Whether something was drawn now."""
    key: str | None = None
    """The key of lots drawn one at a time, where it was asked for."""
    commitment: str | None = None
    """Its SHA-256."""

    @property
    def one(self) -> bool:
        """Whether one lot was drawn now."""
        return self.now_drawn and len(self.listed) == 1


def print_drawn(shown: Shown, form: str, file: str | None) -> None:
    """Answer in the form that was asked for.

    Args:
        shown: What was drawn.
        form: `table`, `json` or `csv`.
        file: Name of the file that holds the list now; None where none was written.
    """
    from htkeval.steps.drawn import columns, rows

    if form == "json":
        print_json(_document(shown))
    elif form == "csv":
        print_csv(rows(shown.trial, shown.listed), columns(shown.trial, shown.listed))
    else:
        _tell(shown, file)
    if shown.now_drawn and not shown.one:
        from htkeval.steps.against_plan import against_plan

        for text in against_plan(shown.trial, shown.whole):
            line(text) if form == "table" else warn(text)


def sheet(shown: Shown, language: Language) -> bytes:
    """The list as a sheet that Excel reads: with a byte order mark, for å is a letter of names,
    and in Danish with the semicolons that a Danish Excel expects. `--units` and `add` take both.
    """
    from htkeval.csv_text import csv_text
    from htkeval.steps.drawn import columns, rows

    names = columns(shown.trial, shown.listed)
    cells = ([row.get(name) for name in names] for row in rows(shown.trial, shown.listed))
    apart = ";" if language == "da" else ","
    return csv_text(names, cells, delimiter=apart, end="\r\n").encode("utf-8-sig")


def _document(shown: Shown) -> Allocation:
    from htkeval.cli.printed.drawn import Allocation, DrawnUnit
    from htkeval.steps.drawn import arms, drawn_word

    listed, trial = shown.listed, shown.trial
    given = [(drawn_word(trial, each), arms(trial, each)) for each in listed.patterns]
    inside = list(zip(*listed.strata.values(), strict=True)) or [()] * len(listed)
    units = tuple(
        DrawnUnit(
            unit=dict(zip(listed.columns, unit, strict=True)),
            strata=dict(zip(listed.strata, its, strict=True)),
            drawn=given[each][0],
            arms=given[each][1],
        )
        for unit, its, each in zip(listed.named(), inside, listed.drawn, strict=True)
    )
    said = shown.payload
    return Allocation(
        trial=trial.id,
        registration=said["registration"],
        mechanism=said["mechanism"],
        list=said["list"] if shown.now_drawn else None,
        units=units,
        balance=_balance(shown),
        key=shown.key,
        commitment=shown.commitment,
        differences=said.get("differences", {}) if shown.now_drawn else {},
    )


def _balance(shown: Shown) -> tuple[BalanceLine, ...]:
    """All units of the trial by what they drew, and by level of strata."""
    from htkeval.cli.printed.drawn import BalanceLine
    from htkeval.design.listing import balance
    from htkeval.steps.drawn import drawn_word

    names = [drawn_word(shown.trial, each) for each in shown.whole.patterns]
    return tuple(
        BalanceLine(
            column=column or None,
            level=level or None,
            counts=dict(zip(names, counts, strict=True)),
        )
        for column, level, counts in balance(shown.whole)
    )


def _tell(shown: Shown, file: str | None) -> None:
    """A balance table for people; the list itself is for a file."""
    from htkeval.steps.drawn import drawn_column, drawn_word

    trial, listed = shown.trial, shown.listed
    if shown.one:
        name = " / ".join(listed.named()[0])
        word = drawn_word(trial, listed.patterns[listed.drawn[0]])
        line(say("{name}: {arm}", name=name, arm=word))
        return
    if shown.now_drawn:
        line(say("{n:#,##0} units drawn and stored.", n=len(listed)))
    _table(shown, drawn_column(trial))
    if shown.whole.columns == (trial.design.participant,):
        line(say("· stands for fewer than five people, and for what would give them away."))
    if len(listed.patterns) == 2 and min(_balance(shown)[0].counts.values()) < FEWEST:
        line(say("Chance left one side with fewer than two units, which tells nothing."))
    if shown.now_drawn:
        for column, gap in shown.payload.get("differences", {}).items():
            line(_difference(column, gap))
    if shown.key is not None:
        line(say("The key of the lots: {key}", key=shown.key))
        line(say("Its SHA-256, in the record since the first lot: {commitment}",
                 commitment=shown.commitment))  # fmt: skip
    if file is None:
        line(say("`htkeval allocate {name} -o FILE.csv` writes the list.", name=trial.id))
    else:
        line(say("{file}: {n:#,##0} units.", file=file, n=len(listed)))


def _table(shown: Shown, drawn: str) -> None:
    lines = _balance(shown)
    counts = [tuple(one.counts.values()) for one in lines]
    if shown.whole.columns == (shown.trial.design.participant,):  # each unit is a person
        told = _without_few([one.column for one in lines], counts)
    else:
        told = [tuple(str(n) for n in row) for row in counts]
    print_table(
        [say("Units"), *(f"{drawn} = {name}" for name in lines[0].counts)],
        [[_of(one), *row] for one, row in zip(lines, told, strict=True)],
    )


def _without_few(
    columns: list[str | None], counts: list[tuple[int, ...]]
) -> list[tuple[Text | str, ...]]:
    """The counts of people beside each other and their totals; few, and what would give few away,
    are held back. The list itself says who was given what: it is for whoever hands the work out."""
    totals: list[int | None] = list(small_cells.shown([counts[0]]).cells[0])
    told: list[tuple[int | None, ...]] = []
    for column in dict.fromkeys(columns[1:]):
        levels = [row for row, mine in zip(counts[1:], columns[1:], strict=True) if mine == column]
        made = small_cells.shown(levels)
        told += made.cells
        if len(levels) > 1:
            totals = [
                None if seen is None else kept
                for seen, kept in zip(made.columns, totals, strict=True)
            ]
    return [
        tuple(HELD_BACK if n is None else str(n) for n in row) for row in (tuple(totals), *told)
    ]


def _of(one: BalanceLine) -> Text | str:
    return say("all") if one.column is None else f"{one.column} = {one.level}"


def _difference(column: str, gap: float | None) -> Text:
    if gap is None:
        return say("{column}: the difference cannot be computed.", column=column)
    return say(
        "{column}: the arms lie {gap:0.00} standard deviations apart, as chance has it.",
        column=column,
        gap=gap,
    )
