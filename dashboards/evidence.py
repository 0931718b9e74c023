"""The one place where the app reads and asks, through caches that are never stale."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

import streamlit as st

from dashboards import session
from htkeval.business_case import BusinessCase
from htkeval.decision import Policy
from htkeval.economics import Rates
from htkeval.effect import Check
from htkeval.errors import HtkevalError, Problem, StateError
from htkeval.event import ELSEWHERE
from htkeval.evidence_package import EvidencePackage
from htkeval.evidence_pool import PooledQuestion, Waiting
from htkeval.fund import Fund
from htkeval.in_groups import InGroups
from htkeval.kept_row import RowHistory
from htkeval.knowing import Knowing
from htkeval.local_day import local_day
from htkeval.municipality import Municipality
from htkeval.outlook import Glance, Outlook
from htkeval.paper import KeptPaper
from htkeval.paper_file import PaperFormat
from htkeval.planning.assumed import Assumed
from htkeval.planning.outlook import Question
from htkeval.portfolio import Portfolio, TrialState
from htkeval.progress import Progress
from htkeval.query import Query
from htkeval.reporting.calibration import Campaign
from htkeval.rights import Identity
from htkeval.strategy import Strategy
from htkeval.supported import Supported
from htkeval.text import Language, Text, say
from htkeval.trace import Trace
from htkeval.trial import Trial
from htkeval.workspace import Workspace, find

if TYPE_CHECKING:
    from htkeval.steps.case import Case
    from htkeval.store.store import Store


def workspace() -> Workspace:
    """The workspace that `htkeval dashboard` named, else the one around the working folder, opened
    for whoever asks: every store and trial that is opened in it knows what he may do.

    Raises:
        NotAllowed: Nobody has logged in.
    """
    found = find(Path.cwd())
    return replace(found, who=session.who(found.roles))


def language() -> Language:
    """The municipality's language, whoever asks."""
    return find(Path.cwd()).municipality.language


def refused(place: Workspace, reason: str, *, what: str, trial: str | None = None) -> None:
    """Keep that a page refused somebody something."""
    from htkeval.store import watch

    if place.who is not None:
        now = datetime.now(UTC)
        watch.refused(place.store, place.who.actor, reason, trial=trial, what=what, now=now)


def refuse_a_lost_store(place: Workspace) -> None:
    """Where files of a store are and the store is not, nothing is shown as if nothing had been
    measured, and no new store begins beside what the old one promised.

    Raises:
        StateError: The store was moved or deleted.
    """
    from htkeval.store import opening

    url = opening.url_of(place.store)
    file = Path(url.database or "")
    if url.get_backend_name() != "sqlite" or file.exists():
        return
    if any(one.is_file() for one in place.blobs.rglob("*")):
        found = say("no store, though files of one are there")
        put_back = say(
            "Put the store back from a copy. `htkeval doctor` shows which place is used."
        )
        expected = say("a store that htkeval made")
        where = say("the store {place}", place=opening.place_of(url))
        raise StateError(Problem(where, found, expected, put_back))


def _again(root: str, rights: object) -> Workspace:
    """The same workspace inside a cache, where it has the rights that are part of the key."""
    found = find(Path(root), given=root)
    return replace(found, who=Identity.model_validate_json(rights)) if rights else found  # type: ignore[arg-type]


def _rights(who: Identity | None) -> str:
    """What somebody may do, as part of a key."""
    return who.model_dump_json() if who else ""


def load(place: Workspace) -> Portfolio:
    """Where every trial stands, as the store and the files say it now."""
    today = local_day(datetime.now(UTC))
    return _portfolio(str(place.root), place.store, today, _state_of(place))


@st.cache_resource(max_entries=8, show_spinner=False)
def _portfolio(root: str, store: str, today: date, state: tuple[object, ...]) -> Portfolio:
    """Read once for each day and state of the store and the files, which are the key.

    Everybody is shown the same frozen object: to copy that of a hundred trials for each page takes
    longer than to draw it.
    """
    from htkeval.steps import states
    from htkeval.steps.case import Case, read_workspace_store

    here = _again(root, state[0])
    with read_workspace_store(here) as opened:
        newest = opened.newest_of_each()

    def known(opened: Store, file: Path, policy: Policy) -> TrialState:
        written = _written(file)
        trial = _defined(str(file), written)
        moment = (state[0], _moment(newest, trial.id, policy), written, policy.fingerprint)
        case = Case(store=opened, blobs=here.blobs, file=trial)
        found = _stands(case, policy, str(file), store, today, moment)
        if _rests_on_what_is_gone(here, found):
            return states.state(case, policy=policy, today=today)  # says what is gone
        return found

    return states.portfolio(here, today=today, reading=known)


