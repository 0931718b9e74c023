"""Freeze the promise."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Any

from htkeval import __version__
from htkeval.blank import blanks
from htkeval.canonical import fingerprint
from htkeval.decision import Actor, Policy
from htkeval.economics import LATER, faults
from htkeval.errors import Problem, StateError
from htkeval.event import Event
from htkeval.intake.free_text import refuse, texts_of
from htkeval.prior import SCEPTICAL, Prior
from htkeval.registration import Content, Registration
from htkeval.steps.case import Case
from htkeval.text import say
from htkeval.trial import Trial

if TYPE_CHECKING:
    from htkeval.planning.assumed import Assumed


def register(
    case: Case,
    *,
    policy: Policy,
    actor: Actor,
    now: datetime,
    simulated: bool = False,
    before: Callable[[Registration], object] | None = None,
) -> Event:
    """Freeze a trial's definition, its method, its estimand and the policy under one fingerprint.

    The method is what the plan means by `auto`, so that no measurement can choose it.

    Args:
        case: The trial.
        policy: The policy in force.
        actor: Who promises.
        now: When, in UTC.
        simulated: Whether the measurements to come will be invented: the mark is for good.
        before: Given the promise just before it is stored; what it raises stops that.

    Raises:
        StateError: The trial is registered already, for the promise is made once; or places of
            the definition are still to be filled in.
        Refused: Looks are planned, but not how many people or teams do how many tasks.
    """
    promise = case.registration
    if promise is not None:
        raise StateError(
            Problem(
                say("trial {name}", name=case.file.id),
                say(
                    "a registration of {day:d MMMM y} by {who}",
                    day=promise.at.date(),
                    who=promise.actor.name,
                ),
                say("a trial that is not registered yet"),
                say(
                    "A promise is made once; what changes later is a deviation: "
                    "htkeval deviate {name} --what KEY --why TEXT.",
                    name=case.file.id,
                ),
            )
        )
    _refuse_blanks(case.file)
    _refuse_faults(case.file)
    rules = policy.fingerprint
    content = content_of(
        case.file, policy=policy.version, policy_fingerprint=rules, taken=_taken(case)
    )
    payload = {"fingerprint": fingerprint(content), **content}
    if before is not None:
        marked = simulated or case.store.is_simulated(case.file.id)
        before(Registration(**payload, at=now, by=actor, simulated=marked))
    return case.store.append(
        case.file.id,
        "registration",
        payload,
        actor=actor,
        now=now,
        simulated=simulated,
        known={"registration": 0},
    )


def _taken(case: Case) -> Assumed | None:
    """What measurements without the tool say of the work; not asked where nobody looks early."""
    if case.file.analysis.looks == (1.0,):
        return None
    from htkeval.steps.plan import known

    return known(case)


def _refuse_blanks(trial: Trial) -> None:
    """Places that somebody must still fill in: what is left open is no promise."""
    missing = blanks(trial.model_dump_json())
    if missing:
        raise StateError(
            Problem(
                say("trial {name}, trial.toml", name=trial.id),
                say("a place that is not filled in: {what}", what=what),
                say("a definition without such places"),
                say("Write it in trial.toml; a promise cannot be filled in afterwards."),
            )
            for what in missing
        )


def _refuse_faults(trial: Trial) -> None:
    """Assumptions that cannot be: no sum could rest on them."""
    wrong = [fault for _, fault in faults(trial.economics)]
    if wrong:
        place = say("trial {name}, trial.toml", name=trial.id)
        expected = say("an assumption that can be, under [economics]")
        raise StateError([Problem(place, fault, expected) for fault in wrong])


def prior_of(trial: Trial) -> Prior | None:
    """What is believed of a trial's minutes before they are measured; None without minutes."""
    if trial.primary.kind != "duration":
        return None
    stated = trial.analysis.prior_sd
    return SCEPTICAL if stated is None else Prior(sd=stated)


def content_of(
    trial: Trial,
    *,
    policy: str,
    policy_fingerprint: str | None,
    taken: Assumed | None = None,
    amends: str | None = None,
) -> dict[str, Any]:
    """What is frozen of a definition, as JSON values.

    Args:
        trial: The definition.
        policy: Version of the policy in force when it was first promised.
        policy_fingerprint: SHA-256 of that policy's contents; None where nobody kept it.
        taken: What looks take to be true of the work; None: what others have seen.
        amends: Fingerprint of what it changes; None for a first promise.

    Raises:
        Refused: A text of the definition names a person, is too long or cannot be read.
    """
    from htkeval.evaluation.estimand import estimand
    from htkeval.evaluation.method import planned
    from htkeval.planning.information import information

    texts = texts_of(trial.model_dump(mode="json"))
    refuse({f"trial.toml, {key}": text for key, text in texts})
    content = Content(
        definition=trial,
        method=planned(trial),
        estimand=estimand(trial),
        policy=policy,
        policy_fingerprint=policy_fingerprint,
        software=f"htkeval {__version__}",
        information=information(trial, taken),
        prior=prior_of(trial),
        amends=amends,
    )
    left_out = {name for name in ("information", "prior") if getattr(content, name) is None}
    dumped: dict[str, Any] = content.model_dump(mode="json", exclude=left_out)
    # a definition without a later key has the fingerprint it always had
    definition = dumped["definition"]
    for name in ("retention", "question_id"):
        if definition[name] is None:
            del definition[name]
    if trial.analysis.prior_sd is None:
        del definition["analysis"]["prior_sd"]
    for name in LATER:
        if definition["economics"][name] is None:
            del definition["economics"][name]
    return dumped
