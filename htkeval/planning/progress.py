"""How far it is with a plan's invented trials, for somebody who waits."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from htkeval.planning.weighing import Share, Told


def telling(share: Share, *, parts: int, tell: Callable[[float], object]) -> Share:
    """The same sharing out, which tells after each part what share of all is done.

    Args:
        share: How parts are shared out.
        parts: How many there are in all, see `htkeval.planning.outlook.parts`.
        tell: Is told a number from 0 to 1.
    """
    done = 0

    def told(function: Callable[[int], Told], chunks: Iterable[int]) -> Iterator[Told]:
        nonlocal done
        for found in share(function, chunks):
            done += 1
            tell(min(1.0, done / parts))
            yield found

    return told
