"""Answers of forms, time in forms and surveys in bands in words."""

from __future__ import annotations

from collections.abc import Iterator

from htkeval.attachment import Attachment, Question
from htkeval.reporting.numbers import number
from htkeval.reporting.sentences import listed, quoted
from htkeval.text import Text, say


def form(one: Attachment) -> tuple[Text, ...]:
    """Who answered, and how many gave which answer."""
    persons = say("{n} persons answered.", n=number(one.score("persons") or 0.0, 0))
    return persons, *_took(one), *map(_question, one.questions)


def _took(one: Attachment) -> Iterator[Text]:
    minutes = one.score("completion_minutes.median")
    if minutes is not None:
        yield say("Half of them took at most {n} minutes.", n=number(minutes, 1))


def _question(asked: Question) -> Text:
    values = {"question": quoted(asked.text), "others": number(asked.others or 0, 0)}
    if not asked.answers:
        return say("{question} Too few gave the same answer to tell of it.", **values)
    given = [
        say('"{answer}": {n}', answer=quoted(answer.text), n=number(answer.n, 0))
        for answer in asked.answers
    ]
    values["answers"] = listed(given)
    if asked.several:
        return say("{question} {answers} (several answers could be given).", **values)
    if asked.others:
        return say("{question} {answers}; another answer or none: {others}.", **values)
    return say("{question} {answers}.", **values)


def audit(one: Attachment) -> tuple[Text, ...]:
    """How long forms took, and which part of them."""
    figure = {name: one.score(name) or 0.0 for name in ("forms", "form_minutes")}
    told = say(
        "{forms} forms took {minutes} minutes together, half of them at most {median} each; "
        "{resumed} times one was taken up again after a break.",
        forms=number(figure["forms"], 0),
        minutes=number(figure["form_minutes"], 1),
        median=number(one.score("form_minutes.median") or 0.0, 1),
        resumed=number(one.score("resumed_sessions") or 0.0, 0),
    )
    groups = (
        say(
            "In the questions of {group}: {minutes} minutes together.",
            group=quoted(score.scorer),
            minutes=number(score.value, 1),
        )
        for score in one.scores
        if score.scorer
    )
    return told, *groups


def bands(one: Attachment) -> tuple[Text, ...]:
    """The bounds of the mean; what the middles say is told as what it is."""
    low, high = one.score("mean.at_least"), one.score("mean.at_most")
    middle = one.score("mean.of_middles")
    if low is None:
        return (say("Nobody answered."),)
    least = number(low, 1)
    told = (
        say("The mean answer is at least {low} minutes.", low=least)
        if high is None
        else say(
            "The mean answer lies from {low} to {high} minutes.", low=least, high=number(high, 1)
        )
    )
    if middle is None:
        return (told,)
    guess = say(
        "With each answer in the middle of its band (an open one at its lower end) it would be "
        "{middle} minutes, but nobody knows where in a band an answer lies.",
        middle=number(middle, 1),
    )
    return told, guess
