"""README shows what is really printed, and names every command."""

import re
from pathlib import Path

from htkeval.cli.commands import COMMANDS
from htkeval.cli.root import run

README = Path(__file__).parent.parent / "README.md"
TEXT = README.read_text(encoding="utf-8")
SHOWN = dict(re.findall(r"<!-- output of: (.+?) -->\n```text\n(.*?)```", TEXT, re.S))


def test_every_command_is_in_readme():
    missing = [name for name in COMMANDS if not re.search(rf"(htkeval|make) {name}\b", TEXT)]
    assert missing == []


def test_every_command_that_readme_names_exists():
    named = set(re.findall(r"^    htkeval ([a-z]+)", TEXT, re.M))
    assert named <= set(COMMANDS)


def test_every_link_leads_somewhere():
    for target in re.findall(r"\]\(([^)#]+)\)", TEXT):
        if "://" not in target:
            assert (README.parent / target).exists(), target


def lines(text: str) -> list[str]:
    return [line.rstrip() for line in text.splitlines() if line.strip()]


def test_readme_shows_what_allocate_prints(tmp_path, monkeypatch, capsys):
    """The counts are those of a complete draw, so no other seed gives others."""
    monkeypatch.chdir(tmp_path)
    assert run(["init", "kommune"]) == 0
    monkeypatch.chdir(tmp_path / "kommune")
    teams = "\n".join(["unit", *(f"Hold {n}" for n in range(1, 11))])
    Path("enheder.csv").write_text(teams, encoding="utf-8")
    assert run(["register", "chatbot-kompetence"]) == 0
    capsys.readouterr()
    called = next(call for call in SHOWN if call.startswith("htkeval allocate"))
    assert run(called.split()[1:]) == 0
    assert lines(SHOWN[called]) == lines(capsys.readouterr().out)
