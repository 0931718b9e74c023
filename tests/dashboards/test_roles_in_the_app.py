"""Pages, caches and sessions by role: what is not allowed is told in a sentence, and kept."""

import ast
import re
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from dashboards import evidence, navigation, session, working
from htkeval.decision import Actor
from htkeval.errors import NotAllowed, StateError
from htkeval.rights import Identity
from htkeval.roles import Given, Oidc, Proxy, Roles
from htkeval.steps.case import open_case, read_workspace_store
from htkeval.steps.protect import Protection
from htkeval.steps.register import register
from htkeval.store import watch
from tests.dashboards.pages_on_nouns import text_of
from tests.examples import write_workspace

NOW = datetime(2026, 1, 5, 9, tzinfo=UTC)
DASHBOARDS = Path(evidence.__file__).parent


def somebody(*roles, trials=(), name="lone"):
    return Identity(actor=Actor(name=name, known_by="proxy"), roles=roles, trials=trials)


READER, LEAD, ANALYST = (
    somebody("reader"),
    somebody("lead", trials=("proeve",)),
    somebody("analyst"),
)
OTHER_LEAD, NOBODY = somebody("lead", trials=("other",)), somebody()


@pytest.fixture
def place(tmp_path, monkeypatch, actor):
    root = write_workspace(tmp_path / "place")
    monkeypatch.chdir(root)
    watch._HERE.clear()
    found = evidence.workspace()
    with open_case(found, "proeve") as case:
        register(case, policy=found.policy, actor=actor, now=NOW)
    return found


def kept(place, kind="refusal"):
    with read_workspace_store(place) as store:
        return store.events(kind=kind)


def drawn(who, path, monkeypatch, **asked):
    """The app as somebody opens it at an address."""
    monkeypatch.setattr(session, "who", lambda _: who)
    app = AppTest.from_file(str(DASHBOARDS / "pages.py"), default_timeout=60)
    for name, value in asked.items():
        app.query_params[name] = value
    if path:
        monkeypatch.setattr("streamlit.navigation", lambda pages, **_: _by_hand(pages, path))
    page = app.run()
    assert not page.exception, page.exception
    return page


def _by_hand(pages, path):
    """The page of an address, as the browser's own line for addresses leads to it."""
    found = next(one for listed in pages.values() for one in listed if one.url_path == path)
    return type("Chosen", (), {"run": staticmethod(found._page)})


@pytest.mark.parametrize(
    ("who", "there"),
    [
        (READER, {"", "trial", "method"}),
        (somebody("decider"), {"", "trial", "method"}),
        (LEAD, {"time", "corrections", "plan", "method"}),
        (ANALYST, {"", "trial", "corrections", "plan", "method"}),
        (somebody("admin"), {"", "trial", "time", "corrections", "plan", "method"}),
        (None, {"", "trial", "time", "corrections", "plan", "method"}),
        (NOBODY, set()),
    ],
)
def test_each_role_has_its_pages(who, there):
    built = {"", "trial", "time", "corrections", "plan", "method"}
    assert {path for path in built if navigation.allowed(path, who)} == there


def test_a_page_that_stands_in_no_table_is_for_an_admin_alone():
    assert not any(navigation.allowed("new-page", one) for one in (READER, LEAD, ANALYST))
    assert navigation.allowed("new-page", somebody("admin"))


def test_every_page_of_the_app_stands_in_the_table():
    text = (DASHBOARDS / "pages.py").read_text("utf-8")
    called = re.findall(r'say\("[^"]+"\),\s*"([a-z-]+)"', text)
    assert len(called) >= 5
    assert set(called) <= set(navigation.PAGES)


def test_a_page_that_is_opened_by_hand_is_refused_and_that_is_kept(place, monkeypatch):
    page = drawn(READER, "time", monkeypatch, lang="da", trial="proeve", participant="P1")
    assert [one.value for one in page.title] == ["Det har du ikke adgang til"]
    assert "denne side er ikke for din rolle" in text_of(page)
    assert "P1" not in text_of(page)
    (event,) = kept(place)
    assert (event.payload["reason"], event.payload["what"]) == ("page", "time")
    assert event.actor == READER.actor


