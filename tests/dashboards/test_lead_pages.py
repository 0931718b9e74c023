"""The lead's pages without a browser: set-up, sheets, progress, queries; and what they refuse."""

from __future__ import annotations

import shutil
from datetime import date
from hashlib import sha256
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from htkeval.cli.root import run
from htkeval.errors import EnvironmentFailed, HtkevalError, Problem, Refused, StateError, UsageError
from htkeval.steps import set_up
from htkeval.steps.case import open_case, open_workspace_store
from htkeval.steps.hand_in import Sheet, take
from htkeval.steps.queries import queries
from htkeval.text import LANGUAGES
from htkeval.toml_edit import edited
from htkeval.trial_file import load
from htkeval.workspace import Workspace, find
from tests.dashboards import places
from tests.dashboards.pages_on_nouns import at_this_computer, text_of
from tests.examples import TRIAL, sheet, write_trial, write_workspace
from tests.often import often

HOSTILE = ("<script>alert(1)</script>", "å" * 4000, "\u202eشريط *fed* [x](http://y)", "{title}")


def script(page, language, query):
    import streamlit as st

    from dashboards import elements, leading
    from htkeval.errors import HtkevalError

    for key, value in query.items():
        if key not in st.query_params:
            st.query_params[key] = value
    drawn = {}

    def kept(draw, title, path):
        drawn[path] = draw

    def read():
        from dashboards import evidence

        return evidence.load(evidence.workspace())

    leading.pages(kept, read, language, time_page=None)
    try:
        drawn[page]()
    except HtkevalError as error:
        elements.problem(error, language)


def shown(page: str, language: str = "da", **query: str) -> AppTest:
    made = AppTest.from_function(script, args=(page, language, query), default_timeout=30).run()
    assert not made.exception, made.exception
    return made


@pytest.fixture
def place(tmp_path, monkeypatch) -> Workspace:
    """A workspace with one trial that nobody has registered."""
    root = write_workspace(tmp_path / "place", TRIAL.replace("2026-", "2099-"))
    monkeypatch.chdir(root)
    at_this_computer(monkeypatch)
    return find(root, given=str(root))


PAGES = ("sheets", "progress", "queries", "setup")


@pytest.mark.parametrize("page", often(PAGES, ["sheets", "setup"]))
def test_an_empty_workspace_gives_a_page_that_says_so(place, page):
    shutil.rmtree(place.root / "experiments" / "proeve")
    made = shown(page)
    assert len(made.title) == 1
    told = "forsøg" in text_of(made) or page == "setup"
    assert told


@pytest.mark.parametrize(
    ("page", "language"),
    often(
        [(page, language) for page in PAGES for language in LANGUAGES],
        [("setup", "da"), ("queries", "en")],
    ),
)
def test_a_trial_without_measurements_gives_a_page(place, page, language):
    made = shown(page, language, trial="proeve")
    assert len(made.title) == 1
    assert "Streamlit" not in text_of(made)


@pytest.mark.parametrize("title", often(HOSTILE, HOSTILE[:1]))
def test_a_hostile_title_is_text_on_every_page(place, title):
    changed = edited(TRIAL.replace("2026-", "2099-"), {("title",): title})
    write_trial(place.root / "experiments" / "proeve", changed)
    for page in PAGES:
        made = shown(page, trial="proeve")
        assert "<script>" not in "".join(one.value for one in made.markdown if one.allow_html)


@pytest.mark.parametrize("page", often(PAGES, ["setup"]))
def test_an_address_that_leaves_the_workspace_gives_a_sentence(place, page):
    made = shown(page, trial="../../etc/passwd")
    assert "Der er intet forsøg med det navn" in text_of(made)


@pytest.mark.parametrize("page", often(PAGES, ["queries"]))
def test_a_store_that_cannot_be_read_gives_a_sentence(place, page):
    assert run(["add", "proeve", str(_sheet(place))]) == 0
    (place.root / ".htkeval" / "store.db").write_bytes(b"no database" * 999)
    made = shown(page, trial="proeve")
    assert "Traceback" not in text_of(made)
    assert len(made.title) >= 1


