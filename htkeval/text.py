"""A sentence for a person, kept apart from its language until it is shown.

A `Text` is an English template with its values; `render` looks the template up in the
catalogue of the wanted language and writes numbers and dates as that language does. So a
stored analysis can be read in Danish today and in English tomorrow.
"""

from __future__ import annotations

import gettext
import math
import os.path
import re
import string
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import Any, Literal

Language = Literal["da", "en"]
LANGUAGES: tuple[Language, ...] = ("da", "en")
KRONER = "kr"
"""The pattern of every amount that a committee reads: `{cost:kr} kr.`. The value behind it stays
exact, and so do documents, CSV and the tables of the method."""
BEYOND_WORDS = 1e15
"""From here on a number is written with a power of ten: nobody reads that many digits."""


@dataclass(frozen=True)
class Text:
    """One sentence: an English template and what stands in its braces."""

    template: str
    """English, with `{name}` or `{name:pattern}`; the pattern is a CLDR number or date pattern,
    and each translation may have its own: `{day:d MMMM y}`, in Danish `{day:d. MMMM y}`."""
    values: dict[str, str | bool | int | float | date | Text | tuple[Text, ...]] = field(
        default_factory=dict
    )
    """What stands in the braces; a float is written with the language's own comma."""

    def __str__(self) -> str:
        return render(self, "en")


def say(template: str, **values: Any) -> Text:
    """Make a `Text`. Catalogues are extracted from the calls of this function."""
    return Text(template=template, values=values)


def render(text: Text | str, language: Language) -> str:
    """Write a text in a language.

    Args:
        text: A `Text`, or a plain string (a file's name, a person's own words), kept as it is.
        language: `da` or `en`; a template without a translation is written in English.

    Example:
        >>> render(say("{n:#,##0.0} minutes", n=1234.5), "en")
        '1,234.5 minutes'
    """
    if isinstance(text, str):
        return text
    template = _catalogue(language).gettext(text.template) if text.template else ""
    return _Writer(language).vformat(template, (), text.values)


def to_the_thousand(kr: float) -> float:
    """An amount as committees read it: to the nearest thousand kroner, half a one away from nought.

    What would read as nothing and is not stays in whole kroner, at the least one.

    Example:
        >>> to_the_thousand(103_624.4), to_the_thousand(-412.0), to_the_thousand(0.3)
        (104000.0, -412.0, 1.0)
        >>> to_the_thousand(36_500.0), to_the_thousand(-36_500.0)
        (37000.0, -37000.0)
    """
    thousands = math.floor(abs(float(kr)) / 1000 + 0.5)
    shown = math.copysign(1000.0 * thousands, kr) if thousands else 0.0
    if shown or abs(kr) < A_GRAIN:
        return shown
    return round(float(kr)) + 0.0 or math.copysign(1.0, kr)


A_GRAIN = 0.005
"""Half an øre: what is below it is left of a subtraction of floats."""


class _Writer(string.Formatter):
    """Fills a template; Babel is loaded only when a number or a date has to be written."""

    def __init__(self, language: Language) -> None:
        self.language = language

    def get_value(self, key: int | str, args: Sequence[Any], kwargs: Mapping[str, Any]) -> Any:
        return kwargs[str(key)]

    def format_field(self, value: Any, format_spec: str) -> str:
        if isinstance(value, Text):
            return render(value, self.language)
        if isinstance(value, tuple):
            # Whole sentences stand in a list without their full stops.
            return ", ".join(render(each, self.language).removesuffix(".") for each in value)
        if isinstance(value, str) and format_spec:  # a date that was stored as JSON
            value = date.fromisoformat(value)
        if format_spec == KRONER and isinstance(value, (int, float)):
            value, format_spec = to_the_thousand(value), "#,##0"
        if isinstance(value, date):
            from babel.dates import format_date

            return str(format_date(value, format_spec or "d MMMM y", locale=self.language))
        if isinstance(value, int) and format_spec == "#,##0" and abs(value) < 1000:
            return str(value).replace("-", "−")  # as Babel has it, and Babel costs a start-up 30 ms
        if isinstance(value, float) or (isinstance(value, int) and format_spec):
            return _figure(value, format_spec or None, self.language)
        return legible(str(value), keep="")


@lru_cache(maxsize=20_000, typed=True)
def _figure(value: float, pattern: str | None, language: Language) -> str:
    """A number by Babel, which takes as long for the same one again: a page has hundreds."""
    from babel.numbers import format_decimal

    if abs(value) >= BEYOND_WORDS:
        return f"{value:.3g}".replace("-", "−")
    shown = str(format_decimal(value, pattern, locale=language)).replace("-", "−")
    # what rounds to zero has no sign: neither a gain nor a loss
    return shown if any(digit in shown for digit in "123456789") else shown.lstrip("−+")


UNSAFE = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")
"""What a terminal obeys instead of showing it, what turns the reading order round, and what no
file can hold."""


def legible(text: str, *, keep: str = "\n\t") -> str:
    """The text with every character that a terminal would obey written out.

    Args:
        text: What is about to be shown.
        keep: Such characters that stay.

    Example:
        >>> print(legible("a\x1b[31mb"))
        a\\x1b[31mb
    """
    if text.isprintable():
        return text
    return UNSAFE.sub(lambda one: one[0] if one[0] in keep else _written_out(one[0]), text)


def _written_out(character: str) -> str:
    return character.encode("unicode_escape", "surrogatepass").decode("ascii")


@lru_cache
def _catalogue(language: Language) -> gettext.NullTranslations:
    """The catalogue of a language; English is the language of the templates themselves."""
    folder = os.path.join(os.path.dirname(__file__), "locale")  # pathlib costs a start-up 5 ms
    return gettext.translation("htkeval", folder, [language], fallback=True)
