"""The files of a trial that somebody is about to plan, written from the package's templates."""

from __future__ import annotations

import json
import re
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from string import Template

from htkeval.resources import templates
from htkeval.steps.proposal import KINDS, SIZES, Size, ToolKind, tasks_each
from htkeval.text import Language, Text, render, say
from htkeval.trial import DesignKind
from htkeval.working_day import working_day

LEAD_TIME = timedelta(weeks=5)
"""From today to the first day that is proposed: consultation, register and draw come before."""


@dataclass(frozen=True)
class Draft:
    """What a new trial is asked to be."""

    slug: str
    """The trial's id and its folder's name."""
    title: str
    """Its name for people."""
    kind: ToolKind
    """The kind of tool."""
    design: DesignKind
    """The plan of the comparison."""
    today: date
    """The day on which it is written: the dates that are proposed follow from it."""
    first: date | None = None
    """The first day of measurement, where somebody chose another than is proposed."""
    last: date | None = None
    """The last day, likewise."""
    units: int | None = None
    """People, or teams where they are the units, where somebody chose another size."""
    unit_tasks: int | None = None
    """Tasks of each unit, likewise."""

    @property
    def starts(self) -> date:
        """The first Monday that leaves time to prepare, or the working day after it."""
        return self.first or working_day(self._monday)

    @property
    def ends(self) -> date:
        """A Friday, or the working day after it."""
        return self.last or self._after(SIZES[self.design].weeks, days=-3)

    @property
    def size(self) -> Size:
        """How large it is: as proposed for the design, else as somebody chose."""
        usual = SIZES[self.design]
        if self.units is None:
            return usual
        if usual.teams is None:
            return replace(usual, people=self.units)
        people = max(self.units, round(self.units * usual.people / usual.teams))
        return replace(usual, teams=self.units, people=people)

    @property
    def tasks_each(self) -> int:
        """Tasks that a person is planned to do."""
        if self.unit_tasks is None:
            return tasks_each(self.kind, self.design)
        size = self.size
        return max(1, round(self.unit_tasks * (size.teams or size.people) / size.people))

    @property
    def kept_until(self) -> date:
        """The last day of the year after: the gain is looked for within it."""
        return date(self.ends.year + 1, 12, 31)

    @property
    def middle(self) -> date:
        """A Monday half-way, or the working day after it."""
        return self._after(SIZES[self.design].weeks // 2)

    @property
    def _monday(self) -> date:
        earliest = self.today + LEAD_TIME
        return earliest + timedelta(days=-earliest.weekday() % 7)

    def _after(self, weeks: int, *, days: int = 0) -> date:
        return working_day(self._monday + timedelta(weeks=weeks, days=days))


def files(draft: Draft, language: Language, *, commands: Collection[str]) -> dict[str, str]:
    """The files of the new trial's folder, by their path in it.

    Args:
        draft: What is asked for.
        language: In which language.
        commands: The commands that this program has; a step that needs another is left out.
    """
    root = templates(language)
    own = root / draft.kind
    parts = _parts(root, draft)
    values = _values(draft, language)
    made = {}
    for file in sorted(own.rglob("*")):
        if file.is_file():
            whole = Template(_read(file)).safe_substitute(parts)
            text = Template(_doable(whole, commands)).substitute(values)
            made[file.relative_to(own).as_posix()] = _aligned(text)
    return made


_LOTS: dict[DesignKind, str] = {
    "within": "lots_tasks.md",
    "parallel": "lots_people.md",
    "crossover": "lots_people.md",
    "cluster": "lots_teams.md",
    "stepped_wedge": "lots_teams.md",
}
"""The step at which lots are drawn, where they are."""


def _read(file: Path) -> str:
    return file.read_text(encoding="utf-8")


def _parts(root: Path, draft: Draft) -> dict[str, str]:
    """Pieces that several templates share, by the name under which they are called for."""
    shared = {
        name: _read(root / "shared" / file)
        for name, file in (
            ("analysis", "analysis.toml"),
            ("economics", "economics.toml"),
            ("retention", "retention.toml"),
            ("gates", "gates.toml"),
            ("people_table", "people.md"),
            ("promise", "promise.md"),
            ("gates_table", "gates.md"),
            ("steps", "steps.md"),
        )
    }
    drawn = _LOTS.get(draft.design)
    lots = _read(root / "shared" / drawn) if drawn else ""
    shared["steps"] = Template(shared["steps"]).safe_substitute(lots=lots)
    design = root / "design" / draft.design
    why = _read(design.with_suffix(".md")).rstrip("\n")
    return {**shared, "design": _read(design.with_suffix(".toml")), "why": why}


def _doable(text: str, commands: Collection[str]) -> str:
    """The text without the steps whose command this program has not got."""
    return "".join(
        line
        for line in text.splitlines(keepends=True)
        if not line.startswith("1. `htkeval ")
        or (named := re.findall(r"`htkeval ([a-z]+)", line)) == []
        or set(named) <= set(commands)
    )


def _aligned(text: str) -> str:
    """The text with the remarks after a key's value in one column: values differ in length."""
    return _REMARK.sub(lambda found: f"{found[1]:<29} # {found[2]}", text)


_REMARK = re.compile(r"^(\w+ = (?:\"[^\"\n]*\"|[^\s\"#]+)) +# (.*)$", re.M)

_DRAWS: dict[bool, Text] = {
    True: say("half of each person's tasks are drawn to AI"),
    False: say("a draw for each task, just before it"),
}
_REVERSIBLE: dict[bool, Text] = {
    True: say("the tool can be put away again"),
    False: say("what was learnt cannot be un-learnt"),
}


def _task_word(draft: Draft, language: Language) -> str:
    """What several tasks are called, as the kind's own template says."""
    found = re.search(r'many = "(.+?)"', _read(templates(language) / draft.kind / "trial.toml"))
    assert found  # a test reads every template
    return found[1]


def _values(draft: Draft, language: Language) -> dict[str, str]:
    """What stands in the slots, as text."""
    kind, size = KINDS[draft.kind], draft.size
    fixed = draft.kind == "domain_chatbot"  # a list of questions can be halved exactly
    each = draft.tasks_each
    units = size.teams or size.people
    total = each * size.people
    seed = f"{draft.starts:%Y%m%d}"
    people = _people(draft, size, icc="0.05" if size.teams else "0.15")
    return {
        "slug": draft.slug,
        "title": draft.title,
        "title_quoted": json.dumps(draft.title, ensure_ascii=False),
        "starts": draft.starts.isoformat(),
        "ends": draft.ends.isoformat(),
        "starts_text": render(say("{day:d MMMM y}", day=draft.starts), language),
        "ends_text": render(say("{day:d MMMM y}", day=draft.ends), language),
        "kept_until": draft.kept_until.isoformat(),
        "kept_until_text": render(say("{day:d MMMM y}", day=draft.kept_until), language),
        "seed": seed,
        "scenario_seed": str(int(seed) + 1),
        "clusters": str(units),
        "tasks_each": str(total // units),
        "baseline_tasks": str(total // 2),
        "steps": str(size.steps),
        "interruption": draft.middle.isoformat(),
        "tasks": _task_word(draft, language),
        "task_columns": "\n".join(kind.columns),
        "task_column": kind.columns[0].split('"')[1],
        "allocation": "complete" if fixed else "bernoulli",
        "draw": render(_DRAWS[fixed], language),
        "reversible": str(kind.reversible).lower(),
        "reversible_why": render(_REVERSIBLE[kind.reversible], language),
        "people_planned": render(_planned(size, each), language),
        **people,
    }


def _people(draft: Draft, size: Size, *, icc: str) -> dict[str, str]:
    """The lines of a scenario that the design decides."""
    told = {"participants": size.people, "tasks_each": draft.tasks_each}
    told |= {"teams": size.teams} if size.teams else {}
    told |= {"periods": size.periods} if size.periods > 1 else {}
    lines = [f"{name} = {number}" for name, number in told.items()]
    lines += ["participant_icc = 0.15"] if draft.design == "cluster" else []
    return {"people": "\n".join(lines), "icc": icc}


def _planned(size: Size, tasks: int) -> Text:
    """How many take part, as the last line of what is tried."""
    if size.teams:
        return say(
            "The plan counts on {teams} units with about {people} employees, {tasks} tasks each.",
            teams=size.teams,
            people=size.people,
            tasks=tasks,
        )
    return say(
        "The plan counts on {people} employees, {tasks} tasks each.",
        people=size.people,
        tasks=tasks,
    )
