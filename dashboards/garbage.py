"""What is loaded for good is not garbage: Streamlit looks for garbage after every page."""

from __future__ import annotations

import gc
import sys
from functools import cache


def spare_what_is_loaded() -> None:
    """Have the search for garbage pass over every library that is loaded by now.

    It holds up all pages of the process, and with the libraries of a page it takes longer than to
    draw one.
    """
    _spare(len(sys.modules))


@cache
def _spare(modules: int) -> None:
    """Once for each number of modules: a page may load others than the one before.

    What was spared before is looked at once more: pages that were open then may be over.
    """
    del modules
    gc.unfreeze()
    gc.collect()
    gc.freeze()
