"""The ASGI app is found by Streamlit and can be loaded anywhere."""

import subprocess
import sys
from pathlib import Path

from streamlit.web.server.app_discovery import discover_asgi_app

from htkeval.resources import bundled
from tests.examples import write_workspace

APP = bundled("dashboards") / "app.py"


def load(folder: Path, code: str) -> str:
    """Load the app in a process of its own: Streamlit keeps one app a process."""
    run = subprocess.run(
        [sys.executable, "-c", f"from dashboards import app as it; {code}"],
        cwd=folder,
        capture_output=True,
        text=True,
        check=True,
    )
    return run.stdout.strip()


def test_streamlit_run_finds_the_app_so_that_our_headers_apply():
    found = discover_asgi_app(APP)
    assert found.is_asgi_app
    assert found.app_name == "app"


def test_it_loads_outside_a_workspace_and_takes_the_language_of_one_inside(tmp_path):
    assert load(tmp_path, "print(it.LANGUAGE, it.TITLE)") == "da htkeval"
    root = write_workspace(tmp_path / "place")
    file = root / "configs" / "municipality.toml"
    text = file.read_text("utf-8").replace('language = "da"', 'language = "en"')
    file.write_text(text, encoding="utf-8")
    assert load(root, "print(it.LANGUAGE)") == "en"
    assert load(root, "print(it.TITLE)").startswith("AI trials – ")


def test_an_error_of_our_own_is_told_in_a_sentence_and_kept_for_the_log(tmp_path):
    code = "print(it.told(ValueError('secret')))"
    run = subprocess.run(
        [sys.executable, "-c", f"from dashboards import app as it; {code}"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    )
    assert run.stdout.strip() == "True"
    assert "ValueError: secret" in run.stderr
