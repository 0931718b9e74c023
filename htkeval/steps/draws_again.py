"""Does every stored list come out of its trial's promise again?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from htkeval import __version__
from htkeval.allocation_list import ONE_BY_ONE, AllocationList
from htkeval.effect import Check
from htkeval.event import Event
from htkeval.steps.allocate import seed_of
from htkeval.steps.case import Case
from htkeval.store.store import Store
from htkeval.text import say
from htkeval.trial import Design, Trial
from htkeval.workspace import Workspace


def draws(store: Store, workspace: Workspace, trials: Mapping[str, Trial]) -> Iterator[Check]:
    """A check for each trial that has a list. Lots drawn one at a time are left as they are: the
    key that gives them again is no part of the record."""
    for name in store.trials():
        events = store.events(name, "allocation")
        if name in trials and any(event.payload["number"] for event in events):
            yield _of_trial(Case(store, workspace.blobs, trials[name]), events)


def _of_trial(case: Case, events: tuple[Event, ...]) -> Check:
    name, whole = f"allocation:{case.file.id}", case.store.allocated(case.file.id)
    others = {event.payload["software"] for event in events} - {f"htkeval {__version__}"}
    promise = case.registration  # the lots come from it, whatever was changed since
    if whole is None or promise is None:
        lost = say("{trial}: there is a list, but no promise.", trial=case.file.id)
        return Check(name=name, passed=False, message=lost)
    registration = str(promise.payload["fingerprint"])
    if list_again(case.trial.design, whole, registration=registration) == whole.drawn:
        same = say("{trial}: the lists come out of the promise again.", trial=case.file.id)
        return Check(name=name, passed=True, message=same)
    if others:
        old = say("{trial}: another version drew the lists.", trial=case.file.id)
        return Check(name=name, passed=None, message=old)
    wrong = say("{trial}: the lists do not come out of the promise.", trial=case.file.id)
    return Check(name=name, passed=False, message=wrong)


def list_again(design: Design, whole: AllocationList, *, registration: str) -> tuple[int, ...]:
    """What the promise gives each unit that came with a list; what the others were given."""
    import numpy as np

    from htkeval.design.entrants import Entrants, entrants
    from htkeval.design.listing import draw_list

    who = entrants(design, whole)
    drawn = np.array(whole.drawn, dtype=np.int64)
    for number in np.unique(who.entry[who.entry != ONE_BY_ONE]).tolist():
        mine = np.flatnonzero(who.entry == number)
        first, end = int(mine[0]), int(mine[-1]) + 1
        levels = tuple(one[:end] for one in who.levels)
        so_far = Entrants(levels, who.holder[:end], who.entry[:end])
        rng = np.random.default_rng(seed_of(registration, number))
        starts = len(whole.patterns)
        drawn[first:end] = draw_list(design, so_far, drawn[:first], patterns=starts, rng=rng)
    return tuple(drawn.tolist())