def _moment(newest: Mapping[str, object], trial: str, policy: Policy) -> tuple[object, ...]:
    """What has happened to a trial, and to those of others that the policy weighs it by."""
    return newest.get(trial), newest.get(ELSEWHERE) if policy.go.neighbours else None


def _rests_on_what_is_gone(place: Workspace, stands: TrialState) -> bool:
    from htkeval.store import blobs

    kept = stands.analysis_fingerprint
    return kept is not None and not blobs.path(place.blobs, kept).is_file()


def _written(file: Path) -> tuple[object, ...]:
    """When and as what a file was written. Its time alone is not enough: a copy may bring its own,
    and a clock ticks slower than two writes."""
    found = file.stat()
    return str(file), found.st_mtime_ns, found.st_ctime_ns, found.st_size, found.st_ino


@st.cache_resource(max_entries=2000, show_spinner=False)
def _defined(file: str, written: tuple[object, ...]) -> Trial:
    """A definition as it was written at a time."""
    from htkeval.trial_file import load

    del written
    return load(Path(file))


@st.cache_resource(max_entries=2000, show_spinner=False)
def _stands(
    _case: Case, _policy: Policy, file: str, store: str, today: date, moment: tuple[object, ...]
) -> TrialState:
    """One trial, read again only when something has happened to it: while people take time, every
    minute brings an event of one trial among a hundred."""
    from htkeval.steps.states import state

    del file, store, moment
    return state(_case, policy=_policy, today=today)


def ends_with(place: Workspace) -> Strategy:
    """What every trial has to say to the AI strategy."""
    today = local_day(datetime.now(UTC))
    return _ends_with(str(place.root), place.store, today, _state_of(place))


@st.cache_resource(max_entries=8, show_spinner=False)
def _ends_with(root: str, store: str, today: date, state: tuple[object, ...]) -> Strategy:
    from htkeval.reporting.strategy import strategy

    return strategy(load(_again(root, state[0])))


def money(place: Workspace) -> Supported | None:
    """What of the budget the evidence carries; None where the municipality's figures are missing
    or contradict themselves."""
    today = local_day(datetime.now(UTC))
    try:
        return _money(str(place.root), place.store, today, _state_of(place))
    except HtkevalError:
        return None


@st.cache_resource(max_entries=8, show_spinner=False)
def _money(root: str, store: str, today: date, state: tuple[object, ...]) -> Supported:
    from htkeval.steps.worth import supported

    del store, today
    here = _again(root, state[0])
    return supported(here, load(here).trials)


def going_on(place: Workspace, stands: TrialState) -> Knowing | None:
    """What it costs and is worth to go on with a trial, where that is the advice; None as for
    `money`. Drawn again only when something that it follows from has changed: a trial's own events
    and others' do not move it."""
    advice = stands.recommendation
    if advice is None or advice.verdict != "prolong":
        return None
    try:
        rates = place.rates
    except HtkevalError:
        return None
    said = (
        stands.trial.model_dump_json(),
        rates.model_dump_json(),
        stands.analysis_fingerprint,
        stands.prior,
        stands.prior_registered,
        advice.next.n_more,
        stands.simulated,
    )
    rights = _rights(place.who.for_sums() if place.who else None)
    return _going_on(stands, rates, rights, _print_of(said))


@st.cache_resource(max_entries=500, show_spinner=False)
def _going_on(_stands: TrialState, _rates: Rates, rights: str, said: str) -> Knowing | None:
    from htkeval.steps.worth import going_on

    del rights, said
    return going_on(_stands, _rates)


def fund(place: Workspace) -> Fund | None:
    """The pool and its applications; None where the municipality has not stated one."""
    try:
        return _fund(str(place.root), place.store, _state_of(place))
    except HtkevalError:
        return None


@st.cache_resource(max_entries=4, show_spinner=False)
def _fund(root: str, store: str, state: tuple[object, ...]) -> Fund:
    from htkeval.steps.applications import fund
    from htkeval.steps.case import read_workspace_store

    del store
    here = _again(root, state[0])
    with read_workspace_store(here) as opened:
        return fund(opened, here.pool)


def questions(place: Workspace) -> tuple[PooledQuestion, ...]:
    """What is known here of each question, ours and that of others."""
    today = local_day(datetime.now(UTC))
    return _questions(str(place.root), place.store, today, _state_of(place))


