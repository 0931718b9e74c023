"""How long does one task's form take to save, as felt? `python benchmarks/felt.py`

Starts the dashboard on a registered trial whose tasks were drawn as a list, a thousand of them
timed and saved, opens *Take time* in Chromium as a telephone has it, and times twenty tasks. Prints
milliseconds from a press until the page shows what follows and takes the next press: from *Save
and take the next* until the next task's Start, from Start until the clock is told to be saved,
and from Stop until the form. Promised: a form in 200 ms.
"""

from __future__ import annotations

import shutil
import statistics
import sys
import tempfile
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

TIMED = 20
WHO, MORE = "P07", 30
"""Who times tasks now, and how many are on the list for this beside the thousand."""
WATCH = """(wanted) => {
  const every = (root) => [...root.querySelectorAll("*")].flatMap((one) =>
    one.shadowRoot ? [one, ...every(one.shadowRoot)] : [one]);
  const there = () => every(document).some((one) =>
    one.matches(wanted) && one.checkVisibility() && !one.closest('[data-stale="true"]'));
  window.felt = null;
  document.addEventListener("click", (event) => {
    const begun = event.timeStamp;
    const look = () => {
      if (there()) window.felt = performance.now() - begun;
      else if (performance.now() - begun < 20000) requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
  }, {capture: true, once: true});
}"""
"""Watch, frame by frame, from the next click until something is on the page and up to date."""
START = '.stopwatch[data-state="idle"] button[data-kind="start"]'
STOP = '.stopwatch[data-state="running"] button[data-kind="stop"]'
SAVE = '[data-testid="stFormSubmitButton"] button'
TOLD = '.stopwatch[data-state="running"] .told[data-kind="saved"]:not(:empty)'
PRESSES = {"start": (START, TOLD), "stop": (STOP, SAVE), "save": (SAVE, START)}
"""By name: what is pressed, and what follows it."""


def main() -> None:
    """Measure, and print a line each."""
    from tests.dashboards.in_a_browser import browsing, free_port, served

    if shutil.which("chromium") is None:
        print("no chromium on this machine")
        return
    with tempfile.TemporaryDirectory() as name:
        place, port = workspace(Path(name) / "place"), free_port()
        with served(place, port), browsing(Path(name) / "profile") as page:
            page.goto(f"http://127.0.0.1:{port}/time?trial=formular&participant={WHO}")
            times: dict[str, list[float]] = {name: [] for name in PRESSES}
            for n in range(TIMED + 1):
                felt = {press: pressed(page, press) for press in PRESSES}
                for press, milliseconds in felt.items():
                    if n:  # the first is felt once a day, and loads what all the others have
                        times[press].append(milliseconds)
        tell(times)


def pressed(page: Any, name: str) -> float:
    """Press, and say how many milliseconds it was until what follows was there."""
    press, follows = PRESSES[name]
    button = page.locator(press).locator("visible=true").first
    button.wait_for()
    page.wait_for_timeout(400)  # nobody presses in the moment that a button comes
    page.evaluate(WATCH, follows)
    button.click()
    for _ in range(400):
        if (felt := page.evaluate("window.felt")) is not None:
            return float(felt)
        page.wait_for_timeout(50)
    raise SystemExit(f"{name}: nothing came in 20 s")


def tell(times: dict[str, list[float]]) -> None:
    """A line each."""
    for name, felt in times.items():
        ordered = sorted(felt)
        middle, slow = statistics.median(ordered), ordered[len(ordered) * 95 // 100]
        beside = "; promised 200" if name == "save" else ""
        least = f"least {ordered[0]:.0f}"
        print(f"{name:6} {middle:6.0f} ms   95 of 100: {slow:6.0f} ms   ({least}{beside})")


def workspace(folder: Path) -> Path:
    """A workspace whose one trial is registered and drawn, with a thousand tasks saved."""
    from benchmarks.form import BEGAN, POLICY, TASKS, one, trial, units
    from benchmarks.form import WHO as LEAD
    from htkeval.steps.allocate import allocate
    from htkeval.steps.case import open_case
    from htkeval.steps.register import register
    from htkeval.toml_text import as_toml
    from htkeval.workspace import find
    from tests.examples import write_workspace

    definition = trial(drawn=True).model_dump(mode="json", exclude_defaults=True)
    definition["design"]["allocation"] = "complete"  # drawn as a list, which the page then shows
    place = write_workspace(folder, as_toml(definition), "formular")
    (place / ".htkeval").mkdir(exist_ok=True)
    listed = units(place / "units.csv")
    with listed.open("a", encoding="utf-8") as file:
        file.writelines(f"{WHO};ny {n}\n" for n in range(MORE))
    with open_case(find(place), "formular") as case:
        register(case, policy=POLICY, actor=LEAD, now=BEGAN)
        allocate(case, listed, actor=LEAD, now=BEGAN)
        for n in range(TASKS):
            one(case, n, {"start": [], "stop": [], "form": []})
    return place


if __name__ == "__main__":
    main()