def test_a_lead_of_another_trial_sees_none_of_its_rows(place, monkeypatch):
    for path in ("time", "corrections"):
        page = drawn(OTHER_LEAD, path, monkeypatch, lang="da", trial="proeve")
        assert "En prøve" not in text_of(page)
    assert {event.trial for event in kept(place)} == {"proeve"}
    assert kept(place, "access") == ()


@pytest.mark.parametrize(
    ("asked", "path"),
    [
        ("../../etc/passwd", "trial"),
        ("..%2f..%2fsecret", "time"),
        ("/etc/passwd", "plan"),
        ("x\0y", "corrections"),
    ],
)
def test_a_path_in_the_address_leads_nowhere(place, monkeypatch, asked, path):
    page = drawn(None, path, monkeypatch, lang="da", trial=asked)
    assert "Der er intet forsøg med det navn" in text_of(page)


def test_the_role_stands_at_the_foot_and_somebody_without_one_gets_a_sentence(place, monkeypatch):
    page = drawn(READER, None, monkeypatch, lang="da")
    assert "Rolle: læser" in " ".join(one.value for one in page.sidebar.markdown).replace("\\", "")
    page = drawn(NOBODY, None, monkeypatch, lang="en")
    assert "You have no role here" in text_of(page)
    assert [event.payload["reason"] for event in kept(place)] == ["no_role"]


def test_what_was_kept_for_one_role_is_not_another_ones(place, monkeypatch):
    asked = []
    from htkeval.steps import states

    real = states.portfolio
    monkeypatch.setattr(
        states, "portfolio", lambda here, **how: asked.append(here.who) or real(here, **how)
    )
    evidence.load.clear()
    for who in (READER, somebody("reader", name="rie"), LEAD, OTHER_LEAD, None):
        evidence.load(replace(place, who=who))
    assert [one.roles if one else None for one in asked] == [("reader",), ("lead",), None]
    assert all(one is None or one.sums_only for one in asked)


def test_what_is_kept_of_reading_and_refusing_makes_nothing_old(place):
    before = evidence.load(place)
    watch.read(place.store, ANALYST.actor, trial="proeve", now=NOW)
    watch.refused(place.store, READER.actor, "role", trial="proeve", what="gate", now=NOW)
    assert evidence.load(place) == before


def test_rows_in_a_cache_are_nobody_elses(place):
    for who in (ANALYST, somebody("analyst", name="rie"), LEAD):
        working.row_history(replace(place, who=who), "proeve")
    for who in (READER, OTHER_LEAD, somebody("decider")):
        with pytest.raises(NotAllowed):
            working.row_history(replace(place, who=who), "proeve")
    assert sorted(event.actor.name for event in kept(place, "access")) == ["lone", "rie"]


@pytest.mark.parametrize(
    "asked",
    [
        lambda place: working.queries(place, "proeve"),
        lambda place: working.empty_sheet(place, "proeve", ".csv", "da"),
    ],
)
def test_the_leads_pages_of_rows_and_lots_are_his_alone(place, asked):
    """Whoever forges the trial in the address gets neither questions to rows nor the list."""
    for who in (LEAD, somebody("admin", name="ane"), None):
        assert isinstance(asked(replace(place, who=who)), (bytes, tuple))
    for who in (OTHER_LEAD, READER, somebody("decider")):
        with pytest.raises(NotAllowed):
            asked(replace(place, who=who))
    assert {event.payload["reason"] for event in kept(place)} == {"trial", "people"}
    assert sorted(event.actor.name for event in kept(place, "access")) == ["ane", "lone"]


def definition(place, who, change=lambda text: text):
    """The set-up page's own way to a definition, as somebody forges it."""
    from dashboards.leading import _bench

    bench = _bench(replace(place, who=who), "da")
    there = bench.written("second")
    return bench.change("second", change(there.text), there.fingerprint)


@pytest.fixture
def second(place):
    """A trial of the same workspace that nobody has promised yet."""
    before = place.trial_file("proeve").read_text("utf-8")
    folder = place.root / "experiments" / "second"
    folder.mkdir()
    file = folder / "trial.toml"
    file.write_text(before.replace('id = "proeve"', 'id = "second"', 1), "utf-8")
    return file


