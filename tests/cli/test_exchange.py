"""Evidence between municipalities as people meet it: exported, taken in, listed, pooled."""

from __future__ import annotations

import csv
import io
import json
import math

import pytest

from htkeval.cli.documents import schema
from htkeval.cli.printed.exchange import EvidenceList, EvidencePool
from htkeval.event import ELSEWHERE
from htkeval.evidence_package import SUFFIX, EvidencePackage, file_bytes
from htkeval.steps.case import read_workspace_store
from htkeval.workspace import at
from tests.cli.test_verify import failed
from tests.evaluation.test_together import BCG
from tests.examples import sheet
from tests.packages import QUESTION, document, figure, not_drawn, package, resealed, write

KEY = 'technology = "speech_to_text"\n'


def state_question(place, name=QUESTION):
    file = place / "experiments" / "proeve" / "trial.toml"
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace(KEY, f'{KEY}question_id = "{name}"\n'), encoding="utf-8")


def change_trial(place, old, new):
    file = place / "experiments" / "proeve" / "trial.toml"
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")


@pytest.fixture
def asked(ready, place, call):
    """A registered and analysed trial that states its question."""

    def steps():
        state_question(place)
        (place / "maal.csv").write_text(sheet(year=2099), encoding="utf-8")
        for line in (("register", "proeve"), ("add", "proeve", "maal.csv"), ("analyse", "proeve")):
            answer = call(*line)
            assert answer.code == 0, answer.err

    return ready("asked", steps)


@pytest.fixture
def spoken(monkeypatch):
    from htkeval.cli import speech

    def speak(language):
        monkeypatch.setenv("HTKEVAL_LANG", language)
        speech.language.cache_clear()

    yield speak
    speech.language.cache_clear()


def elsewhere(folder, *packages):
    """A folder with the packages of other municipalities."""
    folder.mkdir(exist_ok=True)
    for number, one in enumerate(packages):
        write(folder / f"{number}{SUFFIX}", one)
    return folder


def events(place):
    """All that happened, in every trial and elsewhere."""
    with read_workspace_store(at(place, {})) as store:
        return store.events()


def kept(place):
    return [event for event in events(place) if event.kind == "package"]


def exported(call, place, name="ud.json", *more):
    answer = call("evidence", "export", "proeve", "-o", place / name, *more)
    assert answer.code == 0, answer.err
    return json.loads((place / name).read_text("utf-8"))


def test_a_package_holds_the_result_and_nothing_that_leads_to_anybody(asked, call):
    content = exported(call, asked)
    text = (asked / "ud.json").read_text("utf-8")
    found = EvidencePackage.model_validate_json(text)
    stored = json.loads(call("analyse", "proeve", "--format", "json").out)
    ours = next(one for one in stored["effects"] if one["confirmatory"])
    assert (found.confirmatory.estimate, list(found.confirmatory.ci)) == (
        ours["estimate"],
        ours["ci"],
    )
    assert content["effects"] == stored["effects"]  # what is withheld there is withheld here
    assert found.evidence_level == stored["evidence_level"]
    assert [one.id for one in found.measures] == ["task_time", "errors"]
    assert (found.question_id, found.rows, found.registered_in_time) == (QUESTION, 48, True)
    assert not any(f"M{n:02d}" in text for n in range(6))
    assert not any(word in text for word in ("tester", "Taastrup", "proeve", "medarbejder"))
    import jsonschema

    jsonschema.Draft202012Validator(schema(EvidencePackage)).validate(content)


def test_the_same_state_gives_the_same_bytes_and_stores_nothing(asked, call):
    before = len(events(asked))
    for name in ("a.json", "b.json"):
        exported(call, asked, name)
    assert (asked / "a.json").read_bytes() == (asked / "b.json").read_bytes()
    assert len(events(asked)) == before
    again = call("evidence", "export", "proeve", "-o", "a.json")
    assert again.code == 1
    assert "something of that name already" in again.err


def test_the_municipality_stands_in_it_only_where_it_is_to(asked, call):
    assert exported(call, asked)["municipality"] is None
    named = exported(call, asked, "b.json", "--named")
    assert named["municipality"] == "Høje-Taastrup Kommune"
    assert named["origin"] == exported(call, asked, "c.json")["origin"]


