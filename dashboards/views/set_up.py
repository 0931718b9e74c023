"""Set up: six short steps that write a trial's definition, with the check beside them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import cast

import streamlit as st

from dashboards import elements
from dashboards.views import choice, set_up_steps
from dashboards.views.done import Done
from dashboards.views.set_up_fields import Fields
from dashboards.views.set_up_work import Bench, Work
from htkeval.errors import HtkevalError
from htkeval.reporting import glance as chance
from htkeval.reporting import set_up as words
from htkeval.reporting.plain import shortened
from htkeval.steps.begin import refuse_draft, suggestion
from htkeval.steps.draft import Draft
from htkeval.text import Language, Text, render, say
from htkeval.trial import Trial

STEPS = tuple(words.STEPS)
NO_NAME = say("Give the trial a name first.")


def show(
    trials: Sequence[Trial],
    language: Language,
    bench: Bench,
    *,
    asked: str | None = None,
    chose: Callable[[str], None],
    step: str | None = None,
    went: Callable[[str], None],
) -> None:
    """Draw the page.

    Args:
        trials: Every trial whose definition is right.
        language: Of every word.
        bench: What the page reads and writes with.
        asked: The id of the wanted trial, as the address says it; empty: a new one.
        chose: Is told the id of the trial that is shown.
        step: The step in the address.
        went: Is told the step that is shown.
    """
    elements.title(words.TITLE, language)
    done = Done("set-up")
    name = _which(trials, asked if asked is not None else _last(trials, bench), done, language)
    chose(name)
    if name:
        choice.remember(name)
    done.tell(language)
    if name and bench.registered(name):
        elements.notice(words.LOCKED, language)
        return
    work = _work(name, bench)
    steps = [one for one in STEPS if one != "tool" or not name]
    now = _step(steps, step, name, language)
    went(now)
    if now == "tool":  # on a telephone every line counts
        elements.sentence(words.ABOUT, language)
    elements.header(words.STEPS[now], language)
    try:
        _draw(now, work, bench, language, done)
    except HtkevalError as error:
        elements.refused(error, language)
    _onward(steps, now, name, language)


def _last(trials: Sequence[Trial], bench: Bench) -> str | None:
    """The trial that was chosen last, as long as something can be changed in it."""
    name = choice.last([one.id for one in trials])
    return None if name is None or bench.registered(name) else name


def _which(trials: Sequence[Trial], asked: str | None, done: Done, language: Language) -> str:
    titles = {"": render(words.A_NEW_ONE, language)}
    titles |= {one.id: f"{shortened(one.title, 60)} ({one.id})" for one in trials}
    wanted = st.session_state.pop("set-up-made", None) or asked or ""
    if wanted not in titles:
        elements.notice(say("There is no trial by that name. This is another."), language)
    options = list(titles)
    chosen = st.selectbox(
        elements.label_of(say("Which trial?"), language),
        options,
        index=options.index(wanted) if wanted in titles else 0,
        format_func=lambda one: titles[one],
        key=f"set-up-trial-{done.times}",
        width=440,
    )
    return str(chosen or "")


def _work(name: str, bench: Bench) -> Work:
    """What was filled in before, in this session."""
    kept = cast(dict[str, Work], st.session_state.setdefault("set-up-work", {}))
    if name not in kept:
        if name:
            kept[name] = Work(name, before=bench.written(name))
        else:
            kept[name] = Work("", Draft("", "", "speech_to_text", "within", bench.today))
    return kept[name]


def _step(steps: list[str], wanted: str | None, name: str, language: Language) -> str:
    key = f"set-up-step-{name}"
    if key not in st.session_state:
        st.session_state[key] = wanted if wanted in steps else steps[0]
    names = {one: f"{n}. {render(words.STEPS[one], language)}" for n, one in enumerate(steps, 1)}
    chosen = st.segmented_control(
        elements.label_of(say("Step"), language),
        steps,
        format_func=lambda one: names[one],
        key=key,
        required=True,
    )
    return str(chosen or steps[0])


def _onward(steps: list[str], now: str, name: str, language: Language) -> None:
    """To the step before and the next one."""
    place, key = steps.index(now), f"set-up-step-{name}"

    def go(to: str) -> None:
        st.session_state[key] = to

    with st.container(horizontal=True):
        for told, at in ((say("Back"), place - 1), (say("Onward"), place + 1)):
            if 0 <= at < len(steps):
                st.button(
                    elements.words(told, language), on_click=go, args=(steps[at],),
                    type="primary" if at > place else "secondary", key=f"go-{at > place}",
                )  # fmt: skip


def _draw(now: str, work: Work, bench: Bench, language: Language, done: Done) -> None:
    if work.draft is not None:
        if now == "tool":
            set_up_steps.tool(work, language)
        if not work.draft.title.strip():
            elements.notice(NO_NAME, language)
            return
        if not work.draft.slug:
            work.another(replace(work.draft, slug=suggestion(work.draft.title)))
        refuse_draft(work.draft)
    bare = Work(work.name, work.draft, work.before).files(bench)["trial.toml"]
    if now in set_up_steps.DRAWN:
        fields = Fields(work, bare, work.files(bench)["trial.toml"], language)
        set_up_steps.DRAWN[now](fields)
    files = work.files(bench)
    _check(now, work, files["trial.toml"], bench, language)
    if now == "write":
        _write(work, files, bench, language, done)


def _check(now: str, work: Work, text: str, bench: Bench, language: Language) -> None:
    """What `htkeval check` says of it as it would be written now."""
    file = work.file(bench)
    try:
        trial = bench.read(text, file)
    except HtkevalError as error:
        elements.sentence(words.WRONG, language, bold=True)
        elements.refused(error, language)
        return
    if now in ("people", "measures", "write"):
        _chance(trial, bench, language)
    remarks = bench.remarks(trial, file)
    told = elements.words(words.noted(len(remarks)), language)
    if not remarks:
        elements.sentence(words.noted(0), language)
        return
    with st.expander(told, expanded=now == "write", key=f"check-{now}"):
        elements.bullets([elements.words(_sentence(one, language), language) for one in remarks])


def _sentence(remark: Text, language: Language) -> str:
    """A remark of the command line, which stands behind a colon there."""
    told = render(remark, language)
    first = told.partition(" ")[0]
    if not first.strip(",:").isalpha():  # a file or a key is written as it is
        return told
    return told[:1].upper() + told[1:]


def _chance(trial: Trial, bench: Bench, language: Language) -> None:
    """What the plan could see, as the page Plan says it."""
    found = bench.glance(trial)
    if found is None:
        return
    elements.subheader(say("What could it see?"), language)
    for refusal in found.reach.refusals:
        elements.alarm(refusal.message, language)
    if found.refused:
        return
    first, *rest = chance.summary(trial, found)
    elements.sentence(first, language, bold=True)
    for sentence in rest:
        elements.sentence(sentence, language)


def _write(work: Work, files: dict[str, str], bench: Bench, language: Language, done: Done) -> None:
    for wrong in work.wrong.values():
        elements.alarm(wrong, language)
    st.button(
        elements.words(say("Write trial.toml"), language),
        type="primary",
        disabled=bool(work.wrong),
        on_click=_keep,
        args=(work, files, bench, done),
        key="set-up-write",
    )
    if not work.values and work.before is not None:
        elements.small(say("Nothing is changed."), language)
    if work.before is not None:
        st.button(
            elements.words(say("Read the file again, and forget my changes"), language),
            on_click=_forget,
            args=(work.name,),
            key="set-up-forget",
        )
    with st.expander(elements.words(say("The file as it will be written"), language)):
        st.code(files["trial.toml"], language=None, wrap_lines=True)  # of TOML's colours all pale


def _keep(work: Work, files: dict[str, str], bench: Bench, done: Done) -> None:
    def act() -> Sequence[Text]:
        trial = bench.read(files["trial.toml"], work.file(bench))
        if work.draft is not None:
            bench.make(work.sized, files)
            st.session_state["set-up-made"] = work.draft.slug
            told = words.made(trial)
        else:
            bench.change(work.name, files["trial.toml"], _seen(work))
            told = words.changed(trial)
        _forget(work.name)
        return (told,)

    done.attempt(act)


def _seen(work: Work) -> str:
    return work.before.fingerprint if work.before else ""


def _forget(name: str) -> None:
    """What was filled in, and the fields with it: they are read from the file again."""
    st.session_state.get("set-up-work", {}).pop(name, None)
    for key in list(st.session_state):
        if str(key).startswith(f"set-up-{name}-"):
            del st.session_state[key]
