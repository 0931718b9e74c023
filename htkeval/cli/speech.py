"""Which language the command line speaks, and click's own complaints in it."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterable
from functools import lru_cache
from typing import Any

import click

from htkeval.text import LANGUAGES, Language, Text, legible, render, say


@lru_cache
def language() -> Language:
    """`--lang`, else `HTKEVAL_LANG`, else the municipality's, else Danish."""
    for wanted in (_spoken(sys.argv), os.environ.get("HTKEVAL_LANG"), _municipal()):
        for known in LANGUAGES:
            if wanted == known:
                return known
    return "da"


def _spoken(arguments: list[str]) -> str | None:
    """What `--lang` says, before click has read the line: help texts are made at import."""
    for at, argument in enumerate(arguments):
        if argument.startswith("--lang="):
            return argument.removeprefix("--lang=")
        if argument == "--lang":
            return arguments[at + 1] if at + 1 < len(arguments) else None
    return None


def _municipal() -> str | None:
    """The language of the nearest workspace: one line of its file, before anything is loaded."""
    folder = os.path.abspath(os.curdir)
    while not os.path.isfile(file := os.path.join(folder, "configs", "municipality.toml")):
        if folder == os.path.dirname(folder):
            return None
        folder = os.path.dirname(folder)
    with open(file, encoding="utf-8", errors="replace") as lines:
        stated = next((line for line in lines if line.startswith("language")), "")
    return stated.partition("=")[2].partition("#")[0].strip(" \t\n\"'") or None


def words(text: Text | str) -> str:
    """A sentence in the language of this command line, without what a terminal would obey."""
    return legible(render(text, language()))


def told(wrong: click.ClickException) -> str:
    """One of click's complaints as a sentence of ours, with where to read on."""
    context = getattr(wrong, "ctx", None)
    step = say("`{command} --help` tells more.", command=_path(context))
    return f"{words(_complaint(wrong))} {words(step)}"


def _path(context: click.Context | None) -> str:
    return context.command_path if context else "htkeval"


def _complaint(wrong: click.ClickException) -> Text:
    """What click found wrong, in our words; its own English where it is a rare one."""
    if isinstance(wrong, click.exceptions.NoSuchCommand):
        from htkeval.cli.commands import COMMANDS

        name = wrong.command_name
        return _unknown(say("command {name}", name=name), name, COMMANDS)
    if isinstance(wrong, click.NoSuchOption):
        known = [name for each in _options(wrong.ctx) for name in each.opts]
        name = wrong.option_name
        return _unknown(say("option {name}", name=name), name, known)
    if isinstance(wrong, click.MissingParameter) and wrong.param:
        return say("{name} is missing.", name=_name(wrong.param, wrong.ctx))
    expected = getattr(wrong, "expected", None)
    if isinstance(wrong, click.BadParameter) and wrong.param and expected is not None:
        name, found = _name(wrong.param, wrong.ctx), getattr(wrong, "found", "")
        return say(
            "{name}: found {found}, expected {expected}.", name=name, found=found, expected=expected
        )
    if isinstance(wrong, click.BadOptionUsage):
        name = wrong.option_name
        if "requires an argument" in wrong.message:
            return say("{name} needs a value after it.", name=name)
        return say("{name} stands alone, without a value.", name=name)
    if isinstance(wrong, click.BadParameter) and wrong.param:
        wanted = _wanted(wrong.param.type)
        if wanted is not None:
            name = _name(wrong.param, wrong.ctx)
            return say("{name} must be {wanted}.", name=name, wanted=wanted)
    if more := re.search(r"unexpected extra arguments? \((.+)\)", wrong.message):
        return say("More than the command takes: {names}.", names=more[1])
    return say("{what}", what=wrong.format_message())


def _wanted(kind: click.ParamType[Any]) -> Text | None:
    """What a parameter takes; None where click has more to say than its kind tells."""
    if isinstance(kind, click.Choice):
        return say("one of {keys}", keys=", ".join(map(str, kind.choices)))
    if isinstance(kind, click.DateTime):
        return say("a date such as 2026-01-12 or 12-01-2026")
    if isinstance(kind, click.IntRange | click.FloatRange):
        whole = isinstance(kind, click.IntRange)
        sort = say("a whole number") if whole else say("a number")
        if kind.max is None:
            return say("{sort} of at least {low}", sort=sort, low=str(kind.min))
        return say("{sort} from {low} to {high}", sort=sort, low=str(kind.min), high=str(kind.max))
    known = {"integer": say("a whole number"), "float": say("a number")}
    return known.get(kind.name)


def _unknown(what: Text, name: str, known: Iterable[str]) -> Text:
    from difflib import get_close_matches

    near = get_close_matches(name, list(known), n=1)
    if near:
        return say("There is no {what}; did you mean {near}?", what=what, near=near[0])
    return say("There is no {what}.", what=what)


def _options(context: click.Context | None) -> list[click.Parameter]:
    return context.command.params if context else []


def _name(parameter: click.Parameter, context: click.Context | None) -> str:
    if isinstance(parameter, click.Option) or context is None:
        return parameter.opts[0]
    return parameter.make_metavar(context)