def test_its_size_class_is_told_where_the_municipality_states_it(asked, call):
    file = asked / "configs" / "municipality.toml"
    file.write_text('size = "50000_to_100000"\n' + file.read_text("utf-8"), encoding="utf-8")
    assert exported(call, asked)["population"]["size"] == "50000_to_100000"


def test_every_analysed_trial_that_asks_something_goes_into_a_folder(asked, call):
    answer = call("evidence", "export", "--all", "-o", "ud")
    assert answer.code == 0, answer.err
    assert [one.name for one in (asked / "ud").iterdir()] == [f"proeve{SUFFIX}"]


@pytest.mark.parametrize("arguments", [(), ("proeve", "--all")])
def test_a_trial_or_all_of_them(place, call, arguments):
    answer = call("evidence", "export", *arguments, "-o", "ud")
    assert answer.code == 2
    assert "one of TRIAL, --all" in answer.err


@pytest.mark.parametrize(
    ("language", "sentences"),
    [
        ("da", ('Skriv question_id = "…" i trial.toml', "et forsøg, der ikke er registreret",
                "Kør `htkeval analyse proeve` først")),
        ("en", ('Write question_id = "…" in trial.toml', "a trial that is not registered",
                "Run `htkeval analyse proeve` first")),
    ],
)  # fmt: skip
def test_what_is_missing_is_said_with_what_to_do(place, call, spoken, language, sentences):
    spoken(language)
    steps = (lambda: state_question(place), lambda: call("register", "proeve"), lambda: None)
    for sentence, then in zip(sentences, steps, strict=True):
        answer = call("evidence", "export", "proeve", "-o", "ud.json")
        assert answer.code == 1
        assert sentence in answer.err
        then()
    assert call("evidence", "export", "--all", "-o", "ud").code == 1
    assert not (place / "ud").exists()
    assert not (place / "ud.json").exists()


def test_between_looks_nothing_leaves(place, call):
    state_question(place)
    change_trial(place, "randomised = true", "randomised = true\nclusters = 6\ntasks_each = 40")
    change_trial(place, "[[gates]]", "[analysis]\nlooks = [0.5, 1.0]\n\n[[gates]]")
    (place / "maal.csv").write_text(sheet(year=2099), encoding="utf-8")
    for line in (("register", "proeve"), ("add", "proeve", "maal.csv"), ("analyse", "proeve")):
        assert call(*line).code == 0
    answer = call("evidence", "export", "proeve", "-o", "ud.json")
    assert answer.code == 1
    assert "an analysis between planned looks" in answer.err
    assert not (place / "ud.json").exists()
    told = json.loads(call("evidence", "pool", "--format", "json").out)["questions"]
    assert told[0]["strata"] == []
    assert "between planned looks" in told[0]["waiting"][0]["reason"]["text"]


def test_a_stale_analysis_is_said_and_stands_in_the_package(asked, call):
    (asked / "mere.csv").write_text(sheet(12, gain=0.9, year=2099), encoding="utf-8")
    assert call("add", "proeve", "mere.csv").code == 0
    answer = call("evidence", "export", "proeve", "-o", "ud.json")
    assert answer.code == 0
    assert "something came in after the analysis" in answer.err
    assert json.loads((asked / "ud.json").read_text("utf-8"))["stale"] is True
    assert "something came in after the analysis" in call("evidence", "pool").out


def test_a_question_that_is_agreed_on_later_is_a_deviation_that_costs_nothing(analysed, call):
    level = json.loads(call("analyse", "proeve", "--format", "json").out)["evidence_level"]
    state_question(analysed)
    answer = call("evidence", "export", "proeve", "-o", "ud.json")
    assert "htkeval deviate proeve --what question_id" in answer.err
    assert call("deviate", "proeve", "--what", "question_id", "--why", "Aftalt i DSD").code == 0
    assert call("analyse", "proeve").code == 0
    found = exported(call, analysed)
    assert (found["evidence_level"], found["deviations"]) == (level, 1)
    assert found["versions"]["promise"] != found["versions"]["registration"]


TEXTS = [
    ('area = "Social"', 'area = "Høje-Taastrups Social"', "the name of the municipality"),
    ('label = "Minutter pr. referat"', 'label = "Minutter hos M03"', "the pseudonym itself"),
]


