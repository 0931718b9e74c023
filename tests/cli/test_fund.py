"""The pool as people meet it: applied for, granted, spent, and what is left."""

import csv
import io
import json

import pytest

from htkeval.cli.documents import schema
from htkeval.cli.printed.fund import FundStatus
from htkeval.resources import bundled
from tests.cli.test_deviations import events
from tests.cli.test_verify import failed


@pytest.fixture
def applied(place, call):
    answer = call(
        "fund", "apply", "proeve", "--area", "Borgerservice", "--amount", "150.000",
        "--purpose", "Licenser i et halvt år", "--as", "Ida", "--lang", "en",
    )  # fmt: skip
    assert answer.code == 0, answer.err
    return place


def given(call, name="A1", amount="100.000", *more):
    return call("fund", "grant", name, "--amount", amount, "--why", "God sag", *more)


def status(call):
    answer = call("fund", "status", "--format", "json")
    assert answer.code == 0, answer.err
    return json.loads(answer.out)


def test_the_whole_way_is_events_and_the_record_stays_clean(applied, call):
    answer = given(call, "A1", "100.000", "--lang", "en")
    assert "Granted to A1: 100,000 kr. Left of the pool: 500,000 kr." in answer.out
    spent = ("fund", "spend", "A1", "--amount", "60000", "--text", "Faktura 1")
    assert call(*spent, "--date", "2026-01-12").code == 0
    back = call(
        "fund", "spend", "A1", "--amount", "-10.000", "--text", "Kreditnota", "--lang", "en"
    )
    assert back.code == 0, back.err
    assert "Spent by A1: 50,000 kr. Left of its grant: 50,000 kr." in back.out
    kinds = [event.kind for event in events(applied)]
    assert kinds == ["application", "grant", "spending", "spending"]
    assert failed(call) == set()
    found = status(call)
    assert (found["granted_kr"], found["spent_kr"], found["remaining_kr"]) == (
        100_000, 50_000, 500_000,
    )  # fmt: skip


def test_status_as_a_document_fits_its_schema(applied, call):
    import jsonschema

    given(call)
    found = status(call)
    jsonschema.Draft202012Validator(schema(FundStatus)).validate(found)
    assert (found["schema"], found["pool"]["amount_kr"]) == (1, 600_000)
    (one,) = found["applications"]
    assert (one["id"], one["trial"], one["area"]) == ("A1", "proeve", "Borgerservice")
    assert (one["applied_kr"], one["granted_kr"], one["remaining_kr"]) == (
        150_000,
        100_000,
        100_000,
    )
    assert (one["value_kr"], one["state"]) == (None, "granted")


def test_status_as_csv_has_whole_numbers(applied, call):
    given(call)
    (row,) = csv.DictReader(io.StringIO(call("fund", "status", "--format", "csv").out))
    assert (row["id"], row["applied_kr"], row["spent_kr"], row["value_kr"]) == (
        "A1", "150000", "0", "",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("language", "sentences"),
    [
        ("da", ("600.000 kr.", "(2025-priser)", "150.000", "bevilget", "Hvor den ikke kendes")),
        ("en", ("600,000 kr.", "(2025 prices)", "150,000", "granted", "not known, or")),
    ],
)
def test_status_as_a_table_in_both_languages(applied, call, language, sentences, spoken):
    given(call)
    spoken(language)
    answer = call("fund", "status")
    told = " ".join(answer.out.split())
    assert answer.code == 0, answer.err
    assert [one for one in sentences if one not in told] == []


@pytest.fixture
def spoken(monkeypatch):
    from htkeval.cli import speech

    def speak(language):
        monkeypatch.setenv("HTKEVAL_LANG", language)
        speech.language.cache_clear()

    yield speak
    speech.language.cache_clear()


