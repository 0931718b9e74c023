"""The fields beside the time of one task: numbers and fixed answers, no free text."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

import streamlit as st

from dashboards import elements
from htkeval.intake.cells import Raw
from htkeval.intake.codebook import Field, headed
from htkeval.intake.columns import Column
from htkeval.intake.wording import UNITS
from htkeval.local_day import local_day
from htkeval.text import Language, Text, say
from htkeval.trial import ARMS, Arm, Trial

NEVER = say(
    "Never write names or CPR numbers. The fields take numbers and fixed answers, and nobody is "
    "shown the times of one employee."
)
_YES_NO = {"1": say("Yes"), "0": say("No")}
_STATUS = {
    "done": say("Done"),
    "abandoned": say("Broken off"),
    "refused": say("Not done as drawn: declined"),
}


def fields(
    trial: Trial, asked: tuple[Field, ...], arm: Arm, language: Language, *, key: str
) -> None:
    """Draw a widget for each field.

    Args:
        trial: Names the arms and the columns.
        asked: The fields, in order.
        arm: In which arm the task was done by lot.
        language: Of every word.
        key: Of the widgets: another for each task, so that nothing is left from the one before.
    """
    for field in asked:
        _widget(trial, field, arm, language, f"{key}-{field.column.name}")


def typed(asked: tuple[Field, ...], *, key: str) -> dict[str, Raw]:
    """By column: what stands in its widget; None where nobody answered."""
    found = {f.column.name: st.session_state.get(f"{key}-{f.column.name}") for f in asked}
    return {name: None if cell == "" else cell for name, cell in found.items()}


def time(column: Column, language: Language, *, key: str) -> None:
    """How long it took, where the stopwatch does not say."""
    label = say("How long it took ({unit})", unit=UNITS[column.unit or "min"])
    _number(elements.label_of(label, language), f"{key}-time")


def time_typed(*, key: str) -> str | None:
    """What was typed there; None where nothing was."""
    found = str(st.session_state.get(f"{key}-time") or "").strip()
    return found or None


def day(trial: Trial, language: Language, *, key: str) -> None:
    """On which day the task was done."""
    first, last = trial.starts, trial.ends
    today = min(max(local_day(datetime.now(UTC)), first), last)
    label = elements.label_of(say("Day of the task"), language)
    st.date_input(label, today, first, last, key=f"{key}-day", format="DD-MM-YYYY")


def chosen_day(*, key: str) -> str:
    """The day that was chosen, in ISO form."""
    return str(st.session_state[f"{key}-day"])


def label_of(trial: Trial, arm: Arm) -> str:
    """What an arm is called for people."""
    return trial.arms.treatment.label if arm == "treatment" else trial.arms.baseline.label


def _widget(trial: Trial, field: Field, arm: Arm, language: Language, key: str) -> None:
    column, label = field.column, elements.label_of(headed(field), language)
    if column.kind in ("number", "duration"):
        _number(label, key)
    elif column.kind in ("yes_no", "yes_no_or_count"):
        _one_of(label, _YES_NO, language, key, None)
    elif column.kind == "status":
        _one_of(label, _STATUS, language, key, "done")
    elif column.kind == "arm":
        words = {trial.arms.value(one): label_of(trial, one) for one in ARMS}
        _one_of(label, words, language, key, trial.arms.value(arm))
    else:
        st.text_input(label, key=key, max_chars=60)


def _number(label: str, key: str) -> None:
    """A cell as a sheet has it, read as one.

    A browser's own field for numbers drops the comma of 12,5 where the device speaks English: 125.
    """
    st.text_input(label, key=key, max_chars=20, autocomplete="off")


def _one_of(
    label: str,
    options: Mapping[str, Text | str],
    language: Language,
    key: str,
    given: str | None,
) -> None:
    st.segmented_control(
        label,
        list(options),
        format_func=lambda one: elements.words(options[one], language),
        default=given,
        key=key,
        width="stretch",
    )
