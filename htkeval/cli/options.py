"""The options that many commands share."""

from __future__ import annotations

import functools
import math
import os
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from htkeval.cli.speech import words
from htkeval.text import say

if TYPE_CHECKING:
    from htkeval.decision import Actor
    from htkeval.text import Language, Text
    from htkeval.workspace import Workspace

Command = Callable[..., Any]

DATE = click.DateTime(["%Y-%m-%d", "%d-%m-%Y", "%d.%m.%Y", "%d/%m/%Y", "%d/%m-%Y"])
"""A day, as programs write it or as Danes do."""


class NoSuchNumber(click.BadParameter):
    """What was typed is not a number that an option takes."""

    def __init__(self, found: str, expected: Text) -> None:
        super().__init__(words(expected))
        self.found = found
        """As it was typed."""
        self.expected = expected
        """Which numbers are taken."""


class FiniteRange(click.FloatRange):
    """A number between two others. Click's own range lets `nan` through, which is in no order."""

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> float:
        try:
            found = float(super().convert(value, param, ctx))
        except click.BadParameter:
            found = math.nan
        if not math.isfinite(found):
            wrong = NoSuchNumber(str(value), self._expected)
            wrong.param, wrong.ctx = param, ctx
            raise wrong
        return found

    @property
    def _expected(self) -> Text:
        if self.min_open:
            return say(
                "a number above {low:#,##0.##}, at most {high:#,##0.##}",
                low=self.min,
                high=self.max,
            )
        return say("a number from {low:#,##0.##} to {high:#,##0.##}", low=self.min, high=self.max)


class Kroner(click.ParamType[int]):
    """A whole number of kroner as Danes write it."""

    name = "kroner"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        from htkeval.fund import kroner

        try:
            return kroner(str(value))
        except ValueError:
            expected = say("a whole number of kroner such as 150.000 or 150000")
            wrong = NoSuchNumber(str(value), expected)
            wrong.param, wrong.ctx = param, ctx
            raise wrong from None


class Amount(click.ParamType[float]):
    """A number as Danes write it, `1.649,5` or `4,5`; what can be read in two ways is refused."""

    name = "amount"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> float:
        from htkeval.intake.number import Notation, from_text

        found = from_text(str(value).strip(), Notation(None, None))
        if isinstance(found, float):
            return found
        wrong = NoSuchNumber(str(value), found.expected)
        wrong.param, wrong.ctx = param, ctx
        raise wrong


def _remember(ctx: click.Context, parameter: click.Parameter, value: str | None) -> None:
    """Keep `--workspace` and `--lang` where the group keeps them, whichever side they stand on."""
    if value is not None:
        ctx.ensure_object(dict)[str(parameter.name)] = value


def placed(command: Command) -> Command:
    """`--workspace` and `--lang`, as on the group."""
    for option in (
        click.option(
            "--lang",
            type=click.Choice(["da", "en"]),
            expose_value=False,
            callback=_remember,
            help=words(say("Language; else HTKEVAL_LANG, else the municipality's.")),
        ),
        click.option(
            "--workspace",
            metavar="FOLDER",
            expose_value=False,
            callback=_remember,
            help=words(
                say("The workspace; else HTKEVAL_WORKSPACE, else the nearest folder upwards.")
            ),
        ),
    ):
        command = option(command)
    return command


_KEPT = "htkeval.kept"
"""Where a call remembers its texts that are kept for good, by option."""
_OWN_NAMES = frozenset({"--responsible"})
"""Whoever answers for something is named there, on purpose."""


def reading(command: Command) -> Command:
    """`--format table|json|csv`, for a command that answers."""
    return click.option(
        "--format",
        "form",
        type=click.Choice(["table", "json", "csv"]),
        default="table",
        help=words(say("A table for people, or one JSON or CSV document.")),
    )(command)


def kept(ctx: click.Context, parameter: click.Parameter, value: Any) -> Any:
    """A text that is stored for good: searched before anything else is done."""
    from htkeval.intake.free_text import refuse

    for text in value if isinstance(value, tuple) else (value,):
        if text is not None:
            refuse({parameter.opts[0]: text})
            ctx.meta.setdefault(_KEPT, {}).setdefault(parameter.opts[0], []).append(text)
    return value


def _refuse_listed() -> None:
    """Hold what was said against the participants' own list of names, once the place is known."""
    said = click.get_current_context().meta.get(_KEPT, {})
    texts = {name: " ".join(told) for name, told in said.items() if name not in _OWN_NAMES}
    if texts:
        from htkeval.intake.free_text import refuse_listed
        from htkeval.intake.names import listed

        refuse_listed(texts, listed(here().root, None))


def acting(command: Command) -> Command:
    """`--as NAME`, for a command that stores; the function gets `actor`."""

    @functools.wraps(command)
    def with_actor(*args: Any, as_: str | None, **kwargs: Any) -> Any:
        from htkeval.cli.failing import told_if_stored

        actor = who(as_)
        _refuse_listed()
        with told_if_stored(actor, since=now()):
            return command(*args, actor=actor, **kwargs)

    return click.option(
        "--as",
        "as_",
        metavar="NAME",
        help=words(say("Who acts; else HTKEVAL_USER, else the computer's account.")),
    )(with_actor)


def named_trial(command: Command) -> Command:
    """The argument `TRIAL`."""
    return click.argument("trial", metavar=words(say("TRIAL")))(command)


def a_port(default: int) -> Callable[[Command], Command]:
    """`--port N`."""
    kind = click.IntRange(1, 65535)
    text = words(say("Port."))
    return click.option("--port", type=kind, default=default, show_default=True, help=text)


def who(given: str | None) -> Actor:
    """Who acts, and how that is known."""
    from htkeval.steps.actor import actor

    return actor(given, option="--as")


def now() -> datetime:
    """The present, in UTC."""
    return datetime.now(UTC)


def here() -> Workspace:
    """The workspace that this command line is about. Raises `UsageError` where there is none."""
    from htkeval import workspace

    given = click.get_current_context().ensure_object(dict).get("workspace")
    return workspace.find(Path.cwd(), given=given)


def spoken_in(workspace: Workspace | None) -> Language:
    """The language of a file that is written: `--lang`, else `HTKEVAL_LANG`, else the workspace's.

    Unlike what stands on the screen, it is that of the workspace which `--workspace` names.
    """
    from htkeval.text import LANGUAGES

    given = click.get_current_context().ensure_object(dict).get("lang")
    wanted = (given, os.environ.get("HTKEVAL_LANG"))
    own = workspace.municipality.language if workspace else "da"
    return next((known for one in wanted for known in LANGUAGES if one == known), own)
