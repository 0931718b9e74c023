"""A new trial: every kind of tool in every design that is offered, in both languages."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from htkeval.blank import blanks
from htkeval.cli.commands import COMMANDS
from htkeval.cli.speech import words
from htkeval.decision import GATE_NAMES
from htkeval.design.scenario import load_scenario
from htkeval.design.simulate import simulate, to_csv
from htkeval.economics import Economics
from htkeval.errors import Refused, StateError
from htkeval.evaluation.method import planned
from htkeval.intake import rows
from htkeval.intake.units import unit_columns
from htkeval.planning.assumed import assume
from htkeval.planning.closed_form import closed_form
from htkeval.resources import templates
from htkeval.steps.begin import begin, refuse_draft, suggestion
from htkeval.steps.check import remarks_on
from htkeval.steps.draft import Draft, files
from htkeval.steps.foretell import WANTED
from htkeval.steps.proposal import KINDS, SIZES
from htkeval.text import LANGUAGES, Language
from htkeval.trial import NEVER_RANDOMISED, DesignKind
from htkeval.trial_file import load
from htkeval.working_day import working_day
from htkeval.workspace import Workspace, at
from tests.examples import write_workspace
from tests.often import often

TODAY = date(2026, 11, 25)  # a Wednesday
OFFERED = [(kind, design) for kind, its in KINDS.items() for design in its.designs]
SMALL = {
    *((kind, design) for kind, design in OFFERED if kind == "chatbot"),
    *((kind, design) for kind, design in OFFERED if design in ("parallel", "cluster")),
    *((kind, design) for kind, design in OFFERED if design == "difference_in_differences"),
    ("domain_chatbot", "stepped_wedge"),
} - {("chatbot", "interrupted_time_series")}
"""Offers of a size that sees their goal too seldom, because a municipality has no larger one."""
each_offer = pytest.mark.parametrize(("kind", "design"), OFFERED)
each_language = pytest.mark.parametrize("language", LANGUAGES)
FEW = [
    (kind, design)
    for n, (kind, design) in enumerate(OFFERED)
    if design not in {other for _, other in OFFERED[:n]} or KINDS[kind].designs[0] == design
]
"""One of each kind and of each design: both languages promise the same (below)."""
each_sheet = pytest.mark.parametrize(
    ("kind", "design", "language"),
    often(
        [*((*one, "da") for one in OFFERED), *((*one, "en") for one in FEW)],
        [(*one, "da") for one in FEW],
    ),
)


def draft(kind: str = "speech_to_text", design: str | None = None, **changes) -> Draft:
    plan = design or KINDS[kind].designs[0]
    made = Draft(slug="nyt", title="Et nyt forsøg", kind=kind, design=plan, today=TODAY)
    return replace(made, **changes)


def folder(tmp_path: Path, wanted: Draft, language: Language = "da") -> Path:
    for name, text in files(wanted, language, commands=COMMANDS).items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


@pytest.fixture
def place(tmp_path: Path) -> Workspace:
    return at(write_workspace(tmp_path / "place"))


@each_language
@each_offer
def test_every_offer_is_right_and_leaves_only_what_nobody_but_the_lead_knows(
    tmp_path, kind, design, language
):
    trial = load(folder(tmp_path, draft(kind, design), language) / "trial.toml")
    remarks = [words(remark) for remark in remarks_on(trial, wanted=WANTED)]
    capped = [] if trial.design.randomised else ["not randomised: the evidence level is capped"]
    small = [one for one in remarks if "trials of this size would see the goal" in one]
    assert len(small) == ((kind, design) in SMALL)
    assert len([one for one in remarks if "still to be filled in" in one]) == 1
    rest = [one for one in remarks if "still to be filled in" not in one and one not in small]
    assert rest == capped
    assert trial.design.kind == design
    assert trial.technology == kind
    assert trial.primary.source == "timed"
    assert {gate.id for gate in trial.gates} == set(GATE_NAMES)
    assert trial.hard_stops
    assert trial.forecast
    assert any(metric.role == "guardrail" and metric.margin for metric in trial.metrics)
    assert trial.design.status
    assert trial.design.reversible == KINDS[kind].reversible


@each_offer
def test_a_draw_of_the_proposed_size_can_tell_an_effect_from_chance(tmp_path, kind, design):
    """`auto` means re-randomisation only where the draw reaches one minus the level."""
    trial = load(folder(tmp_path, draft(kind, design)) / "trial.toml")
    wanted = "rerandomisation"
    if design in NEVER_RANDOMISED:
        wanted = "reml" if design == "interrupted_time_series" else "cr2"
    assert planned(trial) == wanted


@each_offer
def test_a_proposed_size_sees_its_goal_or_is_as_large_as_a_municipality_has(tmp_path, kind, design):
    """By the closed form: four times in five; else 40 people or 16 teams, where more would do."""
    trial = load(folder(tmp_path, draft(kind, design)) / "trial.toml")
    size = {"units": trial.design.clusters, "tasks_each": trial.design.tasks_each}
    assert None not in size.values()
    found = closed_form(trial, assume(trial), effect=trial.primary.worthwhile, **size)
    assert (found is None) == (design == "interrupted_time_series")
    if found is not None:
        assert (found >= 0.8) == ((kind, design) not in SMALL)
    scenario = load_scenario(tmp_path / "scenario.toml")
    people, teams = scenario.participants, scenario.teams or 0
    assert scenario.tasks_each <= 30
    assert teams <= 16
    assert people <= 8 * teams or people <= 40


@each_sheet
def test_the_scenario_fits_and_its_sheet_is_read_as_it_was_invented(
    tmp_path, kind, design, language
):
    made = folder(tmp_path, draft(kind, design), language)
    trial, scenario = load(made / "trial.toml"), load_scenario(made / "scenario.toml")
    measured = simulate(trial, scenario, seed=scenario.seed)
    sheet = tmp_path / "maal.csv"
    sheet.write_text(to_csv(trial, measured), encoding="utf-8", newline="")
    assert rows.read(trial, sheet).measurements == measured


@each_language
@each_offer
def test_a_folder_names_no_command_column_or_file_that_is_not_there(
    tmp_path, kind, design, language
):
    made = folder(tmp_path, draft(kind, design), language)
    texts = {file: file.read_text(encoding="utf-8") for file in made.rglob("*.md")}
    trial = load(made / "trial.toml")
    columns = {*trial.design.key_columns, *trial.value_columns}
    for file, text in texts.items():
        assert set(re.findall(r"`htkeval ([a-z]+)", text)) <= set(COMMANDS)
        for target in re.findall(r"\]\(([^)]+)\)", text):
            assert (file.parent / target).is_file(), target
        assert not re.search(r"\$\w", text)
    listed = [t for f, t in texts.items() if f.parent.name == "material"]
    for row in re.findall(r"^\| (`[^|]+`) \|", "\n".join(listed), re.M):
        named = {name for name in re.findall(r"`(\w+)`", row) if name.islower()}
        groups = {"frist", "betingelse", "beregning", "procedure", "undtagelse", "summarise"}
        assert named - groups <= columns | {"resumé"}, (named, columns)
    readme = texts[made / "README.md"]
    for metric in trial.metrics:
        assert metric.label in readme
    for gate in trial.gates:
        assert f"`{gate.id}`" in readme
    assert "htkeval simulate" in readme


@each_language
def test_a_missing_sum_of_money_stays_missing_and_its_line_can_be_filled_in(tmp_path, language):
    made = folder(tmp_path, draft(), language)
    file = made / "trial.toml"
    assert load(file).economics == Economics()
    text = file.read_text(encoding="utf-8")
    pattern = r"^# (\w+) = \{ low = , expected = , high = , (source = \"[^\"]+\"), date =  \}"
    filled, n = re.subn(
        pattern,
        r"\1 = { low = 0.2, expected = 0.2, high = 0.2, \2, date = 2026-11-01 }",
        text,
        flags=re.M,
    )
    said = {"price_level": "2026", "takes_effect": "2027-01-01", "account": '"6"', "owner": '"Ida"'}
    for name, value in said.items():
        filled, once = re.subn(rf"^# {name} = [\" ]*", f"{name} = {value} ", filled, flags=re.M)
        assert once == 1
    file.write_text(filled, encoding="utf-8")
    assert n == len(Economics.model_fields) - len(said)
    assert None not in load(file).economics.model_dump().values()


@pytest.mark.campaign
@given(
    st.dates(date(2020, 1, 1), date(2090, 1, 1)),
    st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]), min_size=1, max_size=30),
)
def test_any_day_and_any_title_give_a_right_file(tmp_path_factory, today, title):
    """Five weeks of preparation, a Monday first, a Friday last, or the working day after a public
    holiday; the title comes through whole."""
    made = draft(title=title, today=today)
    refuse_draft(made)
    trial = load(folder(tmp_path_factory.mktemp("one"), made) / "trial.toml")
    assert trial.title == title
    days = [today + timedelta(days=n) for n in range(35, 42)]
    monday = next(day for day in days if day.weekday() == 0)
    assert trial.starts == working_day(monday)
    assert trial.ends == working_day(monday + timedelta(weeks=SIZES["within"].weeks, days=-3))


def test_no_proposed_day_is_a_public_holiday(tmp_path):
    """Easter is on 28 March 2027: twelve weeks from 4 January end on Good Friday, and 24 weeks from
    there on have their middle on Easter Monday."""
    made = draft(today=date(2026, 11, 25))
    assert (made.starts, made.ends) == (date(2027, 1, 4), date(2027, 3, 30))
    series = draft(design="interrupted_time_series", today=date(2026, 11, 25))
    trial = load(folder(tmp_path, series) / "trial.toml")
    assert trial.design.interruption == date(2027, 3, 30)
    whit_monday = draft(today=date(2027, 4, 12))
    assert whit_monday.starts == date(2027, 5, 18)


def test_the_seeds_are_the_first_day_and_the_day_after(tmp_path):
    made = folder(tmp_path, draft(today=date(2026, 12, 25)))  # 35 days on is Friday 29 January
    trial = load(made / "trial.toml")
    assert trial.starts == date(2027, 2, 1)
    assert trial.analysis.seed == 20270201
    assert load_scenario(made / "scenario.toml").seed == 20270202


def test_both_languages_have_the_same_templates():
    def shape(language):
        root = templates(language)
        names = {file.relative_to(root).as_posix() for file in root.rglob("*") if file.is_file()}
        return {name for name in names if "material" not in name}

    assert shape("da") == shape("en")
    assert {path.split("/")[0] for path in shape("da")} == {*KINDS, "design", "shared"}


@each_offer
def test_both_languages_promise_the_same(tmp_path, kind, design):
    """All but words is alike: an English municipality gets the same trial, and the same invented
    truth."""
    told = {}
    for language in LANGUAGES:
        trial = load(folder(tmp_path / language, draft(kind, design), language) / "trial.toml")
        metrics = [m.model_copy(update={"label": "", "unit": ""}) for m in trial.metrics]
        others = [c.model_copy(update={"label": ""}) for c in (*trial.covariates, *trial.also)]
        scenario = load_scenario(tmp_path / language / "scenario.toml")
        groups = [(*g.shares.values(), *g.levels.values()) for g in scenario.groups.values()]
        invented = (scenario.model_copy(update={"groups": {}}), groups)  # their names are words
        told[language] = (trial.design, metrics, others, trial.analysis, trial.starts, invented)
    assert told["da"] == told["en"]


@pytest.mark.parametrize("design", ["crossover", "within"])
def test_training_is_never_planned_so_that_somebody_must_forget(design):
    with pytest.raises(Refused, match="cannot be un-learnt"):
        refuse_draft(draft("chatbot", design))


@pytest.mark.parametrize(
    "slug",
    ["", "Stort", "med mellemrum", "-først", "æøå", "a/b", "..", "a" * 65, "a\n", "a_b", "á"],
)
def test_a_slug_that_cannot_be_a_folder_and_an_address_is_refused_with_one_that_can(slug, place):
    with pytest.raises(Refused, match="SLUG") as refused:
        begin(place, draft(slug=slug), {})
    assert refused.value.problems[0].next_step
    refuse_draft(draft(slug=suggestion(slug)))
    assert [one.name for one in (place.root / "experiments").iterdir()] == ["proeve"]


@pytest.mark.parametrize("title", ["", "  ", "to\nlinjer", "\x7f", "a\u2028b"])
def test_a_title_that_is_no_line_is_refused(title):
    with pytest.raises(Refused, match="--title"):
        refuse_draft(draft(title=title))


@given(st.text(max_size=90))
def test_a_suggested_slug_is_always_one_that_is_taken(typed):
    refuse_draft(draft(slug=suggestion(typed)))


def test_a_folder_that_is_there_is_left_alone(place):
    mine = place.root / "experiments" / "nyt"
    mine.mkdir()
    (mine / "vigtigt.txt").write_text("behold mig")
    with pytest.raises(StateError, match="Nothing was touched"):
        begin(place, draft(), {"trial.toml": "x"})
    assert [one.name for one in mine.iterdir()] == ["vigtigt.txt"]


def test_an_id_that_another_trial_has_is_refused(place):
    (place.root / "experiments" / "proeve").rename(place.root / "experiments" / "anden")
    with pytest.raises(StateError, match="anden"):
        begin(place, draft(slug="proeve"), {})
    assert not (place.root / "experiments" / "proeve").exists()


def test_a_folder_is_written_whole_or_not_at_all(place, monkeypatch):
    real = Path.write_text

    def full(self, *arguments, **options):
        if self.name == "scenario.toml":
            raise OSError(28, "No space left on device")
        return real(self, *arguments, **options)

    monkeypatch.setattr(Path, "write_text", full)
    with pytest.raises(Exception, match="No space left") as failed:
        begin(place, draft(), files(draft(), "da", commands=COMMANDS))
    assert failed.value.exit_code == 3
    assert [one.name for one in (place.root / "experiments").iterdir()] == ["proeve"]


def test_a_step_whose_command_is_not_there_is_left_out():
    """Steps are numbered by Markdown, so what is left out leaves no hole."""
    few = files(draft(), "da", commands={"check", "register"})["README.md"]
    steps = [line for line in few.splitlines() if line.startswith("1. `htkeval")]
    assert [re.findall(r"htkeval (\w+)", step)[0] for step in steps] == ["check", "register"]


LOTS = {
    "within": ("--next", "--participant", "--task"),
    "parallel": ("--units", "`participant`"),
    "crossover": ("--units", "`participant`"),
    "cluster": ("--units", "`team`"),
    "stepped_wedge": ("--units", "`team`"),
}


@each_language
@each_offer
def test_the_step_of_the_draw_is_one_that_the_plan_can_take(tmp_path, kind, design, language):
    """Which command, and which columns a list has, as the definition says; none without a draw."""
    made = folder(tmp_path, draft(kind, design), language)
    trial, readme = load(made / "trial.toml"), (made / "README.md").read_text(encoding="utf-8")
    steps = [line for line in readme.splitlines() if "htkeval allocate" in line]
    assert len(steps) == trial.design.randomised
    assert "$" not in readme
    for step in steps:
        assert all(option in step for option in LOTS[design])
        assert all(f"`{name}`" in step for name in unit_columns(trial))
        assert "--next" not in step or trial.design.one_by_one


@each_language
@pytest.mark.parametrize("design", ["parallel", "crossover"])
def test_the_commented_blocks_can_be_drawn_one_at_a_time(tmp_path, design, language):
    made = folder(tmp_path, draft("other", design), language)
    text = (made / "trial.toml").read_text(encoding="utf-8")
    assert 'allocation = "blocks"' in text
    assert not load(made / "trial.toml").design.one_by_one
    blocks = re.sub(
        r'^allocation = "complete"', 'allocation = "blocks"\nblock = 4', text, flags=re.M
    )
    (made / "trial.toml").write_text(blocks, encoding="utf-8")
    assert load(made / "trial.toml").design.one_by_one


def test_remarks_stand_in_one_column(tmp_path):
    text = (folder(tmp_path, draft()) / "trial.toml").read_text(encoding="utf-8")
    places = {
        line.index(" # ") for line in text.splitlines() if re.match(r'\w+ = [^#"{]+ # ', line)
    }
    assert places == {29}


def test_every_design_has_a_size():
    assert set(SIZES) == set(DesignKind.__args__)


def test_a_blank_is_found_once_over_line_breaks():
    assert blanks("[UDFYLD: a\n b] [UDFYLD: a b] [FILL IN: c] [UDFYLD: ] [x]") == ("a b", "c")


@each_language
def test_looks_can_be_found_and_taken_into_use_by_taking_a_mark_away(tmp_path, language):
    file = folder(tmp_path, draft(), language) / "trial.toml"
    text = file.read_text(encoding="utf-8")
    assert load(file).analysis.looks == (1.0,)
    file.write_text(text.replace("# looks = [1.0]", "looks = [0.5, 1.0]"), encoding="utf-8")
    assert load(file).analysis.looks == (0.5, 1.0)
