"""A change of the promise, told: from then on the changed promise is followed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from htkeval.canonical import fingerprint
from htkeval.decision import Actor
from htkeval.deviation import BASELINE, METHOD, Change, Seen, changed
from htkeval.errors import Problem, Refused, StateError
from htkeval.event import BRINGS_ROWS, Event
from htkeval.looks import Information
from htkeval.registration import frozen_content
from htkeval.steps.case import Case
from htkeval.steps.register import content_of
from htkeval.text import Text, say
from htkeval.trial import Trial

if TYPE_CHECKING:
    from htkeval.planning.assumed import Assumed

_READ_BY = {
    "design": (
        *("arm", "participant", "task", "team", "period", "sequence"),
        *("task_type", "date", "status", "realised_arm"),
    ),
    "metrics": ("column", "columns", "exposure", "rater", "pre_period"),
    "arms": ("value",),
}
"""By section: keys that name what stored measurements were read by. With another name nothing
would be found under it, and a check that looks there would fall silent."""

_DRAWN_BY = (
    *("kind", "randomised", "allocation", "block", "ratio", "favour", "steps", "strata"),
    *("participant", "task", "team", "period", "sequence", "tasks_each"),
)
"""Keys of the design by which lots are drawn."""


def deviate(
    case: Case,
    what: tuple[str, ...],
    *,
    why: str,
    to: str | None = None,
    actor: Actor,
    now: datetime,
) -> Event:
    """Record what is done otherwise than promised, and follow it from now on.

    Where keys of trial.toml are named, the file as it stands is frozen in place of the promise;
    every key that differs must be named, so that nothing is changed unseen.

    Args:
        case: The trial.
        what: Keys of the definition (`design.clusters`, or a whole section), `baseline` for going
            on with the tool too early, or a word of one's own for what no key says.
        why: Why, in the actor's words.
        to: What is done instead, for what no key says.
        actor: Who stands by it.
        now: When, in UTC.

    Raises:
        StateError: Nothing was promised yet; the measurements could not be read any more; the lots
            are drawn already by other keys; or somebody draws, delivers or deviates at this moment.
        Refused: No reason; a key that says the same as before; a changed key that is not named, or
            only in part.
    """
    known = case.store.newest(case.file.id, "deviation", "allocation", *BRINGS_ROWS)
    promise = case.in_force
    if promise is None:
        raise _not_registered(case)
    for option, words in (("--why", why), ("--what", "".join(what))):
        if not words.strip():
            raise Refused(Problem(option, say("nothing"), say("a few words of one's own")))
    keys = tuple(name for name in what if name.partition(".")[0] in Trial.model_fields)
    _refuse_half_named(case, what, keys)
    seen = measured(case)
    payload: dict[str, Any] = {"what": list(what), "why": why.strip(), "to": to, "seen": seen}
    if BASELINE in what and case.trial.design.baseline_tasks is None:
        raise _same(BASELINE, say("no baseline_tasks in [design], so nothing that holds back"))
    if keys:
        payload |= _changed_promise(case, promise, keys, seen)
    return case.store.append(case.file.id, "deviation", payload, actor=actor, now=now, known=known)


def _refuse_half_named(case: Case, what: tuple[str, ...], keys: tuple[str, ...]) -> None:
    """A word of one's own that is part of a changed key: as a word it would change nothing."""
    changes = [c for c in changed(case.trial, case.file) if not any(_covers(k, c) for k in keys)]
    for word in what:
        meant = [c.key for c in changes if word in c.key.split(".")]
        if word not in (*keys, BASELINE) and meant:
            raise Refused(
                Problem(
                    f"--what {word}",
                    say("no key of trial.toml"),
                    say("the whole key, as it was changed"),
                    say("did you mean {keys}?", keys=", ".join(meant)),
                )
            )


def measured(case: Case) -> Seen:
    """How far has measuring come? What was delivered once counts for good."""
    brought = case.deliveries
    if any(event.payload["arms"].get("treatment", 0) for event in brought):
        return "treatment"
    return "baseline" if brought else "nothing"


