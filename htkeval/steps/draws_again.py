"""Does every stored draw come out again: lists of the promise, lots one by one of their key?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from htkeval import __version__
from htkeval.allocation_list import ONE_BY_ONE, AllocationList
from htkeval.effect import Check
from htkeval.errors import EnvironmentFailed
from htkeval.event import Event
from htkeval.steps.allocate import digest_of, seed_of
from htkeval.steps.case import Case
from htkeval.steps.next_lot import lots_again
from htkeval.store import concealment
from htkeval.store.store import Store
from htkeval.text import Text, say
from htkeval.trial import Design, Trial
from htkeval.workspace import Workspace

Events = tuple[Event, ...]


def draws(store: Store, workspace: Workspace, trials: Mapping[str, Trial]) -> Iterator[Check]:
    """A check for the lists of each trial that has any, and one for its lots drawn one by one."""
    for name in store.trials():
        events = store.events(name, "allocation") if name in trials else ()
        if events:
            yield from of_trial(Case(store, workspace.blobs, trials[name]), events)


def of_trial(case: Case, events: Events) -> Iterator[Check]:
    """The checks of one trial that has drawn something."""
    lists = tuple(event for event in events if event.payload["number"] != ONE_BY_ONE)
    lots = tuple(event for event in events if event.payload["number"] == ONE_BY_ONE)
    whole, promise = case.store.allocated(case.file.id), case.registration
    # the draw comes from the first promise, whatever was changed since
    registration = str(promise.payload["fingerprint"]) if promise else None
    for kind, some, judge in (("allocation", lists, _lists), ("lots", lots, _lots)):
        if some and whole is not None:
            passed, text = (
                (
                    False,
                    say("{trial}: lots were drawn, but there is no promise.", trial=case.file.id),
                )
                if registration is None
                else judge(case, some, whole, registration)
            )
            yield Check(name=f"{kind}:{case.file.id}", passed=passed, message=text)


def _lists(
    case: Case, events: Events, whole: AllocationList, registration: str
) -> tuple[bool | None, Text]:
    """Whether the promise gives the lists again, and whether they are those of their digests."""
    digests = {event.payload["number"]: event.payload.get("digest") for event in events}
    forgotten = _forgotten(events, whole)
    for number, digest in digests.items():
        known = digest is not None and number not in forgotten
        if known and digest_of(_of_number(whole, number)) != digest:
            return False, say("{trial}: a list was drawn as another list.", trial=case.file.id)
    again = list_again(case.trial.design, whole, registration=registration, digests=digests)
    if again == whole.drawn:
        return True, say("{trial}: the lists come out of the promise again.", trial=case.file.id)
    if {event.payload["software"] for event in events} - {f"htkeval {__version__}"}:
        return None, say("{trial}: another version drew the lists.", trial=case.file.id)
    return False, say("{trial}: the lists do not come out of the promise.", trial=case.file.id)


def list_again(
    design: Design,
    whole: AllocationList,
    *,
    registration: str,
    digests: Mapping[int, str | None],
) -> tuple[int, ...]:
    """What the promise gives each unit that came with a list; what the others were given.

    Args:
        design: The mechanism.
        whole: All that was drawn.
        registration: Fingerprint of the first promise.
        digests: By number of a list: its `digest_of`, as it was when nobody was forgotten; None
            where the version that drew it kept none.
    """
    import numpy as np

    from htkeval.design.entrants import entrants
    from htkeval.design.listing import draw_list

    who = entrants(design, whole)
    drawn = np.array(whole.drawn, dtype=np.int64)
    for number in np.unique(who.entry[who.entry != ONE_BY_ONE]).tolist():
        mine = np.flatnonzero(who.entry == number)
        first, end = int(mine[0]), int(mine[-1]) + 1
        rng = np.random.default_rng(seed_of(registration, number, digests.get(number)))
        drawn[first:end] = draw_list(
            design, who.first(end), drawn[:first], patterns=len(whole.patterns), rng=rng
        )
    return tuple(drawn.tolist())


def _lots(
    case: Case, events: Events, whole: AllocationList, registration: str
) -> tuple[bool | None, Text]:
    """Whether the key gives the lots again. Where tasks are drawn, the lots of somebody who was
    forgotten hang on a name that nobody has any more: they are left as they are."""
    trial = case.file.id
    try:
        key = concealment.read_key(concealment.key_file(case.blobs, trial))
    except EnvironmentFailed:
        key = None
    committed = {event.payload["commitment"] for event in events}
    if len(committed) > 1:
        return False, say("{trial}: lots were drawn from more than one key.", trial=trial)
    if key is None:
        return None, say("{trial}: without its key no lot can be drawn again.", trial=trial)
    if committed != {concealment.commitment(key)}:
        return None, say("{trial}: the key is not the one that lots were drawn from.", trial=trial)
    again = lots_again(case.trial.design, whole, key=key, registration=registration)
    gone = {row["units"][0][0] for row in (event.payload for event in events) if row["people"]}
    unnamed = case.trial.design.kind == "within"
    differs = any(
        one != other and not (unnamed and name in gone)
        for one, other, name in zip(again, whole.drawn, whole.units[0], strict=True)
    )
    if not differs:
        return True, say("{trial}: the lots come out of their key again.", trial=trial)
    if {event.payload["software"] for event in events} - {f"htkeval {__version__}"}:
        return None, say("{trial}: another version drew the lots.", trial=trial)
    return False, say("{trial}: the lots do not come out of their key.", trial=trial)


def _forgotten(events: Events, whole: AllocationList) -> set[int]:
    """The lists on which somebody was forgotten: he stands there under his token."""
    names = set(whole.units[0])
    return {
        event.payload["number"]
        for event in events
        if event.payload["people"] and not names.isdisjoint(event.payload["units"][0])
    }


def _of_number(whole: AllocationList, number: int) -> AllocationList:
    """One list of all."""
    places = [place for place, entry in enumerate(whole.entry) if entry == number]
    return whole.taken(places)
