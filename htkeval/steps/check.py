"""What `check` says of a definition that is right: what will limit the conclusion."""

from __future__ import annotations

from htkeval.blank import blanks
from htkeval.claims import claimants
from htkeval.economics import faults
from htkeval.steps.foretell import too_small
from htkeval.text import Text, say
from htkeval.trial import Trial
from htkeval.workspace import Workspace


def claimed_twice(trial: Trial, place: Workspace) -> tuple[Text, ...]:
    """Whether more than one programme counts on its gain."""
    names = claimants(trial, place.municipality.programmes)
    if len(names) < 2:
        return ()
    return (
        say(
            "its gain is claimed twice in configs/municipality.toml ({names}); `htkeval budget` is "
            "refused until one programme claims it",
            names=", ".join(names),
        ),
    )


def remarks_on(trial: Trial, *, wanted: float) -> list[Text]:
    """What is allowed but will limit the conclusion, and what is still to be filled in."""
    missing = blanks(trial.model_dump_json())
    remarks = [say("still to be filled in: {what}", what=what) for what in missing]
    if trial.primary.worthwhile is None:
        remarks.append(say("no worthwhile effect is stated, so no verdict can be go or no-go"))
    if trial.primary.source is None:
        remarks.append(say("the primary metric's source is not stated; it counts as self-reported"))
    guardrails = [metric for metric in trial.metrics if metric.role == "guardrail"]
    if not guardrails:
        remarks.append(say("no guardrail: nothing tells whether quality became worse"))
    remarks += [
        say("guardrail {id} has no margin, so it can never be met", id=metric.id)
        for metric in guardrails
        if metric.margin is None
    ]
    if not trial.design.randomised:
        remarks.append(say("not randomised: the evidence level is capped"))
    if trial.design.randomised and trial.design.clusters is None:
        remarks.append(
            say(
                "clusters, how many people or teams are planned, is not stated; the method needs it"
            )
        )
    remarks += too_small(trial, wanted)
    if trial.design.wash_in_days and trial.design.date is None:
        remarks.append(say("wash_in_days needs the column of the date to leave any day out"))
    if any(metric.cap for metric in trial.metrics) and trial.design.status is None:
        remarks.append(say("a cap needs the column of the status to tell unfinished tasks"))
    sized = trial.design.clusters is not None and trial.design.tasks_each is not None
    if trial.analysis.looks != (1.0,) and not sized:
        remarks.append(
            say("looks need clusters and tasks_each in [design]: it cannot be registered without")
        )
    for _, fault in faults(trial.economics):
        remarks.append(say("{fault}: it cannot be registered so", fault=fault))
    return remarks