@st.cache_resource(max_entries=4, show_spinner=False)
def _questions(
    root: str, store: str, today: date, state: tuple[object, ...]
) -> tuple[PooledQuestion, ...]:
    from htkeval.steps.case import read_workspace_store
    from htkeval.steps.pool import pooled

    here = _again(root, state[0])
    with read_workspace_store(here) as opened:
        newest = opened.newest_of_each()

    def saying(case: Case, municipality: Municipality, policy: Policy) -> EvidencePackage | Waiting:
        moment = (state[0], today, _moment(newest, case.file.id, policy), state[-1])
        return _says(case, municipality, policy, case.file.id, root, store, moment)

    return pooled(here, saying=saying)


@st.cache_resource(max_entries=2000, show_spinner=False)
def _says(
    _case: Case,
    _municipality: Municipality,
    _policy: Policy,
    trial: str,
    place: str,
    store: str,
    moment: tuple[object, ...],
) -> EvidencePackage | Waiting:
    """What one trial says to its question, made again only when something has happened to it."""
    from htkeval.steps.pool import says

    del trial, place, store, moment
    return says(_case, _municipality, _policy)


def worth(place: Workspace, trial: str) -> BusinessCase | None:
    """What one trial is worth, and what it is worth to know more; None as for `money`."""
    today = local_day(datetime.now(UTC))
    try:
        return _worth(str(place.root), place.store, trial, today, _state_of(place))
    except HtkevalError:
        return None


@st.cache_resource(max_entries=100, show_spinner=False)
def _worth(
    root: str, store: str, trial: str, today: date, state: tuple[object, ...]
) -> BusinessCase:
    from htkeval.steps.case import read_case
    from htkeval.steps.worth import worth

    del store, today
    here = _again(root, state[0])
    with read_case(here, trial) as case:
        return worth(case, here, more=True)


STATEMENT: dict[Language, str] = {"da": "tilgaengelighed.md", "en": "accessibility.md"}
"""The accessibility statement's file; a test holds what they list against what is found."""


def statement(language: Language) -> str:
    """The accessibility statement as it is written."""
    return (Path(__file__).resolve().parent / STATEMENT[language]).read_text(encoding="utf-8")


def campaign() -> Campaign | None:
    """What came of the trials in which nothing happened; None where it is not stored."""
    from htkeval.reporting import calibration

    try:
        return calibration.campaign()
    except FileNotFoundError:
        return None


def known(place: Workspace, trial: str) -> Assumed | None:
    """What a trial's measurements without the tool say of the work; None where there are none."""
    return _known(str(place.root), place.store, trial, _state_of(place))


@st.cache_resource(max_entries=100, show_spinner=False)
def _known(root: str, store: str, trial: str, state: tuple[object, ...]) -> Assumed | None:
    from htkeval.steps import plan
    from htkeval.steps.case import read_case

    del store
    with read_case(_again(root, state[0]), trial) as case:
        return plan.known(case)


def row_history(place: Workspace, trial: str) -> RowHistory:
    """What was done to a trial's rows; which values may be seen depends on the day.

    Kept for one person and one day: that he has read them is in the record, once a day.
    """
    today = datetime.now(UTC).date().isoformat()
    return _row_history(str(place.root), place.store, trial, today, _mine(place))


@st.cache_data(max_entries=100, show_spinner=False)
def _row_history(
    root: str, store: str, trial: str, today: str, state: tuple[object, ...]
) -> RowHistory:
    from htkeval.steps.case import read_case
    from htkeval.steps.history import row_history

    del store, today
    with read_case(_again(root, state[0]), trial) as case:
        return row_history(case, now=datetime.now(UTC))


def in_groups(place: Workspace, trial: str) -> InGroups | Text | None:
    """What the frozen rows of the newest analysis show in groups; a sentence where nothing may be
    shown, None where they cannot be read."""
    try:
        return _in_groups(str(place.root), place.store, trial, _state_of(place))
    except HtkevalError:
        return None


@st.cache_resource(max_entries=100, show_spinner=False)
def _in_groups(root: str, store: str, trial: str, state: tuple[object, ...]) -> InGroups | Text:
    from htkeval.steps.case import read_case
    from htkeval.steps.in_groups import in_groups

    del store
    with read_case(_again(root, state[0]), trial) as case:
        return in_groups(case)


