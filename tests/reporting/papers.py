"""Papers made of nouns by hand, and what a file of one says. The figures are invented."""

from __future__ import annotations

import io
import re
import tomllib
from dataclasses import replace
from datetime import date
from functools import cache
from typing import Any

from htkeval.paper import Behind, Template
from htkeval.portfolio import Portfolio, TrialState, in_order
from htkeval.resources import bundled
from tests.dashboards.examples import go, no_go, not_measured, prolong

HOSTILE = (
    "<script>alert(1)</script>",
    '#import "/etc/passwd": *',
    "$x$ @ref <label> *b* _i_ `c` // d /* e",
    "= Overskrift",
    "תל אביב שלום",
    "\u202eomvendt",
)
"""Titles that some format could take for a command."""


@cache
def template() -> Template:
    """As it travels."""
    return Template.model_validate(
        tomllib.loads((bundled("configs") / "paper.toml").read_text(encoding="utf-8"))
    )


def behind(*states: TrialState, **rest: Any) -> Behind:
    """What a paper of these trials is made from; no money."""
    whole = Portfolio(
        municipality="Høje-Taastrup Kommune",
        committee="Økonomiudvalget",
        trials=in_order(states),
    )
    values: dict[str, Any] = {
        "portfolio": whole,
        "template": template(),
        "day": date(2026, 6, 16),
        "policy": "2026-1 (Udkast: ikke vedtaget)",
    }
    return Behind(**{**values, **rest})


def three() -> Behind:
    """One for each verdict that a committee meets, and one without data."""
    return behind(go(), prolong(), no_go(), not_measured())


def called(state: TrialState, title: str, **changes: Any) -> TrialState:
    """A trial with another title."""
    trial = state.trial.model_copy(update={"title": title, **changes})
    return replace(state, trial=trial)


def flat(text: str) -> str:
    """A text without what only its layout put there."""
    return re.sub(r"[\s\u00a0]+", "", text).replace("\u2060", "")


def text_of(pdf: bytes) -> str:
    """All pages of a PDF as text."""
    from pypdf import PdfReader

    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)
