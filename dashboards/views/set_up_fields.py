"""The fields of a definition: typed text is read as a sheet is, and kept between steps."""

from __future__ import annotations

from datetime import date

import streamlit as st

from dashboards import elements
from dashboards.views.set_up_work import Standing, Work
from htkeval.intake.free_text import LONGEST
from htkeval.intake.number import Notation, from_text
from htkeval.text import Language, Text, render, say
from htkeval.toml_edit import Path as Place

TYPED_AS = Notation(None, None)


class Fields:
    """The fields of one trial's definition on one page."""

    def __init__(self, work: Work, base: str, now: str, language: Language) -> None:
        self.work, self.language = work, language
        self.base, self.now = Standing(base), Standing(now)
        """What the template or the file says, and what it would say."""

    def key(self, place: Place) -> str:
        """What a field is known by."""
        return "-".join(map(str, ("set-up", self.work.name, *place)))

    def words(self, label: Text, place: Place, *, wide: bool = False, longest: int = 300) -> None:
        """A text; one that waits to be filled in is asked for under an empty field."""
        asked = self.base.asked(place)
        now = self.now.at(place)
        shown = "" if asked is not None and now == self.base.at(place) else str(now or "")
        made = st.text_area if wide else st.text_input
        name = elements.label_of(label, self.language)
        typed = made(name, shown, key=self.key(place), max_chars=min(longest, LONGEST)).strip()
        if asked is not None:
            elements.small(asked, self.language)
        stands = self.base.at(place)
        self.work.put(place, " ".join(typed.split()) or stands, stands)

    def count(self, label: Text, place: Place) -> None:
        """A whole number from 1."""
        now = self.now.at(place)
        typed = st.number_input(
            elements.label_of(label, self.language),
            min_value=1,
            max_value=100_000,
            value=int(now) if isinstance(now, int) and now > 0 else None,
            step=1,
            key=self.key(place),
        )
        stands = self.base.at(place)
        self.work.put(place, stands if typed is None else int(typed), stands)

    def day(self, label: Text, place: Place) -> None:
        """A day."""
        now = self.now.at(place)
        typed = st.date_input(
            elements.label_of(label, self.language),
            value=now if isinstance(now, date) else None,
            format="DD.MM.YYYY",
            key=self.key(place),
        )
        stands = self.base.at(place)
        self.work.put(place, typed if isinstance(typed, date) else stands, stands)

    def number(self, label: Text, place: Place, *, times: float = 1.0) -> None:
        """A decimal number, written as people do; shown as so many times what the file says."""
        now, stands = self.now.at(place), self.base.at(place)
        shown = None if now is None else now * times
        typed = self.typed(label, self.key(place), shown)
        if typed is not None or self.key(place) not in self.work.wrong:
            value = stands if typed is None else round(typed / times, 9)
            self.work.put(place, value, stands)

    def typed(self, label: Text, key: str, shown: float | None) -> float | None:
        """What stands in a field of a number; None where nothing does, or what is none."""
        written = "" if shown is None else render(say("{n:0.######}", n=shown), self.language)
        name = elements.label_of(label, self.language)
        text = st.text_input(name, written, key=key, max_chars=30).strip()
        self.work.wrong.pop(key, None)
        if not text:
            return None
        found = from_text(text, TYPED_AS)
        if isinstance(found, float):
            return found
        self.work.wrong[key] = say(
            '{place}: found "{found}"; expected {expected}.',
            place=label, found=text, expected=found.expected,
        )  # fmt: skip
        elements.alarm(self.work.wrong[key], self.language)
        return None
