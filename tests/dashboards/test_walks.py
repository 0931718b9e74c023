"""Each role's main path through the dashboard, in both languages, on a desktop and on a phone."""

from __future__ import annotations

import io
import json
import re
import shutil
import tomllib
import zipfile
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest

from htkeval.cli.root import run
from htkeval.planning.glance import CHECKED, CHECKED_DRAWS, glance
from htkeval.planning.span import spans
from htkeval.reporting import glance as chance
from htkeval.reporting.numbers import number
from htkeval.reporting.set_up import STEPS
from htkeval.steps.case import read_workspace_store
from htkeval.steps.plan import question
from htkeval.steps.start import make_workspace
from htkeval.text import LANGUAGES, say
from htkeval.trial_file import load
from htkeval.workspace import find
from tests.dashboards.in_a_browser import chromium, free_port, served, told_of_one
from tests.dashboards.walking import SIZES, Walk
from tests.examples import TRIAL, write_trial
from tests.reporting.papers import flat, text_of

pytestmark = pytest.mark.service

TODAY = date.today()  # noqa: DTZ011 - the day of this computer, as the page takes it
UNDER_WAY = (
    TRIAL.replace("2026-01-12", str(TODAY - timedelta(days=10)))
    .replace("2026-04-10", str(TODAY + timedelta(days=80)))
    .replace(
        'date = "dato"',
        'date = "dato"\ntask = "sag"\nallocation = "bernoulli"\nclusters = 8\ntasks_each = 20',
    )
)
VERDICTS = {"da": "Anbefales udbredt", "en": "Recommended for scaling"}
LEVELS = {"da": "Stærk (4 af 5)", "en": "Strong (4 of 5)"}


@dataclass(frozen=True)
class Place:
    """A served workspace, and what the command line says of it."""

    root: Path
    address: str

    def told(self, capsys: Any, *command: str) -> Any:
        """What a command says, as figures."""
        capsys.readouterr()
        assert run([*command, "--format", "json", "--workspace", str(self.root)]) == 0
        return json.loads(capsys.readouterr().out)


def of_trial(status: Any, name: str) -> Any:
    return next(one for one in status["trials"] if one["trial"] == name)


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    """One trial that is told to its end, one that is under way, and a server for every walk."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("htkeval.evaluation.draw.lots.DRAWS", 9_999)  # as the server proves it
        workspace = told_of_one(tmp_path_factory.mktemp("place"))
    write_trial(workspace.root / "experiments" / "proeve", UNDER_WAY)
    assert run(["register", "proeve", "--workspace", str(workspace.root)]) == 0
    port = free_port()
    with served(workspace.root, port):
        yield Place(workspace.root, f"http://127.0.0.1:{port}")


@pytest.fixture
def field(tmp_path):
    """A trial under way in a place of its own: what one lead measures asks nothing of another."""
    workspace = make_workspace(tmp_path / "field")
    for file in workspace.trial_files:
        shutil.rmtree(file.parent)
    write_trial(workspace.root / "experiments" / "proeve", UNDER_WAY)
    assert run(["register", "proeve", "--workspace", str(workspace.root)]) == 0
    port = free_port()
    with served(workspace.root, port):
        yield Place(workspace.root, f"http://127.0.0.1:{port}")


@pytest.fixture(params=SIZES)
def size(request):
    return request.param


@pytest.fixture(params=LANGUAGES)
def language(request):
    return request.param


@pytest.fixture
def walk(request, place, language, size, tmp_path):
    """A fresh browser, of a size, in a language; the role is in the test's name."""
    role = request.node.originalname.removeprefix("test_the_").partition("_")[0]
    with chromium(tmp_path / "profile", SIZES[size]) as context:
        yield Walk(context, place.address, role, language, size)


