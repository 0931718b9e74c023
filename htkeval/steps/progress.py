"""How far a trial is, read from its record."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import TypeVar

from htkeval.kept_row import KeptRow
from htkeval.local_day import local_day
from htkeval.progress import Part, Progress
from htkeval.queries.values import REFUSED
from htkeval.query import Query, QueryRule
from htkeval.small_cells import beside_both, beside_total, small
from htkeval.steps.became import HELD, became_of, drawn_of, flow_of, people_of, refused_of
from htkeval.steps.case import Case
from htkeval.steps.queries import kept_rows, queries
from htkeval.trial import ARMS, BY_TEAM, Arm, Trial
from htkeval.working_day import working_day

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")

Whose = frozenset[str | None]
"""Whose some rows are."""
Group = tuple[str | None, Sequence[KeptRow], float | None]
"""The name of a part, its rows, and its share of the plan."""
MOST_WEEKS = 520
"""Weeks that are listed: ten years."""


def progress(case: Case, *, now: datetime) -> Progress:
    """How far a trial is: rows against the plan, queries, refusals, and what became of each row.

    Args:
        case: The trial.
        now: The present: a week to come is not late.
    """
    trial = case.trial
    rows = kept_rows(case, counted=True)
    counting = [row for row in rows if row.counts]
    asked = queries(case, rows)
    by_row = {row.number: frozenset(people_of(trial, [row]) or ()) for row in rows}
    still_open = [one for one in asked if one.status in ("open", "reopened")]
    answered = [one for one in asked if one.status == "answered"]
    status = trial.design.status
    unit, drawn, tells = drawn_of(case, rows)
    known, seen = case.store.people_known(trial.id), people_of(trial, counting)
    tells = tells or (seen is not None and small(known - len(seen)))  # who has no rows
    became = became_of(case, rows)
    flow = flow_of(case, rows, became, unit, drawn)
    refused = sum(bool(status) and row.keys.get(status or "") == REFUSED for row in counting)
    return Progress(
        open_queries=_many(still_open, by_row),
        open_by_rule=_by_rule(still_open, by_row),
        answered_queries=_many(answered, by_row),
        refused=refused_of(became, flow, refused),
        parts=tuple(_parts(case, counting, local_day(now), people=not tells)),
        flow=flow,
    )


def _behind(asked: Iterable[Query], by_row: Mapping[int, Whose]) -> Whose | None:
    """Whose rows those queries are about that are about one row; None where none names anybody.

    A query about many rows is told for itself: it hides no other in their sum.
    """
    each = [by_row.get(one.row, frozenset()) for one in asked if one.row is not None]
    return frozenset[str | None]().union(*each) or None


def _many(asked: Sequence[Query], by_row: Mapping[int, Whose]) -> int | None:
    who = _behind(asked, by_row)
    return None if who is not None and small(len(who)) else len(asked)


def _by_rule(asked: Sequence[Query], by_row: Mapping[int, Whose]) -> dict[QueryRule, int | None]:
    """How many each rule asks, beside how many there are in all."""
    by_rule = _grouped((one.rule, one) for one in asked)
    who = [_behind(its, by_row) for its in by_rule.values()]
    none = _many(asked, by_row) is None
    held = zip(by_rule.items(), beside_total(who), strict=True)
    return {rule: None if none or few else len(its) for (rule, its), few in held}


def _parts(case: Case, rows: Sequence[KeptRow], today: date, *, people: bool) -> Iterator[Part]:
    """How many rows there are in all is told in any case: whoever adds a sheet is told, too."""
    trial = case.trial
    planned = _planned(trial)
    everybody = people_of(trial, rows)
    whole = everybody if people else None
    told = len(whole) if whole and not small(len(whole)) else None
    yield Part(of="all", name=None, rows=len(rows), planned=planned, people=told)
    shares = _shares(trial) if planned is not None else {}
    arms = [(arm, [row for row in rows if row.arm == arm]) for arm in ARMS]
    beside: tuple[Arm | None, ...] = ARMS
    if any(beside_total([people_of(trial, mine) for _, mine in arms])):
        beside = (None,)  # what the arms have is not told
    yield from _told(
        trial,
        "arm",
        [(arm, mine, shares.get(arm)) for arm, mine in arms],
        planned=planned,
        whole=whole,
    )
    weeks = _weeks(trial)
    begun = {week for week in weeks if week <= _iso(today)}
    by_week = _grouped((week, row) for row, week in zip(rows, _week_of(case, rows), strict=True))
    names = sorted({*begun, *(name for name in by_week if name)}) + ([None] * (None in by_week))
    yield from _told(
        trial,
        "week",
        [(w, by_week.get(w, []), weeks.get(w or "")) for w in names],
        planned=planned,
        whole=whole,
        beside=beside,
    )
    if trial.design.team is not None:
        by_team = _grouped((row.keys.get(trial.design.team), row) for row in rows)
        known = [name for name in by_team if name is not None]
        of_all = trial.design.clusters if trial.design.kind in BY_TEAM else None
        share = 1 / of_all if of_all else None
        teams: list[Group] = [(team, by_team[team], share) for team in sorted(known)]
        teams += [(None, by_team[None], None)] if None in by_team else []
        yield from _told(trial, "team", teams, planned=planned, whole=whole, beside=beside)


def _told(
    trial: Trial,
    of: str,
    groups: Sequence[Group],
    *,
    planned: float | None,
    whole: frozenset[str | None] | None,
    beside: Sequence[Arm | None] = (None,),
) -> Iterator[Part]:
    """The parts of one table, those of few people withheld.

    How many people's a part is can be told where those of the whole (None: not to be told) that
    have no row in it are not few either. Where the arms are told `beside` it, a team or a week
    that is in one arm must not be that arm less the others. Where one to four people are in more
    than one part, these together less the whole would be they.
    """
    who = [people_of(trial, mine) for _, mine, _ in groups]
    times = Counter(person for these in who for person in these or ())
    if small(sum(n > 1 for n in times.values())):
        whole = None
    by_arm = [
        [people_of(trial, (row for row in mine if arm in (None, row.arm))) for arm in beside]
        for _, mine, _ in groups
    ]
    for (name, mine, share), these, held in zip(groups, who, beside_both(by_arm), strict=True):
        yield Part.model_validate(
            {
                "of": of,
                "name": name,
                "rows": None if held else len(mine),
                "planned": None if planned is None or share is None else planned * share,
                "people": _told_beside(these, whole) if not held else None,
                "withheld": HELD if held else None,
            }
        )


def _told_beside(
    these: frozenset[str | None] | None, whole: frozenset[str | None] | None
) -> int | None:
    if these is None or whole is None or small(len(whole - these)):
        return None
    return len(these)


def _planned(trial: Trial) -> float | None:
    design = trial.design
    if design.clusters is None or design.tasks_each is None:
        return None
    return float(design.clusters * design.tasks_each)


def _shares(trial: Trial) -> dict[str, float]:
    """The part of the plan that each arm has; nothing where the calendar gives it."""
    if trial.design.kind == "crossover":
        return {"baseline": 0.5, "treatment": 0.5}
    if trial.design.kind not in ("within", "parallel", "cluster"):
        return {}
    low, high = trial.design.ratio
    return {"baseline": low / (low + high), "treatment": high / (low + high)}


def _weeks(trial: Trial) -> dict[str, float]:
    """By ISO week: its part of the trial's working days."""
    days = [trial.starts + timedelta(n) for n in range((trial.ends - trial.starts).days + 1)]
    worked = [day for day in days[: 7 * MOST_WEEKS] if working_day(day) == day]
    by_week = _grouped((_iso(day), day) for day in worked)
    return {week: len(mine) / len(worked) for week, mine in by_week.items()}


def _iso(day: date) -> str:
    year, week, _ = day.isocalendar()
    return f"{year}-W{week:02d}"


def _week_of(case: Case, rows: Sequence[KeptRow]) -> list[str | None]:
    """The week of each row: of its day, or where the plan has none of its delivery."""
    column = case.trial.design.date
    if column is None:
        came = {event.seq: _iso(local_day(event.at)) for event in case.deliveries}
        return [came.get(row.event) for row in rows]
    return [_week_told(row.keys.get(column)) for row in rows]


def _week_told(day: str | None) -> str | None:
    try:
        return _iso(date.fromisoformat(day[:10])) if day else None
    except ValueError:
        return None


def _grouped(pairs: Iterable[tuple[K, V]]) -> dict[K, list[V]]:
    found: dict[K, list[V]] = defaultdict(list)
    for key, value in pairs:
        found[key].append(value)
    return dict(found)