def _sheet(place: Workspace, text: str | None = None, name: str = "maal.csv") -> Path:
    file = place.root / name
    file.write_text(sheet(year=2099) if text is None else text, encoding="utf-8")
    return file


def handed_in(made: AppTest, text: str, name: str = "maal.csv") -> AppTest:
    (field,) = made.file_uploader
    field.upload(name, text.encode(), "text/csv")
    made.run()
    assert not made.exception, made.exception
    return made


def button(made: AppTest, label: str):
    labels = {one.label.replace("\u00a0", " "): one for one in made.button}
    (found,) = [one for told, one in labels.items() if told.startswith(label)]
    return found


def test_a_sheet_is_seen_as_the_command_line_sees_it_and_then_stored(place, capsys):
    text = sheet(year=2099)
    assert run(["add", "proeve", "--preview", str(_sheet(place)), "--lang", "da"]) == 0
    made = handed_in(shown("sheets", trial="proeve"), text)
    said = text_of(made)
    for line in (
        "48",
        "uden: rækker: 24",
        "med: rækker: 24",
        "decimalkomma",
        "Intet er gemt endnu",
    ):
        assert line in said
    button(made, "Gem 48 rækker").click().run()
    assert not made.exception
    assert "gemt som levering 1" in text_of(made)
    with open_case(place, "proeve") as case:
        assert sum(case.store.counts("proeve").values()) == 48
    again = handed_in(made, text)
    button(again, "Gem 48").click().run()
    assert "allerede" in text_of(again)
    with open_case(place, "proeve") as case:
        assert sum(case.store.counts("proeve").values()) == 48


def test_a_bad_sheet_is_refused_in_the_command_lines_words_and_has_no_button(place):
    text = sheet(year=2099).replace("\nM00;", "\n010190-1234;", 1).replace(";0\n", ";syv\n", 1)
    made = handed_in(shown("sheets", trial="proeve"), text)
    assert "CPR" in text_of(made)
    assert "010190-1234" not in text_of(made)
    assert not [one for one in made.button if one.label.startswith("Gem")]
    with open_case(place, "proeve") as case:
        assert not case.store.counts("proeve")


def test_another_sheet_than_the_one_that_was_seen_is_not_stored(place, actor):
    given = Sheet("maal.csv", sheet(year=2099).encode())
    with open_case(place, "proeve") as case:
        with pytest.raises(HtkevalError, match="another sheet"):
            take(case, given, seen=sha256(b"").hexdigest(), actor=actor, now=_now())
        assert not case.store.counts("proeve")


def _now():
    from datetime import UTC, datetime

    return datetime.now(UTC)


@pytest.mark.parametrize("name", ["010190-1234.csv", "../../mette@example.dk.csv"])
def test_a_name_of_a_file_that_gives_somebody_away_is_refused_and_not_repeated(place, actor, name):
    given = Sheet(name, sheet(year=2099).encode())
    with open_case(place, "proeve") as case:
        with pytest.raises(Refused) as refused:
            take(case, given, seen=given.fingerprint, actor=actor, now=_now())
        told = refused.value.message("da")
        assert "filens navn" in told
        assert "1234" not in told
        assert "mette" not in told
        assert not case.store.counts("proeve")


@pytest.mark.parametrize(
    ("name", "plain"),
    [
        ("..\\..\\a.csv", "a.csv"),
        ("/etc/x<y>.csv", "x_y_.csv"),
        (".csv", "csv"),
        ("a" * 300 + ".csv", "a" * 80 + ".csv"),
    ],
)
def test_a_file_has_a_plain_name_wherever_it_came_from(name, plain):
    assert Sheet(name, b"").plain_name.startswith(plain.removesuffix(".csv"))
    assert "/" not in Sheet(name, b"").plain_name


def test_a_sheet_above_twenty_million_bytes_is_refused_before_it_is_read(place, actor):
    given = Sheet("maal.csv", b"x" * 20_000_001)
    with open_case(place, "proeve") as case, pytest.raises(Refused, match="million"):
        take(case, given, seen=given.fingerprint, actor=actor, now=_now())