@pytest.mark.parametrize(
    ("who", "reason"),
    [(LEAD, "trial"), (READER, "role"), (ANALYST, "role"), (somebody("decider"), "role")],
)
def test_a_definition_is_written_by_its_lead_alone(place, second, who, reason):
    before = second.read_bytes()
    with pytest.raises(NotAllowed):
        definition(place, who, lambda text: text.replace("En prøve", "Min prøve"))
    assert second.read_bytes() == before
    (event,) = kept(place)
    assert (event.trial, event.payload["what"]) == ("second", "definition")
    assert event.payload["reason"] == reason


def test_a_lead_makes_his_trial_no_other_and_no_other_his(place, second):
    own, text = somebody("lead", trials=("second",)), second.read_text("utf-8")
    definition(place, own, lambda text: text.replace("En prøve", "Min prøve"))
    assert "Min prøve" in second.read_text("utf-8")
    with pytest.raises(NotAllowed):
        definition(place, own, lambda text: text.replace('id = "second"', 'id = "third"'))
    second.write_text(text.replace('id = "second"', 'id = "third"'), "utf-8")
    with pytest.raises(NotAllowed):
        definition(place, own, lambda text: text.replace('id = "third"', 'id = "second"'))
    assert {event.trial for event in kept(place)} == {"third"}


def test_a_new_trial_is_made_by_whoever_is_to_lead_it(place):
    from dashboards.leading import _bench
    from htkeval.steps.draft import Draft

    draft = Draft("ny", "Ny", "chatbot", "parallel", today=NOW.date())
    for who in (READER, ANALYST, OTHER_LEAD):
        bench = _bench(replace(place, who=who), "da")
        with pytest.raises(NotAllowed):
            bench.make(draft, bench.templates(draft))
        assert not (place.root / "experiments" / "ny").exists()
    assert {(e.trial, e.payload["what"]) for e in kept(place)} == {("ny", "definition")}
    bench = _bench(replace(place, who=somebody("lead", trials=("ny",))), "da")
    assert bench.make(draft, bench.templates(draft)).is_dir()


def test_steps_run_for_a_role_as_they_do_for_the_computers_own_user(place):
    """The guard asks of the event, so a step needs to know nothing of roles."""
    from htkeval.steps.findings import record
    from htkeval.steps.stopwatch import Task, open_tasks, press
    from htkeval.timing import Press

    start = Press(id="a" * 20, timing="b" * 20, kind="start", clock=0, life="c" * 20, monotonic=0)
    task = Task("M-1", "baseline", {})
    told = {"kind": "experience", "text": "Det går godt", "owner": "Afdelingschef", "now": NOW}
    with open_case(replace(place, who=LEAD), "proeve") as case:
        record(case, **told, actor=LEAD.actor)
        press(case, start, task, actor=LEAD.actor, now=NOW)
        assert len(open_tasks(case, "M-1")) == 1
    with open_case(replace(place, who=OTHER_LEAD), "proeve") as case:
        for write in (
            lambda: record(case, **told, actor=OTHER_LEAD.actor),
            lambda: press(case, start, task, actor=OTHER_LEAD.actor, now=NOW),
            lambda: open_tasks(case, "M-1"),
        ):
            with pytest.raises(NotAllowed):
                write()
    with read_workspace_store(place) as store:
        kinds = [event.kind for event in store.events("proeve")]
    assert kinds == ["registration", "finding", "press", "access", "refusal"]


def test_a_session_that_changes_hands_begins_anew(monkeypatch):
    state = {"identity": READER, "told": ["something of hers"]}
    monkeypatch.setattr("streamlit.session_state", state)
    session._begin_anew(READER)
    assert state["told"]
    session._begin_anew(ANALYST)
    assert state == {"identity": ANALYST}


CLAIMS = {"is_logged_in": True, "preferred_username": "lone@example.dk", "groups": ["A", 7]}


def test_a_login_tells_account_and_groups():
    told = session.logged_in(CLAIMS | {"iat": NOW.timestamp()}, Oidc(), NOW)
    assert told == ("lone@example.dk", ("A",))


@pytest.mark.parametrize(
    "wrong",
    [
        {"is_logged_in": False},
        {"is_logged_in": "yes"},
        {"preferred_username": None},
        {"preferred_username": "  "},
        {"preferred_username": ["a"]},
        {"preferred_username": "x" * 300},
        {"iat": None},
        {"iat": True},
        {"iat": NOW.timestamp() - 11 * 3600},
        {"iat": NOW.timestamp() + 3600},
    ],
)
def test_a_login_that_is_none_or_old_is_not_taken(wrong):
    with pytest.raises(session.LogIn):
        session.logged_in(CLAIMS | {"iat": NOW.timestamp()} | wrong, Oidc(), NOW)


