"""A store that is gone while files of it are still there: nothing new begins beside them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from htkeval.errors import Problem, StoreLost
from htkeval.text import say


def refuse(place: str, files: Path | None, *, begun: Callable[[], bool]) -> None:
    """Where no store was found: go on in a new place, and in no other.

    Whoever began here without a word would show a trial as if nothing had been measured, and
    promise it again beside what the old store promised.

    Args:
        place: What a person calls the store.
        files: The folder of the files that are kept for it; None: nobody asks for any.
        begun: Asks once more whether a store is there: another may begin one at this moment, and
            then the files are its own.

    Raises:
        StoreLost: There are files, and no store.
    """
    if files is None or not any(one.is_file() for one in files.rglob("*")) or begun():
        return
    raise StoreLost(
        Problem(
            say("the store {place}", place=place),
            say("no store, though files of one are there"),
            say("a store that htkeval made"),
            say("Put the store back from a copy. `htkeval doctor` shows which place is used."),
        )
    )


def refuse_gone(address: str, files: Path) -> None:
    """The same for whoever opens no store: nothing is connected, so a server is not asked."""
    from htkeval.store import opening

    url = opening.url_of(address)
    file = Path(url.database or "")
    if url.get_backend_name() == "sqlite" and not file.exists():
        refuse(opening.place_of(url), files, begun=file.exists)