def test_the_committee_reads_from_the_overview_to_the_paper(place, walk, capsys):
    status = of_trial(place.told(capsys, "status"), "tale-til-tekst")
    budget = place.told(capsys, "budget")
    worth = place.told(capsys, "business", "tale-til-tekst")["message"]["values"]
    with read_workspace_store(find(place.root)) as store:
        effects = store.latest("tale-til-tekst", "analysis").payload["effects"]
    minutes = next(one for one in effects if one["scale"] == "difference")
    saved, least, most = (f"{abs(minutes[key]):.0f}" for key in ("estimate", "high", "low"))
    gave = {
        "da": f"{saved} minutter sparet pr. referat. "
        f"Tallene passer med alt mellem {least} og {most} minutter.",
        "en": f"{saved} minutes saved per referat. "
        f"The measurements fit anything between {least} and {most} minutes.",
    }[walk.language]
    assert (status["verdict"], status["evidence_level"]) == ("go", "E4")

    walk.open("/")
    headline = walk.page.locator("h1").inner_text()
    walk.says(gave, VERDICTS[walk.language], LEVELS[walk.language], say("What is it worth?"))
    carried = next(one for one in budget["years"] if one["year"] == 2027)["kr"]
    thousand = round(carried["expected"] / 1000)
    assert walk.word(say("{n:#,##0}", n=1000 * thousand)) in headline
    walk.says(say("How much of the budget is there evidence for?"), say("Decided, and what waits"))
    walk.charts(2)
    walk.well("overview")

    walk.page.get_by_role("link", name=walk.word("See the whole trial")).first.click()
    walk.page.wait_for_url("**/trial?*trial=tale-til-tekst*")
    walk.rest()
    order = ("What did it give?", "How well is it measured?", "Did quality become worse?",
             "What is it worth?", "Are law, security and co-operation in place?",
             "What has happened on the way?", "Method")  # fmt: skip
    headings = [one.strip() for one in walk.page.locator(".stMain h2").all_inner_texts()]
    places = [headings.index(walk.word(one)) for one in order]
    assert places == sorted(places)
    walk.says(gave.split(". T")[0], VERDICTS[walk.language])
    ends = (1000 * round(abs(worth[key]) / 1000) for key in ("low", "high"))
    walk.says(*(walk.word(say("{n:#,##0}", n=end)) for end in ends))
    without, with_ai = str(status["baseline"]), str(status["treatment"])
    assert walk.table(walk.word("Registered"))[1:] == [without, with_ai]
    assert not re.search(r"\bE[0-5]\b|\bp [=<]", walk.text)  # the method section is closed
    walk.charts(3)
    walk.well("trial")

    walk.to("Other municipalities")
    ratio = next(one for one in effects if one["confirmatory"])
    change = number(100 * (ratio["estimate"] - 1), 0)
    walk.charts(1)
    walk.says(f"{walk.word(change)} (")
    walk.well("neighbours")

    walk.to("Method and words")
    walk.says(VERDICTS[walk.language])
    walk.well("method")

    walk.to("Papers")
    walk.press("Make the paper")
    walk.well("paper")
    paper = walk.download(say("Download as {format}", format="PDF"))
    assert paper.startswith(b"%PDF")
    printed = flat(text_of(paper))
    assert flat(gave.split(". T")[0]) in printed
    assert VERDICTS[walk.language].replace(" ", "") in printed


def test_the_analyst_follows_a_figure_to_its_proof(place, walk, capsys):
    status = of_trial(place.told(capsys, "status"), "tale-til-tekst")
    with read_workspace_store(find(place.root)) as store:
        effects = store.latest("tale-til-tekst", "analysis").payload["effects"]
    first = next(one for one in effects if one["confirmatory"])
    low, mid, high = (walk.word(number(first[key], 2)) for key in ("low", "estimate", "high"))

    walk.open("/effects?trial=tale-til-tekst")
    walk.says(f"{mid} [{low}; {high}]", say("Checks"), say("The same numbers again"))
    walk.says("htkeval analyse tale-til-tekst")
    walk.charts(4)
    walk.well("effects")

    walk.to("Raw data in groups")
    counted = walk.table(walk.word("Registered"))
    assert counted[1:] == [str(status["baseline"]), str(status["treatment"])]
    walk.charts(2)
    walk.well("raw")
    taken = zipfile.ZipFile(io.BytesIO(walk.download("CSV and codebook")))
    assert taken.testzip() is None
    held = {name: taken.read(name) for name in taken.namelist()}
    assert str(first["estimate"])[:8] in held["effects.csv"].decode()
    assert any("codebook" in name for name in held)

    walk.to("Trace and fingerprints")
    walk.says(status["analysis"], status["snapshot"])
    walk.press(say("Prove it now"))
    walk.says(say("Everything agrees: nothing was changed."))
    walk.well("trace")


