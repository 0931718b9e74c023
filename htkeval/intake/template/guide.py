"""The page that tells an office how the sheet is filled in."""

from __future__ import annotations

from collections.abc import Iterator

from htkeval.intake.columns import plan
from htkeval.intake.template.lots import Lots
from htkeval.text import Text, say
from htkeval.trial import Trial


def guide(trial: Trial, lots: Lots | None, measurements: Text) -> Iterator[Text]:
    """The sentences of the page, in order.

    Args:
        trial: The trial.
        lots: What was drawn; None where nothing was.
        measurements: The name of the sheet that is filled in.
    """
    columns = plan(trial)
    kinds = {column.kind for column in columns}
    units = {column.unit for column in columns}
    yield say("Fill in the sheet {sheet}. Write one task on each row.", sheet=measurements)
    yield say("Do not change the column names: they are how the sheet is read.")
    yield say("Write no names, no CPR numbers, no e-mail addresses and nothing about a citizen.")
    yield say("Call people by a pseudonym, such as P017, and always by the same.")
    if units - {None, "min:s"}:
        yield say("Write a duration as a number in the unit above the column, such as 35 or 35,5.")
    if "min:s" in units:
        yield say("Write minutes and seconds with a colon: 1:23 is one minute and 23 seconds.")
    if "day" in kinds:
        yield say(
            "Write a date as 23-11-2026. It must be from {first:d MMMM y} to {last:d MMMM y}.",
            first=trial.starts,
            last=trial.ends,
        )
    yield from _unfinished(trial)
    yield say("Leave a cell empty where nothing was measured. 0 means that it was measured as 0.")
    yield from _drawn(lots)
    yield say("The sheet is protected without a password: Review, Unprotect sheet.")
    yield say("Before it is stored: `htkeval add {name} FILE --preview` shows how it is read.",
              name=trial.id)  # fmt: skip


def _unfinished(trial: Trial) -> Iterator[Text]:
    status = trial.design.status
    if status is None:
        yield say("Leave the measured cells empty where a task was not finished; keep its row.")
        return
    yield say(
        "Keep the row of a task that was not finished: write abandoned in {column} where it was "
        "begun, refused where the participant declined.",
        column=status,
    )


def _drawn(lots: Lots | None) -> Iterator[Text]:
    if lots is None:
        return
    yield say("Lots are drawn: the arm of each row is given and is not chosen.")
    if lots.by_period:
        n = len(lots.by_period)
        yield say("The periods are called 1 to {n}, in the order of the plan.", n=n)
    if lots.tasks:
        yield say(
            "A row that is not filled in is read as a task without a result. Send the sheet when "
            "all rows are filled in, or delete the others in a copy."
        )
