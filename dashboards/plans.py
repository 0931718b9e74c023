"""What a plan could see: told at once, or counted in invented trials and remembered."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from htkeval.errors import HtkevalError
from htkeval.outlook import Glance, Outlook
from htkeval.planning.outlook import Question
from htkeval.trial import Trial
from htkeval.workspace import Workspace

MOST_COUNTED = 100
"""Plans whose invented trials are remembered."""


def plan_of(place: Workspace, trial: Trial) -> Glance | None:
    """What a definition's own size could see; None where it states none."""
    from htkeval.planning.glance import CHECKED, CHECKED_DRAWS
    from htkeval.steps.plan import question

    try:
        asked = question(trial, place.policy, trials=CHECKED, draws=CHECKED_DRAWS, sizes=False)
    except HtkevalError:
        return None
    return at_once(asked)


@st.cache_data(max_entries=500, show_spinner=False, hash_funcs={Question: repr})
def at_once(question: Question) -> Glance:
    """What a plan could see by its floors and its formula."""
    from htkeval.planning.glance import glance

    return glance(question)


@st.cache_resource(show_spinner=False)
def _counted() -> dict[str, Outlook]:
    """What was counted in invented trials, by the whole question; the same for every reader."""
    return {}


def counted(question: Question) -> Outlook | None:
    """What was counted for a plan before; None where nothing was."""
    return _counted().get(repr(question))


def count(question: Question, *, tell: Callable[[float], object]) -> Outlook:
    """Count a plan's invented trials, and remember the answer.

    Args:
        question: The plan.
        tell: Is told how far it is, from 0 to 1.
    """
    from htkeval.planning.outlook import outlook, parts
    from htkeval.planning.progress import telling

    remembered = _counted()
    found = outlook(question, share=telling(map, parts=parts(question), tell=tell))
    while len(remembered) >= MOST_COUNTED:
        remembered.pop(next(iter(remembered)), None)
    remembered[repr(question)] = found
    return found
