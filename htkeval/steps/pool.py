"""Own trials and those of others by the question they ask: each, and what they say together."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from htkeval.decision import Policy
from htkeval.errors import HtkevalError, Problem, StateError
from htkeval.evidence_package import Direction, EvidencePackage
from htkeval.evidence_pool import PooledQuestion, Waiting, Why
from htkeval.municipality import Municipality
from htkeval.steps.case import Case, read_workspace_store
from htkeval.steps.exchange import kept
from htkeval.steps.packaging import package
from htkeval.store.store import Store
from htkeval.text import say
from htkeval.workspace import Workspace


@dataclass(frozen=True)
class Known:
    """All packages that can be made or were taken in here."""

    own: dict[str, EvidencePackage]
    """By id: what our own trials say now."""
    others: tuple[EvidencePackage, ...]
    """The newest of each trial elsewhere."""
    waiting: tuple[tuple[str, Waiting], ...]
    """By question: trials of ours that say nothing yet."""

    @property
    def packages(self) -> tuple[EvidencePackage, ...]:
        """Ours first."""
        return (*self.own.values(), *self.others)

    @property
    def questions(self) -> tuple[str, ...]:
        """Every question that somebody asks, in the order of the alphabet."""
        named = {one.question_id for one in self.packages}
        return tuple(sorted(named | {question for question, _ in self.waiting}))


Says = Callable[[Case, Municipality, Policy], EvidencePackage | Waiting]
"""Makes what a trial says; the app keeps what was made until something happens to the trial."""


def pooled(
    workspace: Workspace, question: str | None = None, *, saying: Says | None = None
) -> tuple[PooledQuestion, ...]:
    """What is known here of one question, or of each; for screens, papers and the policy.

    Args:
        workspace: Where.
        question: As it is called; None: each.
        saying: Makes what one trial says, where that is kept; None: made anew.

    Raises:
        StateError: Nobody asks such a question.
    """
    with read_workspace_store(workspace) as store:
        known = everything(store, workspace, saying=saying)
    if question is not None and question not in known.questions:
        raise _nobody_asks(question, known.questions)
    return of(known, (question,) if question is not None else known.questions)


def of(known: Known, questions: Iterable[str]) -> tuple[PooledQuestion, ...]:
    """The same of what was read before."""
    from htkeval.evaluation.together import pooled as together

    own = {one.origin: name for name, one in known.own.items()}
    by_question: dict[str, list[EvidencePackage]] = {}
    for one in known.packages:
        by_question.setdefault(one.question_id, []).append(one)
    return tuple(
        together(
            question,
            by_question.get(question, ()),
            own=own,
            waiting=tuple(one for asked, one in known.waiting if asked == question),
        )
        for question in questions
    )


def everything(store: Store, workspace: Workspace, *, saying: Says | None = None) -> Known:
    """Every package, those of ours made now."""
    make = saying or says
    own, waiting = {}, []
    municipality, policy = workspace.municipality, workspace.policy
    for case in asking(store, workspace):
        found = make(case, municipality, policy)
        if isinstance(found, EvidencePackage):
            own[case.file.id] = found
        else:
            waiting.append((str(_question(case)), found))
    return Known(own=own, others=kept(store), waiting=tuple(waiting))


def asking(store: Store, workspace: Workspace) -> Iterator[Case]:
    """The trials of ours that state a question."""
    for trial in workspace.readable_trials:
        case = Case(store=store, blobs=workspace.blobs, file=trial)
        if _question(case) is not None:
            yield case


def directions(store: Store, workspace: Workspace) -> dict[str, Direction]:
    """By question of our own trials: the direction that is an improvement."""
    return {str(_question(one)): one.trial.primary.better for one in asking(store, workspace)}


def _question(case: Case) -> str | None:
    return case.trial.question_id or case.file.question_id


def says(case: Case, municipality: Municipality, policy: Policy) -> EvidencePackage | Waiting:
    """What a trial says, or why it says nothing yet."""
    try:
        return package(case, policy=policy, municipality=municipality, named=True)
    except HtkevalError as failed:
        reason = Why(message=failed.problems[0].sentence)
        return Waiting(trial=case.file.id, reason=reason)


def _nobody_asks(question: str, known: tuple[str, ...]) -> StateError:
    return StateError(
        Problem(
            say("question {name}", name=question),
            say("no trial that asks it"),
            say("one of {keys}", keys=", ".join(known) or "–"),
            say("`htkeval evidence list` shows what is here."),
        )
    )