def test_a_store_that_is_locked_when_something_is_kept_is_told_and_the_page_goes_on(
    place, monkeypatch
):
    from dashboards import leading

    def locked(*_, **__):
        raise EnvironmentFailed(Problem("store", "locked", "a store that is free"))

    monkeypatch.setattr(leading, "take", locked)
    made = handed_in(shown("sheets", trial="proeve"), sheet(year=2099))
    button(made, "Gem 48").click().run()
    assert not made.exception
    assert "locked" in text_of(made)
    assert button(made, "Gem 48")  # the sheet is still there, to be tried again


# --- queries


ODD = sheet(year=2099).replace(";20,00;", ";2000,00;", 1)


def test_a_query_is_answered_and_closed_and_then_it_is_over(place):
    assert run(["add", "proeve", str(_sheet(place, ODD))]) == 0
    with open_case(place, "proeve") as case:
        found = [one for one in queries(case) if one.waiting]
    assert found
    made = shown("queries", trial="proeve")
    assert f"Ubesvarede: {len(found)}." in text_of(made)
    button(made, "Luk").click().run()
    assert "ingen har besvaret" in text_of(made)  # not closed without a word
    made.text_area[0].set_value("Ring til 20 30 40 50").run()
    button(made, "Gem svaret").click().run()
    assert "telefonnummer" in text_of(made)
    made.text_area[0].set_value("Uret blev glemt").run()
    button(made, "Gem svaret").click().run()
    said = "Gemt. Række 1: anden enhed?"
    assert said in text_of(made)
    assert "besvaret. Dine ord: »Uret blev glemt«" in text_of(made)
    made.text_area[0].set_value("Uret stod stille").run()
    assert said in text_of(made)  # it stays while the next answer is written
    button(made, "Luk").click().run()
    assert "»Uret blev glemt«" not in text_of(made)
    assert "Dine ord: »Uret stod stille«" in text_of(made)
    with open_case(place, "proeve") as case:
        now = [one for one in queries(case) if one.status in ("answered", "closed")]
    assert now
    assert "20 30 40 50" not in str([one.history for one in now])


def test_the_query_that_was_answered_is_the_one_that_is_closed_next(place):
    assert run(["add", "proeve", str(_sheet(place, ODD))]) == 0
    made = shown("queries", trial="proeve")
    button(made, "Luk").click().run()
    assert "»Hvad fandt du ud af?«: fandt ingenting" in text_of(made)
    made.text_area[0].set_value("Uret blev glemt").run()
    button(made, "Gem svaret").click().run()
    button(made, "Luk").click().run()
    assert "ingen har besvaret" not in text_of(made)
    with open_case(place, "proeve") as case:
        (done,) = [one for one in queries(case) if one.status == "closed"]
    assert [step.action for step in done.history] == ["answered", "closed"]


def test_a_query_calls_a_column_as_the_form_does(place):
    empty = sheet(year=2099).replace(";20,00;", ";;", 1)
    assert run(["add", "proeve", str(_sheet(place, empty))]) == 0
    told = text_of(shown("queries", trial="proeve"))
    assert "Tom: Minutter pr. referat." in told
    assert "minutter." not in told
    with open_case(place, "proeve") as case:  # a sheet and a command know the column's name
        assert "Empty: minutter." in [str(one.message)[:16] for one in queries(case)]


def test_where_nothing_is_odd_it_says_so(place):
    assert "Intet ser mærkeligt ud." in text_of(shown("queries", trial="proeve"))


# --- progress


