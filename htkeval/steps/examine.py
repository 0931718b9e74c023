"""What is set up, what is missing."""

from __future__ import annotations

import platform
import shutil
import sys
from collections.abc import Callable
from datetime import date

from htkeval import __version__
from htkeval.claims import refuse_claimed_twice, unknown_names
from htkeval.effect import Check
from htkeval.errors import HtkevalError, Problem, Refused
from htkeval.intake.names import PLACE, counted
from htkeval.steps import protect
from htkeval.steps.case import read_workspace_store
from htkeval.steps.law import law
from htkeval.store.grants import least
from htkeval.store.moving import refuse_moved
from htkeval.text import Text, say
from htkeval.trial_file import load
from htkeval.workspace import LAW, Workspace


def examine(workspace: Workspace, *, today: date) -> tuple[Check, ...]:
    """Is everything in place that the other commands need?"""
    parts = (
        ("software", _software),
        ("workspace", lambda: _municipality(workspace)),
        ("policy", lambda: _policy(workspace)),
        ("money", lambda: _money(workspace)),
        ("trials", lambda: _trials(workspace)),
        ("store", lambda: _store(workspace)),
        ("blobs", lambda: say("Files are kept in {folder}.", folder=str(workspace.blobs))),
        ("runs", lambda: say("MLflow is at {address}.", address=masked(workspace.tracking))),
        ("disk", lambda: _disk(workspace)),
        ("names", lambda: _names(workspace)),
        ("dashboard", lambda: protect.told(workspace)),
        ("programmes", lambda: _programmes(workspace)),
    )
    tried = (_tried(name, part) for name, part in parts)
    return (*tried, _law(workspace, today), *_rights(workspace))


def _tried(name: str, part: Callable[[], Text]) -> Check:
    """A part's sentence, or what is wrong with it."""
    try:
        return Check(name=name, passed=True, message=part())
    except HtkevalError as failed:
        return Check(name=name, passed=False, message=failed.problems[0].sentence)


def _law(workspace: Workspace, today: date) -> Check:
    """The gates' texts; not known where there are none, or where one was read long ago."""
    place = LAW.as_posix()
    try:
        found = law(workspace, today)
    except HtkevalError as failed:
        return Check(name="law", passed=False, message=failed.problems[0].sentence)
    if found is None:
        message = say("No {place}: the gates have no texts to be held against.", place=place)
        return Check(name="law", passed=None, message=message)
    old = [gate for gate, entry in found.gates.items() if entry.old(today)]
    if old:
        gates = ", ".join(old)
        message = say(
            "{place}: texts read more than a year ago: {gates}.", place=place, gates=gates
        )
        return Check(name="law", passed=None, message=message)
    n, day = len(found.gates), found.date
    message = say(
        "{place}: {n} gates, looked through on {day:d MMMM y}.", place=place, n=n, day=day
    )
    return Check(name="law", passed=True, message=message)


def masked(address: str) -> str:
    """An address without its password."""
    scheme, mark, rest = address.partition("://")
    login, at, place = rest.rpartition("@")
    return f"{scheme}{mark}{login.partition(':')[0]}:…@{place}" if at else address


def _software() -> Text:
    return say(
        "htkeval {version} on Python {python}, {system}.",
        version=__version__,
        python=sys.version.split()[0],
        system=platform.system(),
    )


def _municipality(workspace: Workspace) -> Text:
    name = workspace.municipality.name
    return say("{name}, in {folder}.", name=name, folder=str(workspace.root))


def _policy(workspace: Workspace) -> Text:
    policy = workspace.policy
    return say("Version {version}: {status}.", version=policy.version, status=policy.status)


def _money(workspace: Workspace) -> Text:
    """Whether the files about money can be read; a workspace made before has none of them."""
    there = []
    for name, read in (
        ("economics.toml", lambda: workspace.rates),
        ("budget.toml", lambda: workspace.budget),
        ("fund.toml", lambda: workspace.pool),
    ):
        if (workspace.root / "configs" / name).is_file():
            read()
            there.append(name)
    return say("Figures about money: {names}.", names=", ".join(there) or "–")


def _trials(workspace: Workspace) -> Text:
    names = [load(file).id for file in workspace.trial_files]
    if len(names) == 1:
        return say("One trial: {name}.", name=names[0])
    return say("{n} trials: {names}.", n=len(names), names=", ".join(names) or "–")


def _store(workspace: Workspace) -> Text:
    with read_workspace_store(workspace) as store:
        refuse_moved(store)
        waiting = sum(row.state != "sent" for row in store.outbox())
    address = masked(workspace.store)
    if waiting == 1:
        return say("{address}; one run is not in MLflow yet.", address=address)
    return say("{address}; {n} runs are not in MLflow yet.", address=address, n=waiting)


def _names(workspace: Workspace) -> Text:
    """Whether there is a list of names to hold what is kept against; never which names."""
    n, place = counted(workspace.root), PLACE.as_posix()
    if n is None:
        return say(
            "No list of names in {place}; participants' names are not looked for.", place=place
        )
    return say("{place} has {n:#,##0} names; nothing that is kept may hold one.", place=place, n=n)


def _programmes(workspace: Workspace) -> Text:
    """Whether each gain is claimed once, and by and of what there is."""
    programmes, trials = workspace.municipality.programmes, workspace.readable_trials
    refuse_claimed_twice(programmes, trials)
    budget = workspace.budget if (workspace.root / "configs" / "budget.toml").exists() else None
    if astray := unknown_names(programmes, budget, trials):
        place = "configs/municipality.toml, configs/budget.toml"
        raise Refused([Problem(place, one, say("names that are known here")) for one in astray])
    if not programmes:
        return say("No programme stands in configs/municipality.toml.")
    names = ", ".join(one.name for one in programmes)
    return say("{names}; no gain is claimed by two.", names=names)


def _rights(workspace: Workspace) -> tuple[Check, ...]:
    """Whether the server would let history be changed; of a file, or without one, nothing."""
    try:
        with read_workspace_store(workspace) as store, store.reading() as connection:
            found = least(connection)
    except HtkevalError:
        return ()  # said of the store already
    return (found,) if found else ()


def _disk(workspace: Workspace) -> Text:
    free = shutil.disk_usage(workspace.root).free / 1e9
    return say("{free:#,##0.0} GB free.", free=free)