def test_the_lead_sets_a_trial_up_and_measures_another(field, walk, capsys):
    place, walk.address = field, field.address
    _sets_up(place, walk)
    _plans(place, walk)
    before = of_trial(place.told(capsys, "status"), "proeve")["rows"]
    _times_a_task(place, walk, capsys)
    _hands_a_sheet_in(walk)
    status = of_trial(place.told(capsys, "status"), "proeve")
    assert status["rows"] == before + 1 + ROWS
    walk.open("/progress?trial=proeve")
    counted = walk.table(walk.word("The whole trial"))
    assert counted[1:3] == [str(status["rows"]), str(8 * 20)]
    walk.well("progress")
    _answers_a_query(place, walk, capsys)


def _slug(walk: Walk) -> str:
    return f"vagtplan-{walk.language}-{walk.size}"


def _sets_up(place: Place, walk: Walk) -> None:
    """The wizard writes a file, which is then read back."""
    walk.open("/setup?trial=")
    walk.fill("What is the trial called?", f"Vagtplan {walk.language} {walk.size}")
    assert walk.page.get_by_label(walk.word("Its name in addresses and as a folder"))
    walk.well("tool")
    walk.press("Onward")
    walk.fill("Which question does it answer?", "Lægges vagtplanen hurtigere?")
    walk.fill("Where would the gain arise?", "Hjemmeplejen")
    walk.fill("Who answers for the gain?", "Centerchefen")
    walk.press("Onward")
    walk.press("Onward")
    walk.says(STEPS["people"])
    walk.fill("Participants", "30")
    walk.says("30")
    walk.well("people")
    walk.press("Onward")
    walk.press("Onward")
    walk.page.get_by_text(walk.word("The file as it will be written")).click()
    walk.says('question = "Lægges vagtplanen hurtigere?"')
    walk.press("Write trial.toml")
    file = place.root / "experiments" / _slug(walk) / "trial.toml"
    written = tomllib.loads(file.read_text(encoding="utf-8"))
    assert written["question"] == "Lægges vagtplanen hurtigere?"
    assert written["area"] == "Hjemmeplejen"
    assert written["design"]["clusters"] == 30
    made = load(file)
    assert made.economics is not None
    assert made.economics.owner == "Centerchefen"
    walk.well("written")


def _plans(place: Place, walk: Walk) -> None:
    """A slider is moved, and the chance is what the formula says of that many."""
    workspace = find(place.root)
    trial = load(place.root / "experiments" / _slug(walk) / "trial.toml")

    def chance_of(units: int) -> str:
        each = int(spans(trial, measured=None).tasks_each.start)
        asked = question(
            trial, workspace.policy, units=units, tasks_each=each,
            trials=CHECKED, draws=CHECKED_DRAWS, sizes=False,
        )  # fmt: skip
        return walk.word(chance.summary(trial, glance(asked))[1])

    walk.open(f"/plan?trial={_slug(walk)}")
    walk.says(chance_of(30))
    walk.charts(1)
    slider = walk.page.get_by_role("slider").first
    slider.focus()
    for _ in range(10):
        slider.press("ArrowRight")
    walk.rest()
    assert chance_of(40) != chance_of(30)
    walk.says(chance_of(40))
    walk.well("plan")


