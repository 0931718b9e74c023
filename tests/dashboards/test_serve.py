"""How the dashboard is started, and what its configuration promises."""

import tomllib
from pathlib import Path

from dashboards import serve
from htkeval.resources import bundled
from htkeval.workspace import at

CONFIG = tomllib.loads((bundled("dashboards") / ".streamlit" / "config.toml").read_text("utf-8"))


def test_it_listens_on_this_computer_only(tmp_path):
    arguments, environment = serve.command(at(tmp_path), 8599)
    assert arguments[1:4] == ["-m", "streamlit", "run"]
    assert Path(arguments[4]).name == "app.py"
    flags = dict(zip(arguments[5::2], arguments[6::2], strict=True))
    assert flags["--server.address"] == "127.0.0.1"
    assert flags["--server.port"] == "8599"
    assert flags["--browser.gatherUsageStats"] == "false"
    assert environment["HTKEVAL_WORKSPACE"] == str(tmp_path)


def test_the_workspaces_own_addresses_travel_along(tmp_path, monkeypatch):
    monkeypatch.setenv("PYTHONPATH", "elsewhere")
    place = at(tmp_path, {"HTKEVAL_STORE": "sqlite:///x.db"})
    _, environment = serve.command(place, 8599)
    assert environment["HTKEVAL_STORE"] == "sqlite:///x.db"
    assert environment["PYTHONPATH"].endswith("elsewhere")


def test_the_configuration_sends_nothing_out_and_shows_no_traceback():
    assert CONFIG["browser"]["gatherUsageStats"] is False
    assert CONFIG["client"]["showErrorDetails"] == "none"
    assert CONFIG["client"]["showErrorLinks"] is False
    assert CONFIG["client"]["toolbarMode"] == "viewer"
    assert CONFIG["server"]["address"] == "127.0.0.1"
    assert CONFIG["server"]["enableStaticServing"] is True


def test_every_font_of_the_theme_travels_with_its_licence():
    static = bundled("dashboards") / "static"
    for face in CONFIG["theme"]["fontFaces"]:
        file = static / face["url"].removeprefix("app/static/")
        assert file.read_bytes()[:4] == b"wOF2"
    assert "SIL OPEN FONT LICENSE" in (static / "IBMPlexSans-OFL.txt").read_text("utf-8")


def contrast(first: str, second: str) -> float:
    """Contrast ratio of two colours. Source: WCAG 2.1, relative luminance."""

    def luminance(colour: str) -> float:
        parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    light, dark = sorted((luminance(first), luminance(second)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_contrast_of_black_on_white_is_twenty_one():
    assert round(contrast("#000000", "#FFFFFF"), 1) == 21.0


def test_every_verdict_is_readable_on_its_own_tint():
    theme = CONFIG["theme"]
    for colour in ("green", "blue", "orange", "gray", "red", "violet"):
        text, ground = theme[f"{colour}TextColor"], theme[f"{colour}BackgroundColor"]
        assert contrast(text, ground) >= 7.0, colour
        assert contrast(text, "#FFFFFF") >= 7.0, colour
    assert contrast(theme["textColor"], theme["backgroundColor"]) >= 7.0
    assert contrast(theme["primaryColor"], theme["secondaryBackgroundColor"]) >= 4.5