def test_progress_is_the_commands_table_with_the_next_step(place):
    assert run(["register", "proeve"]) == 0
    assert run(["add", "proeve", str(_sheet(place))]) == 0
    said = text_of(shown("progress", trial="proeve"))
    assert "Næste skridt:" in said
    assert "Hele forsøget" in said
    assert "48" in said


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_next_step_leads_to_the_page_that_does_it_with_the_command_beside(
    place, language, monkeypatch
):
    links = []
    monkeypatch.setattr(
        "streamlit.page_link",
        lambda page, *, label, query_params: links.append((page.url_path, label, query_params)),
    )
    told = text_of(places.opened("progress", monkeypatch, lang=language))
    assert {"da": "Næste skridt: lås løftet.", "en": "Next step: freeze the promise."}[
        language
    ] in told
    assert {"da": "ikke på en side her", "en": "No page does this"}[language] in told
    assert "htkeval register proeve" in told
    assert links == []
    assert run(["register", "proeve"]) == 0
    told = text_of(places.opened("progress", monkeypatch, lang=language))
    assert {"da": "Næste skridt: mål", "en": "Next step: measure"}[language] in told
    assert {"da": "På kommandolinjen: htkeval add", "en": "On the command line: htkeval add"}[
        language
    ] in told
    words = {"da": ("Tag tid", "Indtast eller hent ark"),
             "en": ("Take time", "Fetch or hand in a sheet")}[language]  # fmt: skip
    where = {"trial": "proeve", "lang": language}
    assert links == [("time", words[0], where), ("sheets", words[1], where)]


# --- set-up


def stepped(made: AppTest, step: str) -> AppTest:
    (control,) = made.button_group
    control.set_value(step).run()
    assert not made.exception, made.exception
    return made


def field(made: AppTest, label: str):
    fields = (*made.text_input, *made.text_area, *made.number_input, *made.selectbox)
    (found,) = [one for one in fields if one.label.startswith(label)]
    return found


def test_a_trial_is_set_up_from_a_template_step_by_step(place):
    made = shown("setup")
    field(made, "Hvad hedder").set_value("Børnehusets <b>assistent</b>").run()
    field(made, "Hvilken slags").set_value("chatbot").run()
    stepped(made, "question")
    field(made, "Hvor vil").set_value("Børn og Unge").run()
    stepped(made, "measures")
    field(made, "Mindste gevinst").set_value("12,5").run()
    stepped(made, "people")
    field(made, "Hold").set_value(20).run()
    assert "Hvad kunne det vise?" in text_of(made)
    stepped(made, "money")
    field(made, "Lav").set_value("1.000")
    made.run()
    assert "1000" in text_of(made) or "1.000" in text_of(made)  # can be read in two ways
    for label, value in (("Lav", "1000"), ("Forventet", "2000"), ("Høj", "3000")):
        field(made, label).set_value(value)
    field(made, "Hvor kommer").set_value("ESDH-udtræk")
    (day,) = [one for one in made.date_input if one.label.startswith("Hvornår")]
    day.set_value(date(2026, 1, 5))
    made.run()
    assert not made.exception
    stepped(made, "write")
    (code,) = made.code
    slug = "boernehusets-b-assistent-b"
    file = place.root / "experiments" / slug / "trial.toml"
    assert not file.exists()
    button(made, "Skriv").click().run()
    assert not made.exception
    assert file.read_text(encoding="utf-8") == code.value + ("\n" if code.value[-1] != "\n" else "")
    trial = load(file)
    assert (trial.title, trial.area) == ("Børnehusets <b>assistent</b>", "Børn og Unge")
    assert trial.primary.worthwhile == -0.125
    assert trial.design.clusters == 20
    assert trial.economics.tasks_a_year is not None
    assert trial.economics.tasks_a_year.expected == 2000
    assert "# mindste gevinst" in file.read_text(encoding="utf-8")
    assert "er skrevet i experiments/" in text_of(made)
    readme = (file.parent / "README.md").read_text(encoding="utf-8")
    assert "20 enheder" in readme or "20" in readme


def test_trial_and_step_stand_in_the_address_so_that_a_page_can_be_loaded_again(place):
    made = shown("setup", trial="proeve", step="measures")
    assert "Mål" in [one.value for one in made.header]
    assert field(made, "Mindste gevinst").value == "15"
    assert "proeve" in made.query_params["trial"]
    assert "measures" in made.query_params["step"]


def test_a_name_that_is_none_is_refused_in_words_and_nothing_is_written(place):
    before = sorted(place.root.rglob("*"))
    for name in ("../x", "/tmp/x", "con", "Æble"):
        made = shown("setup")
        field(made, "Hvad hedder").set_value("Et forsøg").run()
        field(made, "Navn i adresser").set_value(name).run()
        said = text_of(made)
        assert "bogstaver" in said or "styresystem" in said, name
        stepped(made, "write")
        assert not [one for one in made.button if one.label.startswith("Skriv")]
    assert sorted(place.root.rglob("*")) == before


