"""How far a trial is, read from its record."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, TypeVar

from htkeval.kept_row import KeptRow
from htkeval.local_day import local_day
from htkeval.progress import ByArm, DrawnFlow, Fate, Flow, FlowStep, Part, Progress, Withheld
from htkeval.queries.values import REFUSED
from htkeval.small_cells import beside_both, beside_total, beside_totals, shown, small
from htkeval.steps.case import Case
from htkeval.steps.drawn import drawn_word
from htkeval.steps.queries import kept_rows, queries
from htkeval.trial import ARMS, BY_TEAM, Arm, Trial
from htkeval.working_day import working_day

if TYPE_CHECKING:
    from htkeval.evaluation.flow import Became
    from htkeval.evaluation.flow import Group as FateGroup

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")

Group = tuple[str | None, Sequence[KeptRow], float | None]
"""The name of a part, its rows, and its share of the plan."""
Step = dict[str, str | int | None]
"""A step of the flow, before it is read as one."""
HELD: Withheld = "derivable"
"""The one reason that is told: which of two parts is the small one would say how small it is. Of
eight people two parts of under five each are four and four."""
MOST_WEEKS = 520
"""Weeks that are listed: ten years."""


def progress(case: Case, *, now: datetime) -> Progress:
    """How far a trial is: rows against the plan, queries, refusals, and what became of each row.

    Args:
        case: The trial.
        now: The present: a week to come is not late.
    """
    trial = case.trial
    rows = kept_rows(case)
    counting = [row for row in rows if row.counts]
    asked = queries(case, rows)
    still_open = [one for one in asked if one.status in ("open", "reopened")]
    status = trial.design.status
    unit, drawn, tells = _drawn(case, rows)
    known, seen = case.store.people_known(trial.id), _people(trial, counting)
    tells = tells or (seen is not None and small(known - len(seen)))  # who has no rows
    became = _became(case, rows)
    flow = _flow(case, rows, became, unit, drawn)
    refused = sum(bool(status) and row.keys.get(status or "") == REFUSED for row in counting)
    return Progress(
        open_queries=len(still_open),
        open_by_rule=dict(Counter(one.rule for one in still_open)),
        answered_queries=sum(one.status == "answered" for one in asked),
        refused=_refused(became, flow, refused),
        parts=tuple(_parts(case, counting, local_day(now), people=not tells)),
        flow=flow,
    )


def _parts(case: Case, rows: Sequence[KeptRow], today: date, *, people: bool) -> Iterator[Part]:
    """How many rows there are in all is told in any case: whoever adds a sheet is told, too."""
    trial = case.trial
    planned = _planned(trial)
    everybody = _people(trial, rows)
    whole = everybody if people else None
    told = len(whole) if whole and not small(len(whole)) else None
    yield Part(of="all", name=None, rows=len(rows), planned=planned, people=told)
    shares = _shares(trial) if planned is not None else {}
    arms = [(arm, [row for row in rows if row.arm == arm]) for arm in ARMS]
    beside: tuple[Arm | None, ...] = ARMS
    if any(beside_total([_people(trial, mine) for _, mine in arms])):
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
    who = [_people(trial, mine) for _, mine, _ in groups]
    times = Counter(person for these in who for person in these or ())
    if small(sum(n > 1 for n in times.values())):
        whole = None
    by_arm = [
        [_people(trial, (row for row in mine if arm in (None, row.arm))) for arm in beside]
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


def _people(trial: Trial, rows: Iterable[KeptRow]) -> frozenset[str | None] | None:
    """Whose rows they are; None where rows name nobody."""
    column = trial.design.participant
    return None if column is None else frozenset(row.keys.get(column) for row in rows) - {None}


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


def _flow(
    case: Case,
    rows: Sequence[KeptRow],
    became: Became | None,
    unit: str | None,
    drawn: tuple[DrawnFlow, ...],
) -> Flow:
    """Rows of people who were forgotten are in none of it."""
    trial = case.trial
    in_arm = {arm: [row for row in rows if row.arm == arm] for arm in ARMS}
    by_hand = {arm: sum(not row.counts for row in mine) for arm, mine in in_arm.items()}
    kept = [[row for row in mine if row.counts] for mine in in_arm.values()]
    by_arm = not any(
        any(beside_total([_people(trial, mine) for mine in arms]))
        for arms in (in_arm.values(), kept)
    )

    def told(n: Mapping[Arm, int]) -> dict[str, int | None]:
        arms: dict[str, int | None] = {arm: n[arm] if by_arm else None for arm in ARMS}
        return {"rows": sum(n.values()), **arms}

    steps: list[Step] = [{"fate": "by_hand", **told(by_hand)}] if any(by_hand.values()) else []
    steps += _steps(became, told, by_arm=by_arm)
    came = {arm: len(mine) for arm, mine in in_arm.items()}
    return Flow(
        unit=unit,
        drawn=drawn,
        came_in=ByArm.model_validate(told(came)),
        steps=tuple(FlowStep.model_validate(one) for one in steps),
    )


def _steps(
    became: Became | None,
    told: Callable[[Mapping[Arm, int]], dict[str, int | None]],
    *,
    by_arm: bool,
) -> list[Step]:
    """What became of the rows that nobody left out; fates of few people are told as one sum.

    Where that would keep back how many rows count, no step is told by arm, if it can be told then.
    """
    if became is None:
        return [{"fate": "analysed", **told(dict.fromkeys(ARMS, 0))}]
    groups = {
        fate: arms
        for fate, arms in became.fates.items()
        if fate == "analysed" or any(one.rows for one in arms.values())
    }
    held = _held(groups, by_arm=by_arm)
    if by_arm and "analysed" in held and "analysed" not in _held(groups, by_arm=False):
        held, by_arm = _held(groups, by_arm=False), False
    nothing: dict[str, int | None] = {"rows": None, "baseline": None, "treatment": None}
    counted = {fate: {arm: one.rows for arm, one in arms.items()} for fate, arms in groups.items()}

    def step(n: Mapping[Arm, int]) -> dict[str, int | None]:
        return told(n) if by_arm else {**nothing, "rows": sum(n.values())}

    steps: list[Step] = [
        {"fate": fate, **(nothing if fate in held else step(n))} for fate, n in counted.items()
    ]
    if held:
        whole = {arm: sum(counted[fate][arm] for fate in held) for arm in ARMS}
        steps.append({"fate": "together", **step(whole)})
    return steps


def _held(groups: Mapping[Fate, Mapping[Arm, FateGroup]], *, by_arm: bool) -> frozenset[Fate]:
    """The fates that are not told apart: those of few people, and what would give them away.

    The rows that count are told beside the result, so they are withheld only where the others
    together are of few people; then the result does not tell them either.
    """
    who = {fate: _by_column(arms, by_arm=by_arm) for fate, arms in groups.items()}
    who = {fate: cells for fate, cells in who.items() if any(one is None or one for one in cells)}
    if len(who) < 2:  # its rows are all there are, and these are told
        return frozenset()
    lost = [fate for fate in who if fate != "analysed"]
    held = {
        fate for fate, out in zip(lost, beside_totals([who[f] for f in lost]), strict=True) if out
    }
    together = [
        frozenset[str]().union(*(who[fate][at] or () for fate in held))
        for at in range(len(who[lost[0]]))
    ]
    few = [small(len(one or ())) for one in (*together, *who.get("analysed", ()))]
    return frozenset(
        (*who,) if any(few) and not held else (*held, "analysed") if any(few) else held
    )


def _by_column(arms: Mapping[Arm, FateGroup], *, by_arm: bool) -> tuple[frozenset[str] | None, ...]:
    """Whose rows they are in each arm, or in both together."""
    each = tuple(arms[arm].people for arm in ARMS if arms[arm].rows or by_arm)
    if by_arm or any(one is None for one in each):
        return each
    return (frozenset[str]().union(*(one or () for one in each)),)


def _became(case: Case, rows: Sequence[KeptRow]) -> Became | None:
    """What became of the rows that nobody left out; None where there is none."""
    counting = tuple(row.measurement for row in rows if row.counts)
    if not counting:
        return None
    from htkeval.evaluation.flow import fates
    from htkeval.store import snapshots

    return fates(case.trial, snapshots.table(case.trial, counting))


def _refused(became: Became | None, flow: Flow, n: int) -> int | None:
    """How many tasks were refused; None where it, or it less what the flow tells, is of few."""
    if became is None or not n:
        return n
    held = any(step.fate == "refused" and step.rows is None for step in flow.steps)
    groups = (became.refused, became.otherwise, became.rest)
    return None if held or any(small(len(who or ())) for who in groups) else n


def _drawn(case: Case, rows: Sequence[KeptRow]) -> tuple[str | None, tuple[DrawnFlow, ...], bool]:
    """Units that were drawn, and how many of them were measured, by what they drew; and whether a
    number of people elsewhere would give away how many were not."""
    listed = case.store.allocated(case.file.id)
    if listed is None:
        return None, (), False
    trial = case.trial
    seen = {tuple(row.keys.get(name) or "" for name in listed.columns) for row in rows}
    by_word: dict[str, list[bool]] = defaultdict(list)
    for unit, pattern in zip(listed.named(), listed.drawn, strict=True):
        by_word[drawn_word(trial, listed.patterns[pattern])].append(unit in seen)
    counts = {word: (sum(its), len(its) - sum(its)) for word, its in sorted(by_word.items())}
    people = listed.columns == (trial.design.participant,)
    flow = _of_people(counts) if people else _of_units(counts)
    return " / ".join(listed.columns), flow, any(one.withheld for one in flow)


def _of_units(counts: Mapping[str, tuple[int, int]]) -> tuple[DrawnFlow, ...]:
    return tuple(
        DrawnFlow(drawn=word, units=seen + missing, measured=seen, unmeasured=missing)
        for word, (seen, missing) in counts.items()
    )


def _of_people(counts: Mapping[str, tuple[int, int]]) -> tuple[DrawnFlow, ...]:
    """Of people a part of one to four is not told, nor anything that would give it away."""
    table = shown(tuple(counts.values()))
    found = []
    for place, word in enumerate(counts):
        seen, missing = table.cells[place]
        whole = table.rows[place]
        held = HELD if None in (seen, missing, whole) else None
        one = {"drawn": word, "units": whole, "measured": seen, "unmeasured": missing}
        found.append(DrawnFlow.model_validate({**one, "withheld": held}))
    return tuple(found)
