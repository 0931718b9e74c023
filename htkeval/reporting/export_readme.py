"""What stands beside exported files: what each is, what it rests on, how it is computed again."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from htkeval.text import Language, Text, render, say
from htkeval.trial import Trial

FILES: dict[str, Text] = {
    "data": say("the measurements, a row a task; people are P001, P002, …"),
    "counts": say("how many tasks and people each arm has"),
    "codebook": say("what each column of the measurements is, its unit, what it is used for"),
    "registration": say("what was promised before, key by key"),
    "results": say("every effect of the newest analysis: estimate, interval, p and sizes"),
    "findings": say("what was experienced, and which challenges were met"),
    "trial.toml": say("the definition that counts, as htkeval reads it"),
}
"""By name without its ending: what a file is."""
PERSONAL = say(
    "The rows are pseudonymous, not anonymous: whoever knows a colleague's working days may find "
    "that colleague's rows. They are personal data still, so pass them on only by agreement."
)
NO_ROWS = say(
    "There are no rows of people here: even under other names they would be personal data. Counts "
    "of fewer than five people are left out."
)


@dataclass(frozen=True)
class Told:
    """What a README says of an export."""

    trial: Trial
    """The definition that counts."""
    names: Sequence[str]
    """The files beside it."""
    public: bool
    """Whether without rows."""
    fingerprints: Sequence[tuple[Text, str | None]]
    """What the files rest on."""
    same: bool | None
    """Whether the rows give the stored confirmatory figure."""
    kept_back: Sequence[Text]
    """What was changed or held back."""
    locked: Text | None
    """That data are final."""
    simulated: bool
    """Whether the measurements were invented."""
    software: str
    """The program that wrote it."""


def readme(told: Told, language: Language) -> bytes:
    """The same words for the same export: no hour and no name of a person stands in it."""
    return ("\n".join(render(line, language) for line in _lines(told)) + "\n").encode()


def _lines(told: Told) -> Iterator[Text | str]:
    yield Text("# {title}", {"title": told.trial.title})
    yield from ("", told.trial.question, "")
    if told.simulated:
        yield from (
            say("**Simulated figures.** The measurements were invented to try the tool."),
            "",
        )
    yield NO_ROWS if told.public else PERSONAL
    if told.locked is not None:
        yield from ("", told.locked)
    yield from ("", say("## The files"), "")
    for name in told.names:
        what = FILES.get(name) or FILES.get(name.partition(".")[0])
        if what is not None:
            yield Text("- `{name}`: {what}", {"name": name, "what": what})
    yield say(
        "- `SHA256SUMS`: the fingerprint of each file; `sha256sum -c SHA256SUMS` compares them"
    )
    yield from (
        "",
        say(
            "CSV is UTF-8 with commas and decimal points. A text that begins as a formula has an "
            "apostrophe before it, so that a spreadsheet does not run it."
        ),
    )
    if told.kept_back:
        yield from ("", say("## What was changed or left out"), "")
        yield from (Text("- {what}", {"what": one}) for one in told.kept_back)
    yield from ("", say("## What it rests on"), "")
    for what, mark in told.fingerprints:
        yield Text("- {what}: `{mark}`", {"what": what, "mark": mark or "–"})
    yield Text("- {software}", {"software": told.software})
    yield from _again(told)


def _again(told: Told) -> Iterator[Text | str]:
    """The commands that give the same numbers, and whether they do."""
    if told.public:
        return
    yield from ("", say("## The same numbers again"), "")
    yield from ("    pip install htkeval", "    htkeval analyse trial.toml --data data.csv", "")
    if told.same:
        yield say(
            "This was done when the files were written: the confirmatory figure is that of "
            "results.csv. Where days became weeks the rows may stand in another order, so that "
            "draws that are repeated move the last digits of interval and p-value."
        )
    elif told.same is False:
        yield say(
            "The confirmatory figure is not exactly that of results.csv: it rests on the list of "
            "the draw, on planned looks, or on something that was left out above."
        )
    else:
        yield say("There is no confirmatory figure to compare with.")