def test_behind_a_proxy_the_header_says_who_it_is(monkeypatch):
    proxy = Proxy(peers=("10.0.0.5",), host="x", header="X-User")
    rules = Roles(proxy=proxy, roles=(Given(role="reader", accounts=("lone",)),))
    monkeypatch.setattr(session, "_SETTLED", [Protection("proxy", rules)])
    monkeypatch.setattr("streamlit.session_state", {})
    monkeypatch.setattr("streamlit.context", type("C", (), {"headers": {"X-User": "lone"}}))
    assert session.who(rules) == Identity(
        actor=Actor(name="lone", known_by="proxy"), roles=("reader",)
    )
    # rules that were emptied while the server ran do not make everybody the one at the computer
    assert session.who(Roles()).roles == ()
    monkeypatch.setattr("streamlit.context", type("C", (), {"headers": {}}))
    with pytest.raises(session.LogIn):
        session.who(rules)


def test_the_dashboard_opens_stores_through_one_place_alone():
    """A page that opened a workspace of its own would have every right."""
    finders = {"app.py": 3, "evidence.py": 3}
    for file in DASHBOARDS.rglob("*.py"):
        tree = ast.parse(file.read_text("utf-8"))
        called = [
            node.func.id
            for node in ast.walk(tree)
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
        ]
        opening = {"open_store", "read_store", "find_trial", "at"} & set(called)
        assert not opening, f"{file.name}: {opening}; use evidence.workspace()"
        assert called.count("find") <= finders.get(file.name, 0), file.name


def test_every_cache_of_the_store_is_kept_by_rights():
    """What reads inside a cache opens the workspace again with the rights of its key."""
    tree = ast.parse((DASHBOARDS / "evidence.py").read_text("utf-8"))
    for node in tree.body:
        if isinstance(node, ast.FunctionDef) and "root" in [a.arg for a in node.args.args]:
            text = ast.unparse(node)
            if node.name != "_again":
                assert "_again(root, state[0])" in text, node.name
                assert "find(" not in text, node.name


def test_rows_are_counted_without_a_right_in_few_steps_alone():
    steps = DASHBOARDS.parent / "htkeval"
    asking = {
        file.relative_to(steps).as_posix()
        for file in steps.rglob("*.py")
        if "counted=True" in file.read_text("utf-8")
    }
    assert asking == {"steps/progress.py", "steps/became.py", "steps/plan.py"}


def test_papers_are_read_by_roles_and_from_one_cache_each(place, monkeypatch):
    """A paper that was made for one role is not another's; without a role there is none at all."""
    from htkeval.paper import KeptPaper
    from htkeval.steps import papers

    asked = []
    real = papers.behind
    monkeypatch.setattr(
        papers, "behind", lambda here, **how: asked.append(here.who) or real(here, **how)
    )
    working.paper.clear()
    for who in (READER, somebody("reader", name="rie"), ANALYST, None):
        working.paper(replace(place, who=who), "proeve", "html", "da", public=True)
    assert [one.roles if one else None for one in asked] == [("reader",), ("analyst",), None]
    assert all(one is None or one.sums_only for one in asked)
    forged = KeptPaper(
        id="P9", kind="trial", trial="proeve", format="pdf", language="da", sha256="ab" * 32,
        content="cd" * 32, title="x", day=NOW.date(), at=NOW, by="x", event=1,
    )  # fmt: skip
    with pytest.raises(NotAllowed):
        working.papers(replace(place, who=NOBODY))
    with pytest.raises(NotAllowed):
        working.kept_paper(replace(place, who=NOBODY), forged)
    with pytest.raises(StateError):  # no file of the blob folder is had by its name alone
        working.kept_paper(replace(place, who=READER), forged)


@pytest.mark.parametrize("who", [LEAD, OTHER_LEAD, NOBODY])
def test_the_page_of_papers_is_refused_to_whoever_has_it_not(place, monkeypatch, who):
    page = drawn(who, "papers" if who.roles else None, monkeypatch, lang="da", trial="proeve")
    assert len(page.get("download_button")) == 0
    assert {event.payload["reason"] for event in kept(place)} <= {"page", "no_role"}
    assert kept(place)
