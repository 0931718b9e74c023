"""Reads the package of another municipality. A file from outside is trusted in nothing.

What it holds is kept for good and shown on screens, so it is searched as if somebody here had
written it; and it is only read at all where it is a plain file of a size that such a thing has.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from htkeval.canonical import canonical_json
from htkeval.errors import Problem, Refused, UsageError
from htkeval.evidence_package import KIND, SCHEMA, SEAL, SUFFIX, EvidencePackage, seal
from htkeval.frozen import Contradiction
from htkeval.intake import plain_file
from htkeval.intake.free_text import refuse, refuse_listed, texts_of
from htkeval.intake.json_text import NoJson, parsed
from htkeval.text import Text, say

LARGEST = 1_000_000
"""Bytes of one file; a package has about ten thousand."""
_FORM = re.compile(r"[0-9a-f]{64}|\d{4}-\d\d-\d\d")

_NOTHING = say("Nothing was stored.")
_UNREADABLE = say("a file of `htkeval evidence export`, as it was sent")


@dataclass(frozen=True)
class Incoming:
    """A package as it came."""

    file: str
    """Where it was read."""
    package: EvidencePackage
    """What it says."""
    content: dict[str, Any]
    """The same as JSON values, as its fingerprint covers them."""


def files_of(places: tuple[Path, ...]) -> tuple[Path, ...]:
    """The files that are meant: each as it is named, and of a folder those that end as packages do.

    Raises:
        UsageError: Nothing is there, or a folder holds no such file.
    """
    found: list[Path] = []
    for place in places:
        if place.is_dir() and not place.is_symlink():
            inside = sorted(one for one in place.iterdir() if one.name.endswith(SUFFIX))
            if not inside:
                expected = say("files that end in {suffix}", suffix=SUFFIX)
                raise UsageError(Problem(_named(place), say("no package in it"), expected))
            found += inside
        else:
            found.append(place)
    return tuple(found)


def read(file: Path, *, names: frozenset[str] = frozenset()) -> Incoming:
    """Read a package and refuse whatever is not right about it.

    Args:
        file: Where it lies.
        names: Words of the participants' own list of names, which nothing that is kept may hold.

    Raises:
        UsageError: There is no such file.
        Refused: It is no plain file, too large, no JSON, no package, of another version, not what
            was sent, contradicts itself, or names somebody.
        EnvironmentFailed: The machine cannot read it.
    """
    place = _named(file)
    try:
        content = parsed(plain_file.content(file, most=LARGEST, expected=_UNREADABLE))
    except NoJson as wrong:
        raise _refused(place, wrong.found) from None
    _refuse_stranger(place, content)
    package = _validated(place, content)
    texts = {f"{file.name}, {key}": text for key, text in texts_in(content).items()}
    refuse(texts)
    refuse_listed(texts, names)
    return Incoming(str(file), package, content)


def texts_in(content: dict[str, Any]) -> dict[str, str]:
    """By key: the texts of a package that could name somebody, each once.

    Fingerprints and days are none of them.
    """
    first: dict[str, str] = {}
    for key, text in texts_of(content):
        if not _FORM.fullmatch(text):
            first.setdefault(text, key)
    return {key: text for text, key in first.items()}


def _refuse_stranger(place: Text, content: dict[str, Any]) -> None:
    """Whether it is a package, of a version that we know, with the bytes that were sent."""
    if content.get("kind") != KIND:
        raise _refused(place, say("something else than a package of evidence"))
    version = content.get("schema")
    if type(version) is not int or version < SCHEMA:
        raise _refused(place, say("a version that this htkeval does not know"))
    if version > SCHEMA:
        raise Refused(
            Problem(
                place,
                say("version {n} of the form, made by a newer htkeval", n=str(version)),
                say("version {n}", n=SCHEMA),
                say("Update htkeval, then import it. Nothing was stored."),
            )
        )
    try:
        same = seal(content) == content.get(SEAL)
    except UnicodeEncodeError:  # half of a character
        raise _refused(place, say("signs that no screen shows")) from None
    if not same:
        raise Refused(
            Problem(
                place,
                say("a SHA-256 that does not fit: something was changed on the way"),
                _UNREADABLE,
                say("Ask for it again. Nothing was stored."),
            )
        )


def _validated(place: Text, content: dict[str, Any]) -> EvidencePackage:
    try:
        return EvidencePackage.model_validate_json(canonical_json(content), strict=True)
    except ValidationError as failed:
        problems = [_problem(place, wrong) for wrong in failed.errors(include_url=False)]
        raise Refused(problems) from None


def _problem(place: Text, wrong: ErrorDetails) -> Problem:
    """What the form does not allow; a value is not repeated, for it may name somebody."""
    key = ".".join(str(part)[:60] for part in wrong["loc"][:6])
    where = say("{place}, {key}", place=place, key=key) if key else place
    cause = wrong.get("ctx", {}).get("error")
    if isinstance(cause, Contradiction):
        return Problem(where, cause.text)
    kind = wrong["type"]
    found = {"extra_forbidden": say("an unknown key"), "missing": say("nothing")}
    return Problem(
        where,
        found.get(kind, say("a value that cannot stand there")),
        say("what evidence_package.schema.json says"),
        _NOTHING,
    )


def _named(file: Path) -> Text:
    return say("file {file}", file=str(file))


def _refused(place: Text, found: Text) -> Refused:
    return Refused(Problem(place, found, _UNREADABLE, _NOTHING))
