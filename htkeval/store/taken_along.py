"""Papers that are kept after a decision: they go into that decision's run as well. Events alone are
read: a publisher needs no more."""

from __future__ import annotations

from collections.abc import Iterable

from htkeval.event import Event


def papers_after(decision: Event, papers: Iterable[Event]) -> tuple[Event, ...]:
    """Those of some papers that were kept after a decision and tell of what it rests on.

    Status papers are none that is decided on, and a file that the decision itself names is in its
    run already.
    """
    analysis = decision.payload.get("analysis")
    had = {one["sha256"] for one in decision.payload.get("papers", ())}
    return tuple(
        paper
        for paper in papers
        if paper.seq > decision.seq
        and paper.payload["kind"] != "status"
        and analysis in paper.payload["analyses"]
        and paper.payload["sha256"] not in had
    )