@pytest.mark.parametrize(("old", "new", "sentence"), TEXTS)
def test_words_that_tell_who_it_is_do_not_leave(place, call, old, new, sentence):
    state_question(place)
    change_trial(place, old, new)
    (place / "maal.csv").write_text(sheet(year=2099), encoding="utf-8")
    for line in (("register", "proeve"), ("add", "proeve", "maal.csv"), ("analyse", "proeve")):
        answer = call(*line)
        assert answer.code == 0, answer.err
    answer = call("evidence", "export", "proeve", "-o", "ud.json")
    assert answer.code == 1
    assert sentence in answer.err
    assert not (place / "ud.json").exists()


def test_packages_of_others_are_kept_and_the_record_stays_clean(asked, call):
    before = call("status", "--format", "json").out
    folder = elsewhere(asked / "ind", package("a"), package("b", simulated=True), package("c"))
    answer = call("evidence", "import", folder)
    assert answer.code == 0, answer.err
    assert "Stored: 3 of 3" in answer.out
    assert {(one.trial, one.simulated) for one in kept(asked)} == {(ELSEWHERE, False)}
    assert failed(call) == set()
    assert call("status", "--format", "json").out == before
    assert call("doctor", "--format", "json").code in (0, 1)
    again = call("evidence", "import", folder)
    assert (again.code, len(kept(asked))) == (0, 3)
    assert again.out.count("is here already") == 3
    assert "Stored: 0 of 3" in again.out


def test_a_newer_result_takes_its_place_and_an_older_one_does_not(place, call):
    first, newer = package("a", -0.2), package("a", -0.3, analysed="2026-09-01")
    folder = elsewhere(place / "ind", newer)
    call("evidence", "import", folder)
    older = call("evidence", "import", write(place / "old", first))
    assert older.code == 0
    assert "older than the result" in older.out
    newest = package("a", -0.4, analysed="2026-09-02")
    assert "takes the place" in call("evidence", "import", write(place / "new", newest)).out
    assert len(kept(place)) == 2
    (question,) = json.loads(call("evidence", "pool", "--format", "json").out)["questions"]
    (trial,) = question["strata"][0]["trials"]
    assert trial["estimate"] == pytest.approx(math.exp(-0.4))


def test_our_own_is_refused_and_one_by_the_same_plan_is_not(asked, call):
    content = exported(call, asked)
    answer = call("evidence", "import", asked / "ud.json")
    assert answer.code == 1
    assert "a trial of our own" in answer.err
    twin = asked / "twin.json"
    twin.write_bytes(resealed({**content, "origin": "f" * 64}))
    assert call("evidence", "import", twin).code == 0  # twelve municipalities copy one trial.toml
    (question,) = json.loads(call("evidence", "pool", "--format", "json").out)["questions"]
    assert [one["own"] for one in question["strata"][0]["trials"]].count(True) == 1
    assert len(question["strata"][0]["trials"]) == 2


