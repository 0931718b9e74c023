"""What `check` says of definitions that are right but may not be what was meant."""

from __future__ import annotations

import json

import pytest

from tests.examples import TO_COME

TASKS = TO_COME.replace(
    'participant = "medarbejder"',
    'allocation = "bernoulli"\nparticipant = "medarbejder"\ntask = "sag"',
)


def remarks(place, call, text: str) -> list[str]:
    (place / "experiments" / "proeve" / "trial.toml").write_text(text, encoding="utf-8")
    answer = call("check", "proeve", "--format", "json")
    assert answer.code == 0, answer.err
    return json.loads(answer.out)["remarks"]


def told(place, call, text: str) -> list[str]:
    """What is said of a change beside what is said without it."""
    before = remarks(place, call, TASKS)
    return [one for one in remarks(place, call, text) if one not in before]


def design(line: str) -> str:
    return TASKS.replace("randomised = true", f"randomised = true\n{line}")


RULE = '\n[[exclusions]]\nrule = "{} > 480"\nreason = "glemt ur"\n'


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (TASKS.replace('"dpia"', '"dipa"'), "gate dipa is not known; did you mean dpia?"),
        (TASKS + RULE.format("minuter"), "did you mean minutter?"),
        (TASKS + RULE.format("xyz"), "takes a column xyz that nothing else reads"),
        (
            TASKS.replace('column = "fejl"', 'column = "minutter"'),
            "task_time and errors are read from the same column, minutter",
        ),
        (design("reversible = false"), "everybody goes back and forth"),
        (design("tasks_each = 2"), "tasks_each is 2: so few tasks"),
        (TASKS.replace('id = "proeve"', 'id = "anden"'), "the id is anden, but the folder"),
        (TASKS + "\n[forecast]\nrelative_change = 0.25\n", "(25 % more) is a change for the worse"),
        (TASKS.replace("2099-01-12", "2001-01-12"), "starts lies in the past (2001-01-12)"),
        (
            TASKS.replace('"within"', '"parallel"').replace('"bernoulli"', '"complete"'),
            "lots can be drawn of a list only",
        ),
    ],
)
def test_a_slip_that_no_rule_forbids_is_pointed_out(place, call, text, sentence):
    found = told(place, call, text)
    assert len(found) == 1, found
    assert sentence in found[0]


@pytest.mark.parametrize(
    "text",
    [
        TASKS + RULE.format("minutter"),
        TASKS.replace('"dpia"', '"borgerraad"'),  # a municipality has gates of its own
        TASKS + "\n[forecast]\nrelative_change = -0.25\n",
        TASKS + "\n[forecast]\nrelative_change = 0\n",
        design("tasks_each = 18"),
        TASKS.replace('kind = "within"', 'kind = "parallel"'),
        TASKS.replace('kind = "within"', 'kind = "cluster"\nteam = "enhed"'),
    ],
)
def test_what_is_in_order_is_no_slip(place, call, text):
    assert told(place, call, text) == []


def test_a_trial_that_is_over_is_right_all_the_same(place, call):
    found = told(place, call, TASKS.replace("2099-", "2001-"))
    assert [one.split(" (")[0] for one in found] == [
        "starts lies in the past",
        "ends lies in the past",
    ]


def test_registering_says_that_the_first_day_lies_behind(place, call):
    file = place / "experiments" / "proeve" / "trial.toml"
    file.write_text(TASKS.replace("2099-01-12", "2001-01-12"), encoding="utf-8")
    answer = call("register", "proeve")
    assert answer.code == 0
    assert "note: starts lies in the past (2001-01-12): work with the tool" in answer.out


def test_a_definition_that_stands_alone_has_no_texts_to_fill_in(place, call):
    """And texts beside it are counted place by place, alike or not."""
    assert told(place, call, TASKS) == []
    folder = place / "experiments" / "proeve"
    (folder / "README.md").write_text("[UDFYLD: navn] og [UDFYLD: navn], [UDFYLD: dag]")
    (folder / "material").mkdir()
    (folder / "material" / "a.md").write_text("[FILL IN: x]")
    (folder / "material" / "b.md").write_text("alt er skrevet")
    found = remarks(place, call, TASKS)
    assert "README.md: places to fill in: 3" in found
    assert "material/a.md: places to fill in: 1" in found
    assert not any("b.md" in one for one in found)


@pytest.mark.parametrize("name", ["eligible", "adoption", "realisable", "cashable"])
@pytest.mark.parametrize(("value", "limit"), [("75", "≤ 1"), ("-0.1", "≥ 0")])
def test_a_share_in_per_cent_is_refused(place, call, name, value, limit):
    span = f'{{low = 0.5, expected = {value}, high = 0.9, source = "skøn", date = 2026-11-01}}'
    file = place / "experiments" / "proeve" / "trial.toml"
    file.write_text(f"{TASKS}\n[economics]\n{name} = {span}\n", encoding="utf-8")
    answer = call("check", "proeve")
    assert answer.code == 1
    assert (
        f"economics.{name}.expected: found {float(value):g}; expected a number {limit}"
        in answer.err
    )