def _changed_promise(
    case: Case, promise: Event, keys: tuple[str, ...], seen: Seen
) -> dict[str, Any]:
    """The file as it stands, frozen in place of the promise."""
    changes = changed(case.trial, case.file)
    for key in keys:
        if not any(_covers(key, change) for change in changes):
            raise _same(key, say("the same in trial.toml as in what was promised"))
    untold = [c.key for c in changes if not any(_covers(key, c) for key in keys)]
    if untold:
        raise Refused(
            Problem(
                "trial.toml",
                say("other changes too: {keys}", keys=", ".join(untold)),
                say("a deviation that names every change"),
                say("Name them with --what too, or put the file back."),
            )
        )
    moved = [c.key for c in changes if _unreadable(c)] if seen != "nothing" else []
    if moved:
        raise _unreadable_rows(case, moved)
    lots = [c.key for c in changes if _draws(c)]
    if lots and case.store.latest(case.file.id, "allocation") is not None:
        raise _drawn_already(case, lots)
    before = frozen_content(promise)
    content = content_of(
        case.file,
        policy=before["policy"],
        policy_fingerprint=before.get("policy_fingerprint"),
        taken=_taken(case, before),
        amends=str(promise.payload["fingerprint"]),
    )
    return {
        "changes": [c.model_dump(mode="json") for c in (*changes, *_method(before, content))],
        "fingerprint": fingerprint(content),
        "promise": content,
    }


def _taken(case: Case, before: Mapping[str, Any]) -> Assumed | None:
    """What the promise took to be true of the work; None where nobody was to look early."""
    if (kept := before.get("information")) is None:
        return None
    from htkeval.planning.information import taken_before

    return taken_before(case.file, Information.model_validate(kept))


def _covers(key: str, change: Change) -> bool:
    """Whether a named key is the changed one, or a section that it stands in."""
    return change.key == key or change.key.startswith(f"{key}.")


def _method(before: Mapping[str, Any], content: Mapping[str, Any]) -> tuple[Change, ...]:
    """The method, where a change of the plan alone means another."""
    was = before.get("method")
    if was is None or was == content["method"]:
        return ()
    return (Change(key=METHOD, before=was, after=content["method"]),)


def _unreadable(change: Change) -> bool:
    section, _, rest = change.key.partition(".")
    name = rest.rpartition(".")[2]
    return name in _READ_BY.get(section, ()) and change.before is not None


def _draws(change: Change) -> bool:
    section, _, name = change.key.partition(".")
    return section == "design" and name in _DRAWN_BY


def _drawn_already(case: Case, keys: list[str]) -> StateError:
    return StateError(
        Problem(
            say("trial {name}", name=case.file.id),
            say("a draw that has been made, and another plan for it: {keys}", keys=", ".join(keys)),
            say("the plan by which the lots were drawn"),
            say(
                "Put these keys back: a draw cannot be made otherwise afterwards. What went "
                "otherwise in practice can be told in words of your own."
            ),
        )
    )


def _unreadable_rows(case: Case, keys: list[str]) -> StateError:
    return StateError(
        Problem(
            say("trial {name}", name=case.file.id),
            say("other columns: {keys}", keys=", ".join(keys)),
            say("the columns by which the stored measurements were read"),
            say("Name the columns in the sheet as before, or start a trial of its own."),
        )
    )


def _same(key: str, found: Text) -> Refused:
    return Refused(
        Problem(
            f"--what {key}",
            found,
            say("something that is done otherwise than promised"),
            say("Change trial.toml first; a word that is no key says what no key can."),
        )
    )


def _not_registered(case: Case) -> StateError:
    return StateError(
        Problem(
            say("trial {name}", name=case.file.id),
            say("no registration, so nothing to deviate from"),
            say("a trial that is registered"),
            say("Change trial.toml as you like, then: htkeval register {name}", name=case.file.id),
        )
    )
