"""One value of one row is put right: whose task, which value, what it is, and why."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import streamlit as st

from dashboards import elements
from dashboards.views import task_form
from dashboards.views.done import Done
from htkeval.intake.cells import Raw
from htkeval.intake.codebook import Field, codebook, headed
from htkeval.intake.free_text import LONGEST
from htkeval.kept_row import KeptRow
from htkeval.reporting import row_history as words
from htkeval.text import Language, Text, render, say
from htkeval.trial import Trial

WHY = say("Why is it put right?")
NOBODY = say("Your own words, kept for good: no names and no numbers of people.")


@dataclass(frozen=True)
class Mending:
    """What whoever may put rows right of one trial needs."""

    rows: tuple[KeptRow, ...]
    """Those that count."""
    drawn: frozenset[str]
    """Columns that a lot decided, which are no slip of the pen."""
    correct: Callable[[int, Mapping[str, Raw], str], Sequence[Text]]
    """Told a row's number, the new cell by its column, and why: keeps it, and says what became of
    it."""


def show(trial: Trial, mending: Mending, language: Language, *, row: str | None = None) -> None:
    """Draw the form.

    Args:
        trial: Names the columns.
        mending: The rows, and what puts one right.
        language: Of every word.
        row: The number of the wanted row, as the address says it.
    """
    done = Done("corrections", {"--why": WHY})
    elements.header(say("Put a value right"), language)
    done.tell(language)
    if not mending.rows:
        elements.sentence(say("No row came in yet."), language)
        return
    chosen = _row(trial, mending.rows, language, row)
    keys = trial.design.key_columns
    named = sorted(codebook(trial), key=lambda one: one.column.name in keys)  # measures first
    fields = {one.column.name: one for one in named if one.column.name not in mending.drawn}
    key = f"mend-{trial.id}-{chosen.id}-{done.times}"
    name = st.selectbox(
        elements.label_of(say("Which value?"), language),
        list(fields),
        format_func=lambda one: render(headed(fields[one]), language),
        key=f"{key}-column",
    )
    _form(trial, chosen, fields[name or next(iter(fields))], mending, done, language, key)


def _row(trial: Trial, rows: Sequence[KeptRow], language: Language, wanted: str | None) -> KeptRow:
    """The row that is meant: first whose, where the trial names participants."""
    asked = next((one for one in rows if str(one.id) == wanted), None)
    who = trial.design.participant
    if who is not None:
        people = sorted({one.keys.get(who) or "–" for one in rows})
        begin = people.index(asked.keys.get(who) or "–") if asked else 0
        label = elements.label_of(say("Whose task?"), language)
        person = st.selectbox(label, people, index=begin, key=f"mend-{trial.id}-{wanted}-person")
        rows = [one for one in rows if (one.keys.get(who) or "–") == (person or people[begin])]
    by_id = {one.id: one for one in rows}
    begin = list(by_id).index(asked.id) if asked and asked.id in by_id else 0
    chosen = st.selectbox(
        elements.label_of(say("Which task?"), language),
        list(by_id),
        index=begin,
        format_func=lambda one: render(words.called(trial, by_id[one]), language),
        key=f"mend-{trial.id}-{wanted}-row",
    )
    return by_id.get(chosen or 0, rows[begin])


def _form(
    trial: Trial,
    row: KeptRow,
    field: Field,
    mending: Mending,
    done: Done,
    language: Language,
    key: str,
) -> None:
    """What stands there, what should stand there, and why."""
    name = field.column.name
    now = words.worded(trial, name, words.cells(trial, row).get(name))
    elements.sentence(say("It says now: {value}", value=now), language)
    task_form.fields(trial, (field,), row.arm, language, key=key)
    elements.small(say("Left empty it takes away what stands there."), language)
    box = f"{key}-why"
    st.text_area(elements.label_of(WHY, language), key=box, max_chars=LONGEST, height=80)
    elements.small(NOBODY, language)
    st.button(
        elements.words(say("Keep the correction"), language),
        type="primary",
        key=f"mended-{trial.id}",
        on_click=_do,
        args=(done, mending, row.id, field, key, box),
    )


def _do(done: Done, mending: Mending, row: int, field: Field, key: str, box: str) -> None:
    cells = {name: cell or "" for name, cell in task_form.typed((field,), key=key).items()}
    why = str(st.session_state.get(box, ""))
    done.attempt(lambda: mending.correct(row, cells, why))