def test_nobody_has_applied_is_said_and_makes_no_store(place, call):
    answer = call("fund", "status")
    assert answer.code == 0, answer.err
    assert not (place / ".htkeval" / "store.db").exists()
    assert status(call)["applications"] == []


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("da", "--amount: fandt 600.001 kr., af en pulje med 600.000 kr. tilbage; "
               "ventede højst 600.000 kr. Intet blev gemt."),
        ("en", "--amount: found 600,001 kr., of a pool with 600,000 kr. left; "
               "expected at most 600,000 kr. Nothing was stored."),
    ],
)  # fmt: skip
def test_a_grant_over_the_pool_is_told_and_not_stored(place, call, language, sentence, spoken):
    asked = ("fund", "apply", "proeve", "--area", "IT", "--amount", "700.000", "--purpose", "Alt")
    assert call(*asked).code == 0
    spoken(language)
    answer = given(call, "A1", "600.001")
    assert answer.code == 1
    assert answer.err.startswith(sentence), answer.err
    assert len(events(place)) == 1


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("apply", "proeve", "--area", "x", "--amount", "1.234,5", "--purpose", "x"), 2, "1.234,5"),
        (("apply", "proeve", "--area", "x", "--amount", "0", "--purpose", "x"), 1, "--amount"),
        (("apply", "proeve", "--area", " ", "--amount", "5", "--purpose", "x"), 1, "--area"),
        (("apply", "proeve", "--area", "x", "--amount", "5"), 2, "--purpose"),
        (("apply", "nope", "--area", "x", "--amount", "5", "--purpose", "x"), 2, "nope"),
        (("apply", "proeve", "--area", "x", "--amount", "5", "--purpose", "010203-1234"), 1, "CPR"),
        (("grant", "A9", "--amount", "5", "--why", "x"), 1, "A1"),
        (("grant", "A1", "--amount", "0", "--why", "x"), 1, "--refuse"),
        (("grant", "A1", "--amount", "5"), 2, "--why"),
        (("grant", "A1", "--why", "x"), 2, "--amount"),
        (("grant", "A1", "--amount", "5", "--refuse", "--why", "x"), 2, "--refuse"),
        (("grant", "A1", "--amount", "150001", "--why", "x"), 1, "150,000"),
        (("spend", "A1", "--amount", "1", "--text", "x"), 1, "--amount"),
        (("spend", "A1", "--amount", "1", "--text", "x", "--date", "2999-01-01"), 1, "--date"),
        (("spend", "A1", "--amount", "-1"), 2, "--text"),
        (("status", "--format", "xml"), 2, "--format"),
    ],
)
def test_bad_input_is_told_and_nothing_is_stored(applied, call, arguments, code, said, spoken):
    spoken("en")
    before = events(applied)
    answer = call("fund", *arguments)
    assert (answer.code, events(applied)) == (code, before), answer.err
    assert said in answer.err
    assert "010203" not in answer.err


def test_an_application_is_refused_with_a_reason(applied, call):
    assert call("fund", "grant", "A1", "--refuse", "--why", "Ikke i år").code == 0
    assert status(call)["applications"][0]["state"] == "refused"
    assert given(call).code == 1
    assert "Ikke i år" in call("fund", "status").out


def test_without_its_file_the_pool_is_not_guessed(applied, call):
    (applied / "configs" / "fund.toml").unlink()
    for command in (("status",), ("grant", "A1", "--amount", "5", "--why", "x")):
        answer = call("fund", *command)
        assert answer.code == 2
        assert "fund.toml" in answer.err
        assert "`htkeval init`" in answer.err
    assert len(events(applied)) == 1


@pytest.mark.parametrize("wrong", ["0", "-5", "600000.5", "true", '"600.000"'])
def test_a_pool_that_is_no_amount_is_told_by_key(applied, call, wrong):
    file = applied / "configs" / "fund.toml"
    file.write_text(file.read_text("utf-8").replace("600_000", wrong), encoding="utf-8")
    answer = call("fund", "status")
    assert answer.code == 1
    assert "amount_kr" in answer.err


def test_a_pool_that_became_smaller_is_told(applied, call, spoken):
    given(call)
    file = applied / "configs" / "fund.toml"
    file.write_text(file.read_text("utf-8").replace("600_000", "60_000"), encoding="utf-8")
    spoken("en")
    assert "More is granted than the pool holds now" in call("fund", "status").out
    assert status(call)["remaining_kr"] == -40_000


@pytest.mark.parametrize("language", ["da", "en"])
@pytest.mark.parametrize("part", [(), ("apply",), ("grant",), ("spend",), ("status",)])
def test_every_part_has_a_page_of_help(place, call, language, part, spoken):
    spoken(language)
    answer = call("fund", *part, "--help")
    assert answer.code == 0
    assert "fund" in answer.out


def test_init_brings_the_municipalitys_pool(tmp_path, call):
    assert call("init", tmp_path / "kommune").code == 0
    made = (tmp_path / "kommune" / "configs" / "fund.toml").read_bytes()
    assert made == (bundled("configs") / "fund.toml").read_bytes()


def test_a_locked_trial_still_takes_them(analysed, call):
    assert call("snapshot", "proeve", "--final").code == 0
    more = ("--area", "IT", "--amount", "500", "--purpose", "Licenser")
    assert call("fund", "apply", "proeve", *more).code == 0
    assert given(call, "A1", "500").code == 0
    assert call("fund", "spend", "A1", "--amount", "500", "--text", "Faktura").code == 0
    (state,) = json.loads(call("status", "--format", "json").out)["trials"]
    assert state["locked"] is not None
    assert (state["stale"], state["data_changed"]) == (False, False)
    assert status(call)["applications"][0]["state"] == "spent"
    assert failed(call) == set()


def test_a_pseudonym_of_the_trial_is_refused(measured, call):
    more = ("fund", "apply", "proeve", "--area", "IT", "--amount", "500", "--purpose")
    before = events(measured)
    assert call(*more, "Til M00s licens").code == 1
    assert events(measured) == before
    assert call(*more, "Til licenser").code == 0
    assert call("fund", "grant", "A1", "--amount", "500", "--why", "x").code == 0
    answer = call(
        "fund", "spend", "A1", "--amount", "5", "--text", "M00 tog kurset", "--lang", "en"
    )
    assert answer.code == 1
    assert answer.err.startswith("--text: ")
