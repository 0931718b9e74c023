"""One person's place at a trial: what the page is drawn of, and how a press or a save is tried."""

from __future__ import annotations

import secrets
import string
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime

import streamlit as st

from dashboards import elements
from htkeval.decision import Actor
from htkeval.errors import EnvironmentFailed, HtkevalError
from htkeval.intake.codebook import codebook
from htkeval.reporting import sentences
from htkeval.steps import stopwatch
from htkeval.steps.case import Case
from htkeval.steps.stopwatch import Task
from htkeval.text import Language, Text
from htkeval.timing import Press, Timing
from htkeval.trial import Arm, Trial


class Desk:
    """What every part of the page *Take time* needs."""

    def __init__(
        self, case: Case, language: Language, actor: Actor, *, seen: Case | None = None
    ) -> None:
        self.case, self.language, self.actor = case, language, actor
        self.seen = seen or case
        """The trial at the moment at which the page is drawn; what is pressed comes later."""
        self.trial = self.seen.trial
        self.open: tuple[Timing, ...] = ()
        self.wrong: list[HtkevalError] = st.session_state.pop("wrong", [])

    def words(self, text: Text | str) -> str:
        """A text in the page's language."""
        return elements.words(text, self.language)

    def complain(self) -> None:
        """What went wrong in a press or a save, told once: where it was pressed."""
        while self.wrong:
            tell_wrong(self.wrong.pop(0), self.language, self.trial)

    def read(self, participant: str | None, arm: Arm, keys: Mapping[str, str]) -> Task:
        """A task by its names as somebody typed them; raises where one gives a person away."""
        return stopwatch.read_task(self.trial, participant, arm, keys, listed=self.case.names)

    def heard(self, press: Press, task: Task) -> bool:
        """Keep a press; whether it is settled, as `attempt` says."""

        def keep() -> None:
            told = task
            if press.kind == "start":  # a browser may send other names than the page let through
                told = self.read(task.participant, task.arm, task.keys)
            stopwatch.press(self.case, press, told, actor=self.actor, now=datetime.now(UTC))

        return self.attempt(keep)

    def attempt(self, act: Callable[[], object]) -> bool:
        """Whether it is settled; what the machine could not do now is to be tried again."""
        try:
            act()
        except HtkevalError as error:
            st.session_state.setdefault("wrong", []).append(error)
            return not isinstance(error, EnvironmentFailed)
        return True


def letters() -> str:
    """An id that no other has, and that looks like no number."""
    return "".join(secrets.choice(string.ascii_lowercase) for _ in range(24))


def name_of(trial: Trial, timing: Timing) -> Text | str:
    """What a task is called on the page."""
    told = [timing.keys[name] for name in stopwatch.naming(trial) if name in timing.keys]
    return " · ".join(told) or sentences.task(trial)


def tell_wrong(error: HtkevalError, language: Language, trial: Trial | None = None) -> None:
    """An error in red, its columns called as the form calls them."""
    called = {field.column.name: field.label for field in codebook(trial)} if trial else {}
    for one in error.problems:
        place = called.get(str(one.place), one.place)
        elements.alarm(replace(one, place=place).sentence, language)