def test_a_name_in_use_is_left_alone(place):
    made = shown("setup")
    field(made, "Hvad hedder").set_value("Prøve").run()
    stepped(made, "write")
    before = (place.root / "experiments/proeve/trial.toml").read_bytes()
    button(made, "Skriv").click().run()
    assert "noget af det navn" in text_of(made) or "i forvejen" in text_of(made)
    assert (place.root / "experiments/proeve/trial.toml").read_bytes() == before


def changed(place: Workspace, **values) -> tuple[str, str]:
    """The text of the trial with another question, and the fingerprint of what stands now."""
    now = set_up.written(place, "proeve")
    return edited(now.text, {("question",): values.get("question", "Nyt?")}), now.fingerprint


def write(place: Workspace, text: str, seen: str, names: frozenset[str] = frozenset()) -> Path:
    with open_workspace_store(place) as store:
        return set_up.change(place, store, "proeve", text, seen=seen, names=names)


def test_a_definition_is_changed_and_its_remarks_stay(place):
    made = shown("setup", trial="proeve")
    field(made, "Hvilket spørgsmål").set_value("Går det meget hurtigere?").run()
    stepped(made, "write")
    button(made, "Skriv").click().run()
    assert load(place.trial_files[0]).question == "Går det meget hurtigere?"
    assert "trial.toml er skrevet" in text_of(made)


def test_what_somebody_else_changed_meanwhile_is_told_and_left_alone(place):
    text, seen = changed(place)
    other = place.trial_files[0].read_text(encoding="utf-8").replace("En prøve", "En anden")
    place.trial_files[0].write_text(other, encoding="utf-8")
    with pytest.raises(StateError, match="somebody else has changed"):
        write(place, text, seen)
    assert place.trial_files[0].read_text(encoding="utf-8") == other


def test_two_sessions_are_told_in_the_page(place):
    one, two = shown("setup", trial="proeve"), shown("setup", trial="proeve")
    for made, said in ((one, "Den ene?"), (two, "Den anden?")):
        field(made, "Hvilket spørgsmål").set_value(said).run()
        stepped(made, "write")
        button(made, "Skriv").click().run()
    assert "en anden har ændret" in text_of(two)
    assert load(place.trial_files[0]).question == "Den ene?"
    button(two, "Læs filen igen").click().run()
    assert field(stepped(two, "question"), "Hvilket spørgsmål").value == "Den ene?"


def test_a_registered_trial_is_not_set_up(place):
    text, seen = changed(place)
    assert run(["register", "proeve"]) == 0
    assert "er registreret" in text_of(shown("setup", trial="proeve"))
    with pytest.raises(StateError, match="registered"):
        write(place, text, seen)
    with pytest.raises(StateError, match="registered"):  # nor by another id in its place
        write(place, text.replace('id = "proeve"', 'id = "anden"'), seen)


def test_a_text_that_names_somebody_is_refused(place):
    text, seen = changed(place, question="Hvad siger 010190-1234?")
    with pytest.raises(Refused, match="CPR"):
        write(place, text, seen)
    text, seen = changed(place, question="Hvad siger Mette?")
    with pytest.raises(Refused, match="list of names"):
        write(place, text, seen, frozenset({"mette"}))


@pytest.mark.parametrize("name", ["../proeve", "/etc", "..", "", "trial.toml", "proeve/trial.toml"])
def test_only_a_trial_of_this_workspace_is_read(place, name):
    with pytest.raises(UsageError):
        set_up.written(place, name)


def test_the_check_is_the_command_lines(place, capsys):
    capsys.readouterr()
    assert run(["check", "proeve", "--lang", "en"]) == 0
    told = [
        line.split("note: ", 1)[1]
        for line in capsys.readouterr().out.splitlines()
        if "note: " in line
    ]
    made = stepped(shown("setup", "en", trial="proeve"), "write")
    said = text_of(made).replace("\n", " ")
    for line in told:
        assert line[1:40] in said
