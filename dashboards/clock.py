"""The stopwatch in the page: what it is told, and what it tells."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import cache
from hashlib import sha256
from typing import Any

import streamlit as st

from htkeval.intake.spelling import folded
from htkeval.local_day import here
from htkeval.steps.stopwatch import Task
from htkeval.text import Language, Text, render, say
from htkeval.timing import Press, Timing
from htkeval.trial import ARMS

_WORDS = {
    "idle": say("The clock has not been started"),
    "running": say("The clock is running"),
    "paused": say("Paused"),
    "stopped": say("Stopped"),
    "start": say("Start"),
    "pause": say("Pause"),
    "resume": say("Go on"),
    "stop": say("Stop"),
    "unit": say("minutes and seconds"),
    "saving": say("Saving …"),
    "waiting": say(
        "Not saved yet: no connection. The clock runs on, and what you pressed is kept on this "
        "device until it can be sent."
    ),
}

_NOBODY = Task(None, "baseline", {})

Heard = Callable[[Press, Task], bool]
"""Is told a press, and says whether it is settled; one that is not is sent again."""


def stopwatch(
    trial: str,
    task: Task | None,
    timing: Timing | None,
    language: Language,
    *,
    heard: Heard,
) -> None:
    """Draw the stopwatch of one task.

    Args:
        trial: The trial's id.
        task: Whose and which, for a start.
        timing: The task as it stands; None where it was not begun.
        language: Of its words.
        heard: Is told each press that was not settled before, in order.
    """
    key = f"clock-{trial}"  # one and the same before and after the start: it is not drawn anew
    done: list[str] = st.session_state.setdefault("presses-heard", [])

    def take() -> None:
        told = st.session_state[key].get("presses") or {"list": []}
        for one in told["list"]:
            if (said := read(one)) is None:  # it would come again and again: it is let go
                done.append(str(one.get("id")) if isinstance(one, dict) else "")
                continue
            press, task = said
            if press.id not in done and not heard(press, task):
                break
            done.append(press.id)

    _component()(
        key=key,
        data=_data(trial, task, timing, language) | {"heard": done[-200:]},
        on_presses_change=take,
    )


def read(told: Any) -> tuple[Press, Task] | None:
    """A press as a browser tells it; None where it is none.

    Whoever holds the browser can send anything, and what an older page kept may look otherwise.
    """
    try:
        press = Press.model_validate({name: told[name] for name in Press.model_fields})
        task = told["task"]
        keys = {str(name): str(cell) for name, cell in task["keys"].items()}
        if press.kind == "saved":  # said by whoever stores the row, never by a browser
            return None
        if task["arm"] in ARMS and isinstance(task["participant"], str | None):
            return press, Task(task["participant"], task["arm"], keys)
    except (KeyError, TypeError, AttributeError, ValueError):
        pass
    return None


@cache
def _component() -> Callable[..., Any]:
    made: Callable[..., Any] = st.components.v2.component(
        "htkeval.stopwatch", js="stopwatch.js", css="stopwatch.css"
    )
    return made


def _data(
    trial: str, task: Task | None, timing: Timing | None, language: Language
) -> dict[str, Any]:
    """What the browser needs; all of it is shown to whoever times the task."""
    told: dict[str, Any] = {
        "trial": trial,
        "whose": _whose(trial, (timing or task or _NOBODY).participant),
        "words": {name: render(text, language) for name, text in _WORDS.items()},
        "task": None if task is None else _task(task),
        "timing": None,
        "saved": None,
    }
    if timing is None:
        return told
    return told | {
        "task": _task(Task(timing.participant, timing.arm, timing.keys)),
        "timing": {
            "id": timing.id,
            "presses": [one.press.model_dump() for one in timing.heard],
        },
        "started": render(say("started at {time}", time=clock(timing.started)), language),
        "saved": render(_saved(timing), language),
    }


def _whose(trial: str, participant: str | None) -> str:
    """A person's own place on a shared device, under any spelling; no pseudonym is read in it."""
    told = f"{trial}\x1f{folded(participant or '')}"
    return sha256(told.encode()).hexdigest()[:16]


def _saved(timing: Timing) -> Text:
    """What is told of the last press."""
    at = clock(timing.heard[-1].at, seconds=True)
    if timing.state == "running":
        return say("Saved at {time}. You can close the page; the clock runs on.", time=at)
    return say("Saved at {time}.", time=at)


def _task(task: Task) -> dict[str, Any]:
    return {"participant": task.participant, "arm": task.arm, "keys": dict(task.keys)}


def clock(at: datetime, *, seconds: bool = False) -> Text:
    """A moment as the wall clock here says it: 10.18."""
    told = here(at)
    return say("{text}", text=f"{told:%H.%M.%S}" if seconds else f"{told:%H.%M}")
