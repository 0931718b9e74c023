"""The house: who may import whom, what loads at start-up, and the map that must be true."""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "htkeval"

LAYERS = {
    "nouns": set(),
    "locale": {"nouns"},
    "stats": {"nouns"},
    "design": {"nouns", "stats"},
    "evaluation": {"nouns", "stats", "design"},
    "planning": {"nouns", "stats", "design", "evaluation"},
    "business": {"nouns", "stats"},
    "intake": {"nouns"},
    "queries": {"nouns", "stats", "intake"},
    "store": {"nouns"},
    "tracking": {"nouns", "store"},
    "steps": {
        "nouns",
        "business",
        "design",
        "evaluation",
        "planning",
        "intake",
        "queries",
        "store",
        "tracking",
    },
    "reporting": {"nouns"},
    "cli": {"nouns", "business", "design", "intake", "store", "tracking", "steps", "reporting"},
}
"""Each layer and the layers that it may import."""

LIGHT = {"pydantic", "pydantic_core", "babel"}
"""What a noun may import beside the standard library; Babel only inside a function."""


def layer(module: str) -> str:
    """The layer that a module of the package belongs to."""
    part = module.split(".")[1] if "." in module else ""
    if part in ("evaluation", "__main__"):
        return {"__main__": "cli"}.get(part, part)
    return part if (PACKAGE / part / "__init__.py").is_file() and part else "nouns"


@cache
def tree_of(file: Path) -> ast.Module:
    return ast.parse(file.read_text(encoding="utf-8"))


def statements(node: ast.AST) -> Iterator[ast.AST]:
    """Every statement, wherever it stands: an import is one, and expressions are many."""
    for part in ("body", "handlers", "orelse", "finalbody", "cases"):
        for one in getattr(node, part, ()):
            yield one
            yield from statements(one)


def imports(file: Path, *, top: bool = False) -> set[str]:
    """Modules that a file imports; with `top` only those that load with it."""
    tree = tree_of(file)
    nodes = list(tree.body) if top else list(statements(tree))
    found = set()
    for node in nodes:
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module)
            found |= {f"{node.module}.{a.name}" for a in node.names if node.module == "htkeval"}
    return found


SOURCES = sorted(PACKAGE.rglob("*.py"))


MODULES = {
    ".".join(file.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): file
    for file in SOURCES
}


def test_every_layer_has_files_here():
    assert {layer(module) for module in MODULES} == set(LAYERS)


@pytest.mark.parametrize("mine", LAYERS)
def test_imports_point_one_way(mine):
    wrong = [
        f"{module} imports {name} ({layer(name)})"
        for module in MODULES
        if layer(module) == mine
        for name in imports(MODULES[module])
        if name.split(".")[0] == "htkeval" and name not in ("htkeval", "htkeval.__version__")
        if layer(name) != mine and layer(name) not in LAYERS[mine]
    ]
    assert wrong == []


INSIDE = (
    ("evaluation/data", {"draw", "roads", "panel", "checks", ""}),
    ("evaluation/draw", {"roads", "panel", "checks"}),
    ("evaluation/roads", {"panel", "checks"}),
    ("evaluation/panel", {"checks"}),
    ("stats/moments", {"mixed", "series", "rerandomisation", ""}),
)
"""Inside a layer: a folder, and the folders beside it that it may not know (the layer's own files
as "", but for the words and types that all of it shares)."""

SHARED = {"wording", "answer", "scaling"}


@pytest.mark.parametrize(("folder", "above"), INSIDE, ids=[name for name, _ in INSIDE])
def test_folders_inside_a_layer_know_only_what_lies_below(folder, above):
    layer_name, mine = folder.split("/")
    for file in (PACKAGE / folder).glob("*.py"):
        for name in imports(file):
            parts = name.split(".")
            if parts[:2] != ["htkeval", layer_name] or len(parts) < 3 or parts[2] == mine:
                continue
            beside = parts[2] if (PACKAGE / layer_name / parts[2]).is_dir() else ""
            assert beside not in above or parts[2] in SHARED, f"{file.name} imports {name}"


NOUNS = [file for file in SOURCES if file.parent == PACKAGE and file.stem != "__main__"]


def test_nouns_import_nothing_heavy():
    known = {*sys.stdlib_module_names, *LIGHT, "htkeval"}
    heavy = [
        f"{file.name} imports {name}"
        for file in NOUNS
        for name in imports(file)
        if name.split(".")[0] not in known
    ]
    assert NOUNS
    assert heavy == []


HEAVY = ("mlflow", "scipy", "statsmodels", "pandas", "streamlit", "pyarrow", "duckdb", "ibis")


@pytest.mark.parametrize(
    ("module", "absent"),
    [
        ("htkeval.cli.root", (*HEAVY, "pydantic", "sqlalchemy", "numpy", "rich", "babel")),
        ("htkeval.cli.trial", (*HEAVY, "pydantic", "sqlalchemy", "numpy")),
        ("htkeval.cli.gate", (*HEAVY, "pydantic", "sqlalchemy", "numpy")),
        ("htkeval.trial_file", (*HEAVY, "sqlalchemy", "numpy", "babel")),
        ("htkeval.steps.add", (*HEAVY, "alembic", "numpy")),
        ("htkeval.steps.states", (*HEAVY, "alembic", "numpy")),
        ("htkeval.evaluation", ("mlflow", "streamlit", "pandas", "statsmodels", "scipy.stats")),
    ],
)
def test_importing_a_module_loads_nothing_it_does_not_need(module, absent):
    code = f"import {module}, sys; print(' '.join(sys.modules))"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = set(run.stdout.split())
    assert loaded.isdisjoint(absent), loaded & set(absent)


def test_the_map_in_architecture_md_is_the_tree():
    text = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
    block = re.search(r"```map\n(.*?)```", text, re.S)
    assert block, "ARCHITECTURE.md has a block ```map"
    mapped = {line.split()[0] for line in block[1].splitlines() if line.strip()}
    folders = {f"{p.name}/" for p in PACKAGE.iterdir() if p.is_dir() and p.name[0] != "_"}
    modules = {p.name for p in PACKAGE.glob("*.py")} - {"__init__.py", "__main__.py"}
    assert mapped == {f"htkeval/{name}" for name in folders | modules}


def test_no_file_is_named_for_nothing():
    shy = re.compile(r"(^|/)(utils?|helpers?|common|misc|manager|handler|base)(\.py|/)")
    tracked = subprocess.run(
        ["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False
    ).stdout.splitlines()
    assert [name for name in tracked if shy.search(name)] == []


def test_locks_name_no_index_and_carry_hashes():
    for lock in ("requirements.lock", "requirements-dev.lock"):
        text = (ROOT / lock).read_text(encoding="utf-8")
        assert "://" not in text
        assert "--index" not in text
        packages = re.findall(r"^[a-z0-9._\[\]-]+==", text, re.M)
        assert len(packages) > 50
        assert text.count("--hash=sha256:") >= len(packages)
