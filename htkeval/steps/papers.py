"""The committee's papers: what one is made from, keeping its file, and which are kept."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from htkeval.business_case import BusinessCase
from htkeval.decision import Actor
from htkeval.errors import HtkevalError, Problem, StateError
from htkeval.event import ELSEWHERE, Event, EventKind
from htkeval.fund import Fund
from htkeval.intake.free_text import refuse, refuse_listed
from htkeval.intake.names import listed
from htkeval.knowing import Knowing
from htkeval.paper import Behind, KeptPaper, PaperKind, Template
from htkeval.paper_file import PaperFile, PaperFormat
from htkeval.portfolio import Portfolio, TrialState
from htkeval.steps.applications import fund
from htkeval.steps.case import read_case, read_workspace_store
from htkeval.steps.states import portfolio
from htkeval.steps.worth import RATES, going_on, supported, worth
from htkeval.store import blobs
from htkeval.store.reading import Reading
from htkeval.store.store import Store
from htkeval.supported import Supported
from htkeval.text import Language, say
from htkeval.workspace import Workspace

MOST_GOING_ON = 4
"""Trials of which a paper tells what it costs and is worth to go on: it has a paragraph of so many,
those that wait for a decision first."""
MOST_WORTHS = 20
"""Trials whose business case a paper of all has in its annex, those that are decided on first."""


def behind(
    workspace: Workspace,
    *,
    day: date,
    trial: str | None = None,
    whole: Portfolio | None = None,
    budget: Supported | None = None,
) -> Behind:
    """All that a paper is made from, read once.

    Args:
        workspace: Where it is.
        day: The day of the meeting.
        trial: The id of the trial that it is about; None: all.
        whole: Where every trial stands, where that is read already.
        budget: The budget beside the evidence, likewise.
    """
    whole = whole or portfolio(workspace, today=day)
    budget = budget or _budget(workspace)
    about = [one for one in whole.trials if trial in (None, one.trial.id)]
    rules = workspace.policy
    worths = _worths(workspace, about, more=trial is not None) if budget else {}
    return Behind(
        portfolio=whole,
        template=template(workspace),
        day=day,
        policy=f"{rules.version} ({rules.status})",
        budget=budget,
        worths=worths,
        fund=_fund(workspace),
        going_on=_going_on(workspace, about, worths) if budget else {},
    )


def template(workspace: Workspace) -> Template:
    """What papers are called; searched as all texts that are kept.

    Raises:
        Refused: Something in configs/paper.toml names a person.
    """
    found = workspace.paper
    own = [found.da.about, found.en.about, *(one.da for one in found.annexes)]
    texts = {"configs/paper.toml": "\n".join(one for one in own if one)}
    if texts["configs/paper.toml"]:
        refuse(texts)
        refuse_listed(texts, listed(workspace.root, None))
    return found


def _budget(workspace: Workspace) -> Supported | None:
    if not (workspace.root / RATES).is_file():
        return None
    try:
        return supported(workspace)
    except HtkevalError:  # what of it cannot be read is told by `htkeval budget`
        return None


def _worths(
    workspace: Workspace, about: list[TrialState], *, more: bool
) -> dict[str, BusinessCase]:
    found = {}
    for state in [one for one in about if one.analysis is not None][:MOST_WORTHS]:
        try:
            with read_case(workspace, state.trial.id) as case:
                found[state.trial.id] = worth(case, workspace, more=more)
        except HtkevalError:
            continue
    return found


def _going_on(
    workspace: Workspace, about: list[TrialState], worths: Mapping[str, BusinessCase]
) -> dict[str, Knowing]:
    """Of the first trials whose advice is to go on; what is known already is not drawn again."""
    found: dict[str, Knowing] = {}
    advised = [s for s in about if s.recommendation and s.recommendation.verdict == "prolong"]
    for state in advised[:MOST_GOING_ON]:
        worth = worths.get(state.trial.id)
        known = (worth.knowing if worth else None) or going_on(state, workspace.rates)
        if known is not None:
            found[state.trial.id] = known
    return found


def _fund(workspace: Workspace) -> Fund | None:
    try:
        pool = workspace.pool
    except HtkevalError:
        return None
    with read_workspace_store(workspace) as store:
        return fund(store, pool)


def kept(store: Reading) -> tuple[KeptPaper, ...]:
    """Every paper that is kept, in the order in which they were."""
    return tuple(_read(event) for event in store.events(kind="paper"))


def the_one(store: Reading, wanted: str) -> KeptPaper:
    """The paper of an id. Raises `StateError` where there is none."""
    every = kept(store)
    for one in every:
        if one.id == wanted.strip().upper():
            return one
    raise StateError(
        Problem(
            say("paper {id}", id=wanted.strip() or "–"),
            say("no such paper"),
            say("one of {keys}", keys=", ".join(one.id for one in every) or "–"),
            say("`htkeval paper` lists them."),
        )
    )


def last(store: Reading) -> KeptPaper | None:
    """The newest paper of all trials that is kept; None where none is."""
    whole = [one for one in kept(store) if one.trial is None]
    return whole[-1] if whole else None


def keep(
    store: Store,
    workspace: Workspace,
    content: bytes,
    *,
    kind: PaperKind,
    trial: str | None,
    form: PaperFormat,
    language: Language,
    fingerprint: str,
    title: str,
    day: date,
    since: date | None,
    public: bool,
    simulated: bool,
    analyses: tuple[str, ...],
    actor: Actor,
    now: datetime,
) -> KeptPaper:
    """Keep a paper's file for good; the same file again is not kept twice.

    Args:
        store: The record.
        workspace: Where the files are.
        content: Its bytes.
        kind, trial, form, language, title, day, since, public, simulated, analyses: What it is.
        fingerprint: Of what it says, as printed on it.
        actor, now: Who keeps it, and when.
    """
    store.refuse_adding(trial or ELSEWHERE, "paper", actor)
    name = blobs.put(workspace.blobs, content)
    known = next((one for one in kept(store) if one.sha256 == name), None)
    if known is not None:
        return known
    said: dict[str, Any] = {
        "kind": kind,
        "of": trial,
        "format": form,
        "language": language,
        "sha256": name,
        "content": fingerprint,
        "title": title,
        "day": day.isoformat(),
        "since": since.isoformat() if since else None,
        "public": public,
        "simulated": simulated,
        "analyses": list(analyses),
    }

    def make(inside: Store) -> tuple[str, EventKind, dict[str, Any]]:
        number = len(inside.events(kind="paper")) + 1
        return trial or ELSEWHERE, "paper", {"paper": f"P{number}", **said}

    return _read(store.append_made(make, actor=actor, now=now))


def of_analysis(store: Reading, analysis: str) -> tuple[str | None, tuple[PaperFile, ...]]:
    """The newest paper that tells of an analysis: what it says, and its files.

    A paper of the trial goes before one of all, and the newest file of each format and language
    counts; status papers are none that is decided on.
    """
    told = [one for one in kept(store) if analysis in one.analyses and one.kind != "status"]
    if not told:
        return None, ()
    newest = max(told, key=lambda one: (one.trial is not None, one.event))
    same = {
        (one.language, one.format): PaperFile(
            format=one.format, language=one.language, sha256=one.sha256
        )
        for one in told
        if one.content == newest.content
    }
    return newest.content, tuple(same[key] for key in sorted(same))


def _read(event: Event) -> KeptPaper:
    said = event.payload
    return KeptPaper(
        id=said["paper"],
        kind=said["kind"],
        trial=said["of"],
        format=said["format"],
        language=said["language"],
        sha256=said["sha256"],
        content=said["content"],
        title=said["title"],
        day=said["day"],
        since=said["since"],
        public=said["public"],
        simulated=said["simulated"] or event.simulated,
        analyses=tuple(said["analyses"]),
        at=event.at,
        by=event.actor.name,
        event=event.seq,
    )