def trace(place: Workspace, trial: str) -> Trace:
    """What is kept of a trial, with its fingerprints."""
    return _trace(str(place.root), place.store, trial, _state_of(place))


@st.cache_resource(max_entries=100, show_spinner=False)
def _trace(root: str, store: str, trial: str, state: tuple[object, ...]) -> Trace:
    from htkeval.steps.case import read_case
    from htkeval.steps.trace import trace

    del store
    with read_case(_again(root, state[0]), trial) as case:
        return trace(case)


def proof(place: Workspace) -> tuple[Check, ...]:
    """Every fingerprint worked out again, now: what is asked for is never read from a cache."""
    from htkeval.steps.prove import prove

    return prove(place, runs=False)


def figures_file(place: Workspace, trial: str, form: str, language: Language) -> bytes:
    """The figures or the pictures of a trial's newest analysis as one file."""
    return _figures_file(str(place.root), place.store, trial, form, language, _state_of(place))


@st.cache_data(max_entries=20, show_spinner=False)
def _figures_file(
    root: str, store: str, trial: str, form: str, language: Language, state: tuple[object, ...]
) -> bytes:
    from htkeval.reporting import analyst, bundle
    from htkeval.reporting.charts import files
    from htkeval.steps.case import read_case
    from htkeval.steps.in_groups import in_groups
    from htkeval.steps.take_away import shown, take_away

    del store
    with read_case(_again(root, state[0]), trial) as case:
        if form in ("csv", "parquet"):
            return bundle.zipped(take_away(case, form))
        analysis, found = shown(case), in_groups(case)
        pictures = analyst.pictures(
            case.trial, analysis, None if isinstance(found, Text) else found
        )
    drawn: dict[str, bytes] = {}
    for name, picture in pictures.items():
        if form == "svg":
            drawn[f"{name}.svg"] = files.svg(
                picture, language, simulated=analysis.simulated, width=WIDE
            ).encode()
        else:
            drawn[f"{name}.png"] = files.png(
                picture, language, simulated=analysis.simulated, width=WIDE
            )
    return bundle.zipped(drawn)


WIDE = 854
"""Pixels of a chart that is taken away: what a page's column is wide."""


def progress(place: Workspace, trial: str) -> Progress | None:
    """How far a trial is today; None where it cannot be told."""
    today = local_day(datetime.now(UTC))
    try:
        return _progress(str(place.root), place.store, trial, (*_state_of(place), today))
    except HtkevalError:
        return None


@st.cache_resource(max_entries=100, show_spinner=False)
def _progress(root: str, store: str, trial: str, state: tuple[object, ...]) -> Progress:
    from htkeval.steps.case import read_case
    from htkeval.steps.progress import progress

    del store
    with read_case(_again(root, state[0]), trial) as case:
        return progress(case, now=datetime.now(UTC))


def queries(place: Workspace, trial: str) -> tuple[Query, ...]:
    """What looks odd in a trial's rows, and how far each question is; kept as `row_history`."""
    return _queries(str(place.root), place.store, trial, _mine(place))


@st.cache_resource(max_entries=100, show_spinner=False)
def _queries(root: str, store: str, trial: str, state: tuple[object, ...]) -> tuple[Query, ...]:
    from htkeval.steps.case import read_case
    from htkeval.steps.queries import queries

    del store
    with read_case(_again(root, state[0]), trial) as case:
        return queries(case)


def empty_sheet(place: Workspace, trial: str, ending: str, language: Language) -> bytes:
    """The sheet that an office fills in, with what was drawn; kept as `row_history`."""
    return _empty_sheet(str(place.root), place.store, trial, ending, language, _mine(place))


@st.cache_data(max_entries=100, show_spinner=False)
def _empty_sheet(
    root: str,
    store: str,
    trial: str,
    ending: str,
    language: Language,
    state: tuple[object, ...],
) -> bytes:
    from htkeval.steps.case import read_case
    from htkeval.steps.template import template

    del store
    with read_case(_again(root, state[0]), trial) as case:
        return template(case, ending=ending, language=language)


def simulated(place: Workspace, trial: str) -> bool:
    """Whether a trial's measurements are invented."""
    from htkeval.steps.case import read_case

    with read_case(place, trial) as case:
        return case.store.is_simulated(case.file.id)


def promised(place: Workspace, trial: str) -> bool:
    """Whether a trial's definition was promised, so that it is changed by a deviation only."""
    from htkeval.steps.case import read_case

    with read_case(place, trial) as case:
        return case.registration is not None


