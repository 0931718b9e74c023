"""Which sheets may come to the server: only where the page for them stands, and only a few.

Streamlit takes a file of whoever has a session, before anybody has logged in, and holds it in
memory as long as the session lives.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from typing import Any

from starlette.types import Scope
from streamlit.runtime import Runtime
from streamlit.runtime.scriptrunner import get_script_run_ctx

from dashboards.door import Reason

PATH = "/_stcore/upload_file/"
MOST_FILES = 3
"""Of one session at a time: the sheet that is looked at, and those that it takes the place of."""
MOST_BYTES = 200 * 1024 * 1024
"""Of all sessions together."""
MOST_SESSIONS = 1000

_expected: OrderedDict[str, None] = OrderedDict()


def expect() -> None:
    """A sheet may come from the session whose page is being drawn: it shows the field for it."""
    context = get_script_run_ctx(suppress_warning=True)
    if context is not None:
        _expected[context.session_id] = None
        _expected.move_to_end(context.session_id)
        while len(_expected) > MOST_SESSIONS:
            _expected.popitem(last=False)


def held() -> dict[str, list[int]]:
    """The sizes of the files of each session, as the server holds them."""
    storage: dict[str, dict[str, Any]] = getattr(
        Runtime.instance().uploaded_file_mgr, "file_storage", {}
    )
    return {one: [len(file.data) for file in files.values()] for one, files in [*storage.items()]}


def why_not(scope: Scope, holding: Callable[[], dict[str, list[int]]] = held) -> Reason | None:
    """Why a file that comes is not taken, before any of it is read; None where it is, or where
    nothing comes."""
    if scope["type"] != "http" or scope["method"] not in ("PUT", "POST"):
        return None
    if not scope["path"].startswith(PATH):
        return None
    session, _, file = scope["path"].removeprefix(PATH).partition("/")
    if not file or session not in _expected:
        return "upload"
    sizes = holding()
    full = len(sizes.get(session, ())) >= MOST_FILES
    return "too_much" if full or sum(map(sum, sizes.values())) >= MOST_BYTES else None
