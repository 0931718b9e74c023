"""Show the key of a trial's lots, once no lot is to come."""

from __future__ import annotations

from datetime import datetime

from htkeval.allocation_list import ONE_BY_ONE
from htkeval.errors import Problem, StateError
from htkeval.local_day import local_day
from htkeval.steps.case import Case
from htkeval.steps.may_draw import nothing_to_come
from htkeval.store import concealment
from htkeval.text import Text, say


def shown_key(case: Case, *, now: datetime) -> tuple[str, str]:
    """The key from which all lots drawn one at a time can be drawn again, and its commitment.

    Nothing is stored: the record has held the commitment since the first lot, so anybody can see
    that it is the key of those lots, and the key shows nothing that is still to come.

    Args:
        case: The trial.
        now: When, in UTC.

    Returns:
        Both as hexadecimal digits.

    Raises:
        StateError: Lots may still be drawn; or none was drawn one at a time; or the key is lost,
            or is not that of these lots.
        EnvironmentFailed: The key cannot be read, or is no whole key.
    """
    events = case.store.events(case.file.id, "allocation")
    lots = [event for event in events if event.payload["number"] == ONE_BY_ONE]
    if not lots:
        raise _refused(case, say("no lot that was drawn one at a time"), say("lots from a key"))
    if not nothing_to_come(case, local_day(now)):
        found = say("a trial under way: its key tells the lots to come")
        raise _refused(case, found, say("a trial that has ended, or that was decided to end"))
    key = concealment.read_key(concealment.key_file(case.blobs, case.file.id))
    committed = str(lots[-1].payload["commitment"])
    if key is None or concealment.commitment(key) != committed:
        found = say("no key") if key is None else say("another key than lots were drawn from")
        raise _refused(case, found, say("the key of this trial"))
    return key.hex(), committed


def _refused(case: Case, found: Text, expected: Text) -> StateError:
    return StateError(Problem(say("trial {name}", name=case.file.id), found, expected))