def remarks(place: Workspace, trial: Trial, file: Path) -> tuple[Text, ...]:
    """What `htkeval check` says of a definition that stands in a file, or would."""
    from htkeval.reporting.remarks import doubts
    from htkeval.steps.check import claimed_twice, remarks_on
    from htkeval.steps.foretell import wanted

    today = local_day(datetime.now(UTC))
    return (
        *remarks_on(trial, wanted=wanted(place)),
        *doubts(trial, file=file, today=today),
        *claimed_twice(trial, place),
    )


def plan_of(place: Workspace, trial: Trial) -> Glance | None:
    """What a definition's own size could see; None where it states none."""
    from htkeval.planning.glance import CHECKED, CHECKED_DRAWS
    from htkeval.steps.plan import question

    try:
        asked = question(trial, place.policy, trials=CHECKED, draws=CHECKED_DRAWS, sizes=False)
    except HtkevalError:
        return None
    return at_once(asked)


def papers(place: Workspace) -> tuple[KeptPaper, ...]:
    """The papers that are kept, oldest first."""
    from htkeval.steps.case import read_workspace_store
    from htkeval.steps.papers import kept

    with read_workspace_store(place) as store:
        return kept(store)


def kept_paper(place: Workspace, one: KeptPaper) -> bytes:
    """The bytes of a paper that is kept; the store says that it is, to whoever may open it."""
    from htkeval.steps.case import read_workspace_store
    from htkeval.steps.papers import the_one
    from htkeval.store import blobs

    with read_workspace_store(place) as store:
        return blobs.read(place.blobs, the_one(store, one.id).sha256)


def paper(
    place: Workspace, trial: str | None, form: PaperFormat, language: Language, *, public: bool
) -> bytes:
    """The paper of a trial, or of all, as it would be written today."""
    today = local_day(datetime.now(UTC))
    state = _state_of(place)
    return _paper(str(place.root), place.store, trial, form, language, public, today, state)


@st.cache_data(max_entries=30, show_spinner=False)
def _paper(
    root: str,
    store: str,
    trial: str | None,
    form: PaperFormat,
    language: Language,
    public: bool,
    today: date,
    state: tuple[object, ...],
) -> bytes:
    from htkeval.reporting.paper.files import file
    from htkeval.reporting.paper.make import make
    from htkeval.steps.papers import behind

    del store
    read = behind(_again(root, state[0]), day=today, trial=trial)
    return file(make(read, trial=trial, public=public), form, language)


MOST_COUNTED = 100
"""Plans whose invented trials are remembered."""


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

    kept = _counted()
    found = outlook(question, share=telling(map, parts=parts(question), tell=tell))
    while len(kept) >= MOST_COUNTED:
        kept.pop(next(iter(kept)), None)
    kept[repr(question)] = found
    return found


def _mine(place: Workspace) -> tuple[object, ...]:
    """As `_state_of`, for what tells of single people: one person's, for one day."""
    return (_rights(place.who), local_day(datetime.now(UTC)), *_state_of(place))


def _state_of(place: Workspace) -> tuple[object, ...]:
    """The role, the newest event, how far what MLflow still lacks has come, which blobs are there,
    and every file that has a say, as it was written.

    What is kept under the role is everybody's who has it: while it is made, nothing of single
    people can be read. The newest event is known by its link: a store that was put back from a copy
    counts from there again.
    """
    from sqlalchemy import func, select

    from htkeval.steps.case import read_workspace_store
    from htkeval.store.schema import event, outbox

    link = select(event.c.hash).order_by(event.c.seq.desc()).limit(1)
    tried = select(outbox.c.state, func.count(), func.sum(outbox.c.attempts))
    waiting = tried.where(outbox.c.state != "sent").group_by(outbox.c.state)
    with read_workspace_store(place) as store, store.reading() as connection:
        newest = connection.scalar(link)
        unsent = tuple(sorted(tuple(row) for row in connection.execute(waiting)))
    files = (*place.trial_files, *sorted((place.root / "configs").glob("*.toml")))
    kept = place.blobs / "sha256"
    folders = (kept, *sorted(kept.glob("*/")))
    there = tuple(_written(folder) for folder in folders if folder.is_dir())
    rights = _rights(place.who.for_sums() if place.who else None)
    written = tuple(_written(file) for file in files)
    return rights, _print_of((newest, unsent, there)), _print_of(written)


def _print_of(known: object) -> str:
    """A long part of a key as a short one: a cache takes longer to look through it than to read."""
    return sha256(repr(known).encode()).hexdigest()