def _times_a_task(place: Place, walk: Walk, capsys: Any) -> None:
    """On a phone with the clock, on a desktop by its form."""
    task = f"sag {walk.language} {walk.size}"
    walk.open(f"/time?trial=proeve&participant={WHO[walk.language, walk.size]}")
    walk.fill("Task", task)
    walk.press("Draw how it is done")
    walk.says(say("This is how it is done (drawn by lot)"))
    drawn = walk.page.locator(".st-key-drawn-arm").inner_text()
    if walk.size == "phone":
        walk.press("Start")
        runs_on = say("Saved at {time}. You can close the page; the clock runs on.", time="§")
        walk.page.get_by_text(walk.word(runs_on).partition("§. ")[2]).wait_for()
        walk.well("clock")
        walk.press("Stop")
    else:
        walk.page.get_by_text(
            walk.word("Enter it afterwards, or say why it could not be done")
        ).click()
        walk.fill(say("How long it took ({unit})", unit=say("minutes")), "12,5")
    walk.page.get_by_text(walk.word("No"), exact=True).first.click()
    walk.well("form")
    walk.press("Save and take the next")
    walk.until(walk.word(say("Saved at {time}.", time="")).strip(" ."))
    walk.well("saved")
    found = place.told(capsys, "rows", "proeve", "--task", task)["rows"]
    (row,) = [one for one in found if one["keys"]["sag"] == task]
    assert ("Med AI" if row["arm"] == "treatment" else "I hånden") in drawn
    timed = row["values"]["minutter"]
    assert 0 < timed < 10 if walk.size == "phone" else timed == 12.5


ROWS = 24
WHO = {("da", "desktop"): "M-07", ("da", "phone"): "M-08",
       ("en", "desktop"): "M-09", ("en", "phone"): "M-10"}  # fmt: skip
"""Whose task is timed: a clock of one walk is not seen in another."""
DAY = TODAY - timedelta(days=3)


def _sheet(walk: Walk) -> bytes:
    """Six people's tasks of last week; of the last one nobody took the time."""
    taken = Random(f"{walk.language} {walk.size}")  # nobody's times are another's again
    lines = ["arm;medarbejder;sag;dato;minutter;fejl"]
    for n in range(ROWS):
        minutes = f"{taken.uniform(28, 44):.1f}".replace(".", ",")
        if n == ROWS - 1 and walk.size == "desktop":  # by the clock a second's task is asked about
            minutes = ""
        who, what = f"M-{n % 6 + 1:02}", f"ark {walk.language} {walk.size} {n}"
        lines.append(f"{('uden', 'med')[n % 2]};{who};{what};{DAY:%d-%m-%Y};{minutes};0")
    return "\n".join(lines).encode()


def _hands_a_sheet_in(walk: Walk) -> None:
    walk.to("Sheets")
    assert walk.download("Fetch as CSV").decode("utf-8-sig").count("minutter") >= 1
    sent = {"name": "uge.csv", "mimeType": "text/csv", "buffer": _sheet(walk)}
    walk.page.locator("input[type=file]").set_input_files(sent)
    walk.says(say("This is how it is read"), say("Nothing is stored yet."))
    assert walk.table("minutter")
    walk.well("preview")
    walk.press(say("Store {n:#,##0} rows", n=ROWS))
    walk.until({"da": f"Målinger: {ROWS}.", "en": f"{ROWS} measurements stored"}[walk.language])
    walk.well("stored")


def _answers_a_query(place: Place, walk: Walk, capsys: Any) -> None:
    """What nobody timed, or timed in a second, is asked about; it is answered and closed."""

    def waiting() -> int:
        found = place.told(capsys, "query", "proeve")["queries"]
        return sum(one["status"] in ("open", "answered", "reopened") for one in found)

    before = waiting()
    assert before
    walk.to("Queries")
    walk.says(say("What did you find out?"))
    assert any(walk.word(why) in walk.text for why in ("nothing there", "another unit?"))
    walk.well("query")
    walk.fill("What did you find out?", "Uret blev glemt.")
    walk.press("Keep the answer")
    walk.press("Close the query")
    # the button is gone: who has no mouse goes on from what is said of it, not from the top
    walk.page.wait_for_function("document.activeElement.matches('.st-key-said-queries')")
    walk.well("closed")
    assert waiting() == before - 1
