"""How long do pages take with 100 trials and 1,000,000 measurements? `python benchmarks/pages.py`

Starts the dashboard on a workspace of that size (`--place FOLDER` keeps it for the next time),
opens each page in Chromium, and prints milliseconds, the middle of several: from the address until
the page's last content stands (a warm server, in a browser that was never there and in one that
was), from a press in the sidebar until the other page stands, from a change of a choice or a slider
until what it changes stands; then the server's memory with twenty open sessions, each of which
changes its page in turn every three seconds. Promised: 2.5 s, 0.6 s, 0.3 s and 600 MiB.
"""

from __future__ import annotations

import argparse
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

SESSIONS, TURNS, EVERY = 20, 3, 3.0
"""Open sessions, how often each changes its page, and seconds between two of its turns."""
PATHS = ("/", "/trial", "/neighbours", "/method", "/plan")
TITLES = ("Overblik", "Forsøg", "Andre kommuner", "Metode og ord", "Planlæg")
STILL = """() => {
  const app = document.querySelector('[data-testid="stApp"]');
  return app && app.dataset.testScriptState === 'notRunning'
    && !document.querySelector('[data-testid="stSkeleton"], [data-stale="true"]')
    && [...document.querySelectorAll('[data-testid="stVegaLiteChart"]')].every(
         (chart) => chart.querySelector('svg.marks'))
    && !!document.querySelector('[data-testid="stMain"] h1');
}"""
"""Whether a page stands: nothing runs, nothing is old, and every chart is drawn."""
TOLD = """[...document.querySelectorAll('[data-testid="stMain"] [data-testid="stMarkdown"]')]
    .map(one => one.innerText).join(' ')"""
"""What the server wrote; a slider's own number is not in it."""
WATCH = (
    """() => {
  const app = document.querySelector('[data-testid="stApp"]');
  const main = document.querySelector('[data-testid="stMain"]');
  window.seen = {ran: false, begun: performance.now(), last: performance.now(), told: """
    + TOLD
    + """};
  new MutationObserver(() => {
    if (app.dataset.testScriptState === 'running') window.seen.ran = true;
  }).observe(app, {attributes: true});
  new MutationObserver(() => { window.seen.last = performance.now(); })
    .observe(main, {attributes: true, characterData: true, childList: true, subtree: true});
}"""
)
"""Notes whether the server was asked, and when anything on the page changed last."""
QUIET = (
    f"() => (window.seen.ran || window.seen.told !== {TOLD})"
    " && performance.now() - window.seen.last > 400 && (" + STILL + ")()"
)
"""An answer that is drawn with its beginning is never seen to run; what it wrote is another."""


def main() -> None:
    """Measure, and print a line each."""
    from benchmarks.large_place import made
    from tests.dashboards.in_a_browser import chromium, free_port, served

    asked = argparse.ArgumentParser()
    asked.add_argument("--place", type=Path)
    asked.add_argument("--times", type=int, default=7)
    chosen = asked.parse_args()
    times = range(chosen.times)
    if shutil.which("chromium") is None:
        print("no chromium on this machine")
        return
    with tempfile.TemporaryDirectory() as name:
        place, port = made(chosen.place or Path(name) / "place"), free_port()
        at = f"http://127.0.0.1:{port}"
        with served(place, port) as server:
            begun = time.perf_counter()
            with chromium(Path(name) / "first", {"width": 1280, "height": 900}) as context:
                opened(context.pages[0], at + "/")
                print(f"first page of a cold server {time.perf_counter() - begun:5.1f} s")
                for path in PATHS:
                    opened(context.pages[0], at + path)  # what a server reads once
            for path in PATHS:
                new = [
                    fresh(Path(name) / f"{path.strip('/') or 'overview'}-{k}", at + path)
                    for k in times
                ]
                told(f"{path} in a new browser", new, 2500)
            with chromium(Path(name) / "again", {"width": 1280, "height": 900}) as context:
                page = context.pages[0]
                for path in PATHS:
                    opened(page, at + path)
                    told(f"warm page {path}", [opened(page, at + path) for _ in times], 2500)
                opened(page, at + "/")
                everywhere = []
                for title in TITLES:
                    turned = [switched(page, title) for _ in times]
                    told(f"switching to {title}", turned, 600)
                    everywhere += turned
                told("switching page", everywhere, 600)
                opened(page, at + "/trial")
                told("another trial", [another(page, n + 1) for n in times], 600)
                opened(page, at + "/plan")
                told("a slider", [slid(page) for _ in times], 300)
            sessions(port, server.pid)


