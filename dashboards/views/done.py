"""What somebody does on a page: tried when it is pressed, and told once on the next drawing."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import cache
from typing import Any
from uuid import uuid4

import streamlit as st

from dashboards import elements
from htkeval.errors import HtkevalError
from htkeval.text import Language, Text, say


class Done:
    """What came of the last press of one page."""

    def __init__(self, page: str, called: Mapping[str, Text] | None = None) -> None:
        """One page's.

        Args:
            page: Which.
            called: What the page calls a place that an error names as the command line does.
        """
        self.page, self.called = page, called or {}

    @property
    def times(self) -> int:
        """How often something was kept: a field with this in its key is empty afterwards."""
        return int(st.session_state.get(f"{self.page}-times", 0))

    def attempt(self, act: Callable[[], Sequence[Text]]) -> None:
        """Do it; remember what came of it."""
        try:
            told = [*act()]
        except HtkevalError as error:
            st.session_state[f"{self.page}-wrong"] = self._as_called(error)
            return
        st.session_state[f"{self.page}-told"] = told
        st.session_state[f"{self.page}-times"] = self.times + 1

    def _as_called(self, error: HtkevalError) -> HtkevalError:
        """An error whose places are the page's own fields."""
        problems = [
            replace(one, place=say('"{name}"', name=self.called[str(one.place)]))
            if str(one.place) in self.called
            else one
            for one in error.problems
        ]
        error.problems = tuple(problems)
        return error

    def tell(self, language: Language, *, still: bool = False) -> None:
        """Say what came of it; another page or press says it no more.

        Args:
            language: Of its words.
            still: Say what was said last once more, where nothing was done since.
        """
        told: Sequence[Text] = st.session_state.pop(f"{self.page}-told", ())
        wrong: HtkevalError | None = st.session_state.pop(f"{self.page}-wrong", None)
        last, pressed = f"{self.page}-last", bool(told) or wrong is not None
        if still and not told and wrong is None:
            told, wrong = st.session_state.get(last, ((), None))
        st.session_state[last] = (told, wrong)
        if not told and wrong is None:
            return
        place = f"said-{self.page}"
        with st.container(key=place):
            for n, one in enumerate(told):
                mark = ":green[:material/check_circle:]" if n == 0 else ":material/info:"
                st.markdown(f"{mark} {elements.words(one, language)}")
            if wrong is not None:
                elements.refused(wrong, language)
            if pressed:
                _focus()(key=f"focus-{self.page}", data={"press": uuid4().hex, "place": place})


@cache
def _focus() -> Callable[..., Any]:
    """The browser's part: who pressed a button that is gone afterwards stands at what is said."""
    made: Callable[..., Any] = st.components.v2.component("htkeval.said", js="said.js")
    return made