GOOD = file_bytes(package("good"))
BAD = {
    "a changed byte": (
        GOOD.replace(b'"rows": 120', b'"rows": 121'),
        "noget er ændret undervejs", "something was changed on the way",
    ),
    "a newer form": (
        resealed({**document(), "schema": 2}),
        "lavet af en nyere htkeval", "made by a newer htkeval",
    ),
    "NaN": (
        GOOD.replace(b'"rows": 120', b'"rows": NaN'),
        "NaN, som ikke er et tal", "NaN, which is no number",
    ),
    "10 MB of nesting": (b"[" * 10_000_000, "mere end 1.000.000 byte", "more than 1,000,000 bytes"),
    "nesting": (b"[" * 900_000, "lister i lister", "lists inside lists"),
    "a name": (
        resealed({**document(), "municipality": "Bo 010203-1234"}), "CPR-nummer", "CPR number",
    ),
    "a day to come": (
        file_bytes(package(analysed="2999-01-01")),
        "en dag, der ikke er kommet endnu", "a day to come",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", BAD)
def test_bad_input_is_told_and_nothing_is_stored(place, call, spoken, name):
    content, *sentences = BAD[name]
    folder = elsewhere(place / "ind", package("good"))
    (folder / f"bad{SUFFIX}").write_bytes(content)
    for language, sentence in zip(("da", "en"), sentences, strict=True):
        spoken(language)
        answer = call("evidence", "import", folder)
        assert answer.code == 1
        assert sentence in answer.err
        assert f"bad{SUFFIX}" in answer.err
        assert "Traceback" not in answer.err
        assert "010203" not in answer.err
    assert kept(place) == []


def test_a_file_that_is_not_there_is_a_wrong_call(place, call):
    assert call("evidence", "import", "none.json").code == 2
    assert call("evidence", "import").code == 2


def test_the_other_direction_is_refused_by_name(asked, call):
    higher = {
        **document()["measures"][0],
        "better": "higher",
        "label": "Svar i timen",
        "worthwhile": None,
    }
    odd = package("odd", measures=(higher,), effects=(figure(better="higher"),))
    answer = call("evidence", "import", write(asked / "odd", odd))
    assert answer.code == 1
    assert "Svar i timen" in answer.err
    assert QUESTION in answer.err
    assert kept(asked) == []


def test_thirteen_packages_of_dat_bcg_taken_in_and_pooled_give_metafors_answer(place, call):
    """-0.71453 [-1.10844, -0.32062], tau² 0.31324, prediction of the ratio 0.1359 to 1.7629."""
    folder = elsewhere(
        place / "ind",
        *(package(i, *one) for i, one in enumerate(zip(BCG["effect"], BCG["error"], strict=True))),
    )
    assert call("evidence", "import", folder).code == 0
    answer = call("evidence", "pool", QUESTION, "--format", "json")
    (question,) = json.loads(answer.out)["questions"]
    (stratum,) = question["strata"]
    found = stratum["pooled"]
    assert math.log(found["estimate"]) == pytest.approx(-0.7145323, abs=1e-6)
    assert [math.log(x) for x in found["ci"]] == pytest.approx([-1.1084437, -0.3206210], abs=1e-6)
    assert found["prediction"] == pytest.approx([0.1358752, 1.7628860], abs=1e-5)
    assert found["tau"] ** 2 == pytest.approx(0.3132433, abs=1e-6)
    assert (found["usable"], len(found["without"]), stratum["compared"]) == (True, 13, "drawn")
    import jsonschema

    jsonschema.Draft202012Validator(schema(EvidencePool)).validate(json.loads(answer.out))


@pytest.fixture
def some(place, call):
    """Five drawn trials, two that compare over time, one that can be pooled with nothing."""
    drawn = [package(i, -0.2 - i / 50, municipality=f"{i}-købing Kommune") for i in range(5)]
    after = [package(f"after {i}", -0.6, **not_drawn()) for i in range(2)]
    odd = package("odd", effects=(figure(scale="difference", estimate=-3.0, ci=(-5.0, -1.0)),))
    assert call("evidence", "import", elsewhere(place / "ind", *drawn, *after, odd)).code == 0
    return place


@pytest.mark.parametrize(
    ("language", "sentences"),
    [
        ("da", ("Med og uden AI i samme tid, efter lod", "I den næste kommune kan man vente",
                "5 forsøg tilsammen: −21 pct.", "3-købing Kommune", "Før og efter, eller en serie",
                "Endnu intet fælles tal", "er ikke et forhold", "en politik kan bruge det")),
        ("en", ("By lot, with and without AI", "In the next municipality expect a change between",
                "5 trials together: −21 %", "3-købing Kommune", "Before and after, or a series",
                "No common figure yet", "is no ratio", "for a policy to use it")),
    ],
)  # fmt: skip
def test_the_pool_as_a_table_in_both_languages(some, call, spoken, language, sentences):
    spoken(language)
    answer = call("evidence", "pool")
    told = " ".join(answer.out.split())
    assert answer.code == 0, answer.err
    assert [one for one in sentences if one not in told] == []
    assert call("evidence", "list").code == 0


def test_the_pool_as_csv_has_trials_and_what_they_say_together(some, call):
    found = list(csv.DictReader(io.StringIO(call("evidence", "pool", "--format", "csv").out)))
    rows = [(one["compared"], one["row"]) for one in found]
    assert rows.count(("drawn", "trial")) == 6
    assert rows.count(("drawn", "without")) == 5
    assert rows.count(("over_time", "trial")) == 2
    (pooled,) = [one for one in found if (one["compared"], one["row"]) == ("drawn", "pooled")]
    assert (pooled["trials"], pooled["usable"]) == ("5", "True")
    (few,) = [one for one in found if (one["compared"], one["row"]) == ("over_time", "pooled")]
    assert (few["estimate"], few["usable"]) == ("", "False")


def test_the_list_as_a_document_fits_its_schema(some, call):
    import jsonschema

    found = json.loads(call("evidence", "list", "--format", "json").out)
    jsonschema.Draft202012Validator(schema(EvidenceList)).validate(found)
    assert len(found["packages"]) == 8
    pool = json.loads(call("evidence", "pool", "--format", "json").out)  # with reasons in it
    jsonschema.Draft202012Validator(schema(EvidencePool)).validate(pool)
    rows = list(csv.DictReader(io.StringIO(call("evidence", "list", "--format", "csv").out)))
    assert {one["question"] for one in rows} == {QUESTION}


def test_nothing_yet_is_said_and_makes_no_store(place, call):
    for what in ("list", "pool"):
        answer = call("evidence", what)
        assert answer.code == 0, answer.err
        assert "Nothing yet" in answer.out
    unknown = call("evidence", "pool", "hvad")
    assert unknown.code == 1
    assert "no trial that asks it" in unknown.err
    assert not (place / ".htkeval" / "store.db").exists()


def test_a_moved_store_has_its_packages(some, call, monkeypatch):
    before = call("evidence", "pool", "--format", "json").out
    moved = call("store", "move", f"sqlite:///{(some / 'flyttet.db').as_posix()}")
    assert moved.code == 0, moved.err
    monkeypatch.setenv("HTKEVAL_STORE", f"sqlite:///{(some / 'flyttet.db').as_posix()}")
    assert call("evidence", "pool", "--format", "json").out == before
    assert failed(call) == set()


def test_a_policy_may_ask_what_others_found_and_needs_five_of_them(asked, call):
    rules = asked / "configs" / "policy.toml"
    text = rules.read_text("utf-8")
    rules.write_text(text.replace("[go]\n", "[go]\nneighbours = true\n"), encoding="utf-8")

    def told():
        found = json.loads(call("recommend", "proeve", "--format", "json").out)
        return next(one for one in found["requirements"] if one["id"] == "neighbours")

    four = [package(i, -0.2 - i / 100) for i in range(4)]
    assert call("evidence", "import", elsewhere(asked / "fire", *four)).code == 0
    assert (told()["met"], "4" in told()["text"]) == (None, True)
    fifth = package(5, -0.25)
    assert call("evidence", "import", elsewhere(asked / "fem", fifth)).code == 0
    assert told()["met"] is True
    assert "Others found the same" in call("recommend", "proeve").out


def test_a_trial_elsewhere_can_be_taken_out_and_taken_in_again(place, call):
    folder = elsewhere(place / "ind", package("a"), package("b"))
    call("evidence", "import", folder)
    first = kept(place)[0].payload["package"]["origin"]
    before = len(events(place))
    for wrong in ("ffffffff0", first[:4]):
        answer = call("evidence", "withdraw", wrong, "--why", "Fejl")
        assert (answer.code, len(events(place))) == (1, before)
    assert call("evidence", "withdraw", first[:12], "--why", "Samme data som et andet").code == 0
    listed = json.loads(call("evidence", "list", "--format", "json").out)["packages"]
    assert [one["origin"] == first for one in listed] == [False]
    assert failed(call) == set()
    assert "Stored: 1 of 2" in call("evidence", "import", folder).out


@pytest.mark.parametrize(
    "figures",
    [
        {"level": 1e-320},
        {"look": {"k": 1.0, "of": 2.0, "nominal_level": 1e-17}},
        {"ci": (1e-9, 2.0)},
        {"ci": (0.5, 1e308)},
    ],
)
def test_figures_that_no_pool_could_weigh_do_not_come_in(place, call, figures):
    content = {**document(package("a"))}
    content["effects"] = [{**content["effects"][0], **figures}]
    (place / "ind").mkdir()
    file = place / "ind" / f"a{SUFFIX}"
    file.write_bytes(resealed(content))
    answer = call("evidence", "import", file)
    assert (answer.code, kept(place)) == (1, []), answer.out


def test_where_counts_are_withheld_means_have_three_digits_and_else_all_of_them():
    """15.123021582733816 of minutes in tenths says that it is of 139 tasks."""
    from htkeval.steps.packaging import _rounded

    full = package("a").effects[0]
    arm = full.baseline.model_copy(update={"mean": 15.123021582733816, "sd": 7.654321})
    told = full.model_copy(update={"baseline": arm})
    assert _rounded(told) == told
    held = told.model_copy(update={"baseline": arm.model_copy(update={"tasks": None})})
    assert (_rounded(held).baseline.mean, _rounded(held).baseline.sd) == (15.1, 7.65)