def told(what: str, milliseconds: list[float], promised: int) -> None:
    """Print one figure."""
    middle, least = statistics.median(milliseconds), min(milliseconds)
    print(f"{what:24} {middle:6.0f} ms   (least {least:.0f}; promised {promised})", flush=True)


def opened(page: Any, address: str) -> float:
    """Milliseconds from the address until the page stands."""
    page.set_default_timeout(30_000)
    begun = time.perf_counter()
    page.goto(address, wait_until="commit")
    page.wait_for_function(STILL, polling=20)
    return 1000 * (time.perf_counter() - begun)


def fresh(profile: Path, address: str) -> float:
    """The same in a browser that was never there."""
    from tests.dashboards.in_a_browser import chromium

    with chromium(profile, {"width": 1280, "height": 900}) as context:
        return opened(context.pages[0], address)


def felt(page: Any, act: Callable[[], object]) -> float:
    """Milliseconds from an act until the last change of the page, once it stands and rests."""
    page.evaluate(WATCH)
    act()
    page.wait_for_function(QUIET, polling=20)
    return float(page.evaluate("() => window.seen.last - window.seen.begun"))


def switched(page: Any, title: str) -> float:
    """To a page, from the page of words and method, or to that from the overview."""
    links = page.locator('[data-testid="stSidebarNavLink"]')
    elsewhere = "Overblik" if title == "Metode og ord" else "Metode og ord"
    if page.locator('[data-testid="stMain"] h1').inner_text() != elsewhere:
        felt(page, links.filter(has_text=elsewhere).click)
    return felt(page, links.filter(has_text=title).first.click)


def another(page: Any, place: int) -> float:
    """The trial at a place in the list: the press that opens the list is not counted."""
    page.locator('[data-testid="stMain"] [data-testid="stSelectbox"] input').first.click()
    option = page.locator('[role="option"]').nth(place)
    option.wait_for()
    return felt(page, option.click)


def slid(page: Any) -> float:
    """One step of the first slider."""
    thumb = page.locator('[data-testid="stMain"] [data-testid="stSlider"] input').first
    thumb.focus()
    return felt(page, lambda: page.keyboard.press("ArrowRight"))


def sessions(port: int, server: int) -> None:
    """Many open sessions, each changing its page in turn; prints the server's memory.

    They are the browser's sockets without a browser, so that the server is what is measured.
    """
    from websockets.sync.client import connect

    at, took, most = f"127.0.0.1:{port}", [], 0
    with ExitStack() as opened:
        clients = [
            opened.enter_context(
                connect(
                    f"ws://{at}/_stcore/stream",
                    origin=f"http://{at}",  # type: ignore[arg-type] # a plain address
                    subprotocols=["streamlit"],  # type: ignore[list-item]
                    max_size=None,
                )
            )
            for _ in range(SESSIONS)
        ]
        for turn in range(TURNS):
            for number, client in enumerate(clients):
                begun = time.perf_counter()
                answered(client, PATHS[(number + turn) % len(PATHS)].strip("/"))
                took.append(1000 * (time.perf_counter() - begun))
                most = max(most, memory(server))
                time.sleep(max(0.0, EVERY / SESSIONS - took[-1] / 1000))
    told("a page to one of them", took, 600)
    print(f"{SESSIONS} open sessions        {most / 2**20:6.0f} MiB  (promised 600)")


def answered(client: Any, page: str) -> None:
    """Ask for a page, and read all that it is made of."""
    from streamlit.proto.BackMsg_pb2 import BackMsg
    from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

    asked = BackMsg()
    asked.rerun_script.page_name = page
    client.send(asked.SerializeToString())
    while True:
        part = ForwardMsg()
        part.ParseFromString(client.recv(timeout=60))
        if part.WhichOneof("type") == "script_finished":
            return


def memory(process: int) -> int:
    """Bytes that a process and its children hold in memory."""
    total = 0
    waiting = [process]
    while waiting:
        one = waiting.pop()
        status = Path(f"/proc/{one}/status").read_text("ascii")
        total += 1024 * int(status.split("VmRSS:")[1].split()[0])
        waiting += map(int, Path(f"/proc/{one}/task/{one}/children").read_text("ascii").split())
    return total


if __name__ == "__main__":
    main()
