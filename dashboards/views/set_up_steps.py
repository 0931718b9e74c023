"""The steps of setting a trial up: each a few fields, so that it fits a telephone."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import streamlit as st

from dashboards import elements
from dashboards.views.set_up_fields import Fields
from dashboards.views.set_up_work import Work
from htkeval.metric import Metric
from htkeval.reporting import set_up as words
from htkeval.reporting.designs import DESIGNS
from htkeval.steps.begin import suggestion
from htkeval.steps.proposal import KINDS
from htkeval.text import Language, render, say
from htkeval.toml_edit import Path as Place
from htkeval.trial import BY_TEAM

SLUG = say("Its name in addresses and as a folder")


def tool(work: Work, language: Language) -> None:
    """A new trial's name, kind of tool and design."""
    draft = work.draft
    assert draft is not None
    name = elements.label_of(say("What is the trial called?"), language)
    title = st.text_input(name, draft.title, key="set-up--title", max_chars=200)
    own = draft.slug if draft.slug not in ("", suggestion(draft.title)) else ""
    proposed = suggestion(title) if title.strip() else ""
    slug = st.text_input(
        elements.label_of(SLUG, language),
        own or proposed,
        key=f"set-up--slug-{'own' if own else proposed}",
        max_chars=64,
    ).strip()
    kinds = list(KINDS)
    kind = st.selectbox(
        elements.label_of(say("What kind of tool is it?"), language),
        kinds,
        index=kinds.index(draft.kind),
        format_func=lambda one: render(words.KINDS[one], language),
        key="set-up--kind",
    )
    offered = KINDS[kind].designs
    design = st.selectbox(
        elements.label_of(say("How are the two ways compared?"), language),
        list(offered),
        index=offered.index(draft.design) if draft.design in offered else 0,
        format_func=lambda one: render(DESIGNS[one], language),
        key=f"set-up--design-{kind}",
    )
    elements.small(say("The first one suits this kind of tool best."), language)
    work.another(
        replace(
            draft,
            title=title.strip(),
            slug=slug,
            kind=kind,
            design=design,
        )
    )


def question(fields: Fields) -> None:
    """What it answers, where the gain would arise, and when."""
    if fields.work.name:
        fields.words(say("What is the trial called?"), ("title",), longest=200)
    fields.words(say("Which question does it answer?"), ("question",), wide=True, longest=600)
    fields.words(say("Where would the gain arise?"), ("area",))
    fields.words(say("Who answers for the gain?"), ("economics", "owner"))
    left, right = st.columns(2)
    with left:
        fields.day(say("First day of measurement"), ("starts",))
    with right:
        fields.day(say("Last day of measurement"), ("ends",))


def measures(fields: Fields) -> None:
    """What is measured, and what counts."""
    for n, one in enumerate(fields.now.at(("metrics",)) or ()):
        _measure(fields, ("metrics", n), one)


def _measure(fields: Fields, place: Place, one: Mapping[str, Any]) -> None:
    metric = Metric.model_validate(one)
    with st.container(border=True, key=f"measure-{place[1]}"):
        elements.subheader(metric.label, fields.language)
        elements.small(words.role_name(metric), fields.language)
        if metric.role == "primary" or metric.worthwhile is not None:
            times = -100.0 if metric.better == "lower" else 100.0
            fields.number(words.goal_name(metric), (*place, "worthwhile"), times=times)
        if metric.role == "guardrail":
            fields.number(words.margin_name(metric), (*place, "margin"))
        fields.words(say("What is the measure called?"), (*place, "label"))


def people(fields: Fields) -> None:
    """How many, and how many tasks each."""
    teams = fields.now.at(("design", "kind")) in BY_TEAM
    many = say("Teams") if teams else say("Participants")
    each = (
        say("Tasks from each team, in the whole trial")
        if teams
        else say("Tasks from each participant, in the whole trial")
    )
    fields.count(many, ("design", "clusters"))
    fields.count(each, ("design", "tasks_each"))


def money(fields: Fields) -> None:
    """What turns minutes into money: one figure at a time, each a span with its source."""
    elements.sentence(words.UNKNOWN, fields.language)
    names = list(words.ECONOMICS)
    known = [one for one in names if fields.now.at(("economics", one))]
    chosen = st.selectbox(
        elements.label_of(say("Which figure?"), fields.language),
        names,
        format_func=lambda one: _marked(one, known, fields.language),
        key=f"set-up-{fields.work.name}-figure",
    )
    _figure(fields, str(chosen or names[0]))
    fields.count(say("In the prices of which year are the kroner?"), ("economics", "price_level"))


def _marked(name: str, known: list[str], language: Language) -> str:
    told = render(words.ECONOMICS[name], language)
    return f"{told} – {render(say('filled in'), language)}" if name in known else told


def _figure(fields: Fields, name: str) -> None:
    place: Place = ("economics", name)
    now = fields.now.at(place) or {}
    times = 100.0 if name in words.SHARES else 1.0
    elements.small(words.SPAN, fields.language)
    ends: dict[str, Any] = {}
    columns = st.columns(3)
    for column, (end, label) in zip(columns, _ENDS.items(), strict=True):
        with column:
            shown = now[end] * times if end in now else None
            typed = fields.typed(label, f"{fields.key(place)}-{end}", shown)
            ends[end] = None if typed is None else round(typed / times, 9)
    key = fields.key(place)
    source = st.text_input(
        elements.label_of(say("Where does it come from?"), fields.language),
        str(now.get("source", "")), key=f"{key}-source", max_chars=300,
    )  # fmt: skip
    day = st.date_input(
        elements.label_of(say("When was that found out?"), fields.language),
        now.get("date"), format="DD.MM.YYYY", key=f"{key}-date",
    )  # fmt: skip
    found = {**ends, "source": " ".join(source.split()), "date": day}
    stands = fields.base.at(place)
    fields.work.wrong.pop(key, None)
    if all(found.values()) or (None not in ends.values() and found["source"] and day):
        fields.work.put(place, found, stands)
    elif any(one not in (None, "") for one in found.values()):
        told = say("{figure}: low, expected, high, source and day are all needed.",
                   figure=words.ECONOMICS[name])  # fmt: skip
        fields.work.wrong[key] = told
        elements.alarm(told, fields.language)
    else:
        fields.work.put(place, None, stands)


_ENDS = {"low": say("Low"), "expected": say("Expected"), "high": say("High")}

DRAWN: Mapping[str, Callable[[Fields], None]] = {
    "question": question,
    "measures": measures,
    "people": people,
    "money": money,
}
"""The steps that change values of the definition."""
