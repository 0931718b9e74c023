"""What an audit of ODK Collect says: time in questions by group, time in forms, resumed sessions.

Places, values and users stand in the same file; users are counted, and nothing of it is kept.
Rows: `question` and `group questions` with start and end in milliseconds; a session goes from
`form start` or `form resume` to the last row before the next, so breaks are no part of it.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from statistics import median

from htkeval.attachment import Measured, Score, flag
from htkeval.errors import Problem, SheetError
from htkeval.intake.cells import Raw, plain
from htkeval.intake.sheet import read_sheet
from htkeval.intake.technical.digest import digest
from htkeval.intake.technical.json_file import name_in
from htkeval.small_cells import FEWEST
from htkeval.text import say

NEEDED = ("event", "node", "start", "end")
_INSTANCES = ("instance ID", "instanceID")
_WANTED = (*NEEDED, *_INSTANCES, "user")
_QUESTIONS = ("question", "group questions")
_BEGINS = ("form start", "form resume")

LATEST = 4e12
"""Milliseconds since 1970: the year 2096. A moment outside is none."""

_AN_AUDIT = say("an audit of ODK as CSV, with event, node, start and end")


@dataclass
class Form:
    """One form that somebody filled in."""

    who: str
    """Who did; the form itself where the audit does not say."""
    sessions: list[tuple[float, float]] = field(default_factory=list)
    """First and last moment of each session, in milliseconds."""
    resumed: int = 0
    """How often it was taken up again."""
    groups: dict[str, float] = field(default_factory=lambda: defaultdict(float))
    """Milliseconds in questions, by group."""


def read_audit(file: Path) -> Measured:
    """Read the audit of many forms, such as `… - audit.csv` of ODK Central.

    Raises:
        SheetError: The file is not so, or is of fewer than five persons (forms, where it does not
            say who filled them in).
    """
    sheet = read_sheet(file, wanted=_WANTED, optional=frozenset(_WANTED))
    if missing := [name for name in NEEDED if name not in sheet.columns]:
        found = say("no column {columns}", columns=", ".join(missing))
        raise SheetError(Problem(file.name, found, _AN_AUDIT))
    forms, backwards = _forms(sheet.columns)
    if len({form.who for form in forms}) < FEWEST:
        found = say("forms of fewer than {least} persons", least=FEWEST)
        step = say("Take the audit of all forms together, as ODK Central exports it.")
        raise SheetError(
            Problem(file.name, found, say("at least {least}", least=FEWEST), next_step=step)
        )
    text = say("Rows whose clock ran backwards are left out ({n:#,##0}).", n=backwards)
    return Measured(
        tool="odk",
        file=file.name,
        sha256=digest(file),
        software="ODK Collect",
        scores=tuple(_scores(file, forms)),
        complete=not backwards,
        flags=(flag("left_out", text),) if backwards else (),
    )


def _forms(columns: Mapping[str, Sequence[Raw]]) -> tuple[list[Form], int]:
    """The forms in their order, and how many rows end before they begin.

    Without a column of instances, a form begins at each `form start`.
    """
    ids = next((columns[name] for name in _INSTANCES if name in columns), None)
    users = columns.get("user")
    forms: dict[str, Form] = {}
    backwards = 0
    current = 0
    for at, cell in enumerate(columns["event"]):
        event = plain(cell).strip()
        current += event == "form start"
        key = plain(ids[at]) if ids is not None else str(current)
        user = plain(users[at]).strip() if users is not None else ""
        form = forms.setdefault(key, Form(who=f"form {key}"))
        if user:
            form.who = f"user {user}"
        start, end = _moment(columns["start"][at]), _moment(columns["end"][at])
        if start is None or (end is not None and end < start):
            backwards += start is not None
            continue
        last = start if end is None else end
        if event in _BEGINS or not form.sessions:
            form.sessions.append((start, last))
            form.resumed += event == "form resume"
        else:
            first, latest = form.sessions[-1]
            form.sessions[-1] = min(first, start), max(latest, last)
        if event in _QUESTIONS and end is not None:
            form.groups[_group(event, plain(columns["node"][at]))] += end - start
    return [form for form in forms.values() if form.sessions], backwards


def _moment(cell: Raw) -> float | None:
    """Milliseconds since 1970."""
    if isinstance(cell, int | float):
        moment = float(cell)
    else:
        text = plain(cell).strip()
        try:
            moment = float(text) if text.isdigit() else _iso(text)
        except (ValueError, OverflowError):
            return None
    return moment if 0 <= moment <= LATEST else None


def _iso(text: str) -> float:
    return datetime.fromisoformat(text).timestamp() * 1000


_REPEAT = re.compile(r"\[[0-9]+\]")


def _group(event: str, node: str) -> str:
    """`/data/g1[2]/q7` stands in the group `/data/g1`, whichever repeat of it."""
    path = _REPEAT.sub("", node.strip())
    return (path if event == "group questions" else path.rpartition("/")[0]) or "/"


def _scores(file: Path, forms: Sequence[Form]) -> Iterator[Score]:
    """Minutes; of a group that fewer than five persons came to, nothing."""
    minutes = [sum(end - start for start, end in form.sessions) / 60_000 for form in forms]
    figures = {
        "forms": float(len(forms)),
        "form_minutes": sum(minutes),
        "form_minutes.median": median(minutes),
        "resumed_sessions": float(sum(form.resumed for form in forms)),
    }
    for name, value in figures.items():
        yield Score(name=name, value=value)
    groups = dict.fromkeys(group for form in forms for group in form.groups)
    for group in groups:
        spent = [(form.who, form.groups[group]) for form in forms if group in form.groups]
        if len({who for who, _ in spent}) >= FEWEST:
            title = name_in(file.name, "node", group)
            total = sum(took for _, took in spent) / 60_000
            yield Score(scorer=title, name="question_minutes", value=total)
