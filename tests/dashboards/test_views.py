"""What holds of the source of every view: no arithmetic, no reading, no words of its own."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

DASHBOARDS = Path(__file__).parents[2] / "dashboards"
VIEWS = sorted((DASHBOARDS / "views").glob("*.py"))
PAGES = [*VIEWS, DASHBOARDS / "pages.py", DASHBOARDS / "elements.py"]
FORMS = {
    "take_time.py", "task_form.py", "timed_task.py", "sheets.py", "set_up.py", "set_up_fields.py",
    "set_up_steps.py", "set_up_work.py",
}  # fmt: skip
"""They turn what is typed or pressed into what is kept (per cent into a share), and count what is
before them; no figure of the evidence."""
FIGURES = {"round", "sum", "min", "max", "abs", "pow", "divmod"}
ARITHMETIC = (ast.Sub, ast.Mult, ast.Div, ast.FloorDiv, ast.Mod, ast.Pow)
READING = {"open", "read_text", "read_bytes", "read_case", "open_store", "read_store", "connect"}
MARKUP = re.compile(r":material/\w+:|:\w+\[|<[^>]*>|&\w+;|https?:\S+")
"""Icons, colours and tags: no words."""
SHOWS = {
    "markdown", "write", "title", "header", "subheader", "caption", "text", "button", "html",
    "download_button", "selectbox", "radio", "checkbox", "text_input", "number_input", "text_area",
    "date_input", "time_input", "slider", "select_slider", "multiselect", "file_uploader", "tabs",
    "expander", "info", "warning", "error", "success", "badge", "metric", "page_link", "toggle",
    "link_button", "segmented_control", "pills", "toast", "form_submit_button", "progress",
    "set_page_config", "Page", "popover", "spinner", "status",
}  # fmt: skip
"""Functions of Streamlit whose arguments a reader reads."""
UNSEEN = {
    "key", "color", "colour", "icon", "width", "gap", "type", "border", "horizontal_alignment",
    "vertical_alignment", "layout", "size", "url_path", "theme", "format", "lang", "mime",
    "label_visibility", "autocomplete", "position", "file_name", "on_click", "hash_funcs", "height",
}  # fmt: skip
"""Arguments of elements that nobody reads."""


def calls(file: Path) -> Iterator[ast.Call]:
    tree = ast.parse(file.read_text("utf-8"))
    return (node for node in ast.walk(tree) if isinstance(node, ast.Call))


def name_of(call: ast.Call) -> str:
    return ast.unparse(call.func)


def literal(node: ast.expr) -> str:
    """What stands in a string itself; a number for each value that is put into it."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        return "".join(literal(part) or "1" for part in node.values)
    return ""


def words_of_its_own(source: Path) -> list[str]:
    """Literal words that an element of a page would show."""
    found = []
    for call in calls(source):
        if name_of(call).rsplit(".", 1)[-1] not in SHOWS:
            continue
        given = [*call.args, *(k.value for k in call.keywords if k.arg not in UNSEEN)]
        found += [
            f"{source.name}:{call.lineno}: {text}"
            for text in map(literal, given)
            if text != "htkeval" and re.search(r"[A-Za-zÆØÅæøå]{2,}", MARKUP.sub("", text))
        ]
    return found


def test_there_are_views_to_look_at():
    assert len(VIEWS) > 8


EVIDENCE = [file for file in VIEWS if file.name not in FORMS]


@pytest.mark.parametrize("file", EVIDENCE, ids=lambda file: file.name)
def test_a_view_computes_nothing(file):
    tree = ast.parse(file.read_text("utf-8"))
    found = [
        f"{file.name}:{node.lineno}: {ast.unparse(node)}"
        for node in ast.walk(tree)
        if isinstance(node, ast.BinOp) and isinstance(node.op, ARITHMETIC)
    ]
    found += [
        f"{file.name}:{call.lineno}: {name_of(call)}"
        for call in calls(file)
        if name_of(call) in FIGURES
    ]
    assert found == []


@pytest.mark.parametrize("file", VIEWS, ids=lambda file: file.name)
def test_a_view_reads_nothing(file):
    asked = {name_of(call).rsplit(".", 1)[-1] for call in calls(file)}
    assert asked & READING == set()


@pytest.mark.parametrize("file", PAGES, ids=lambda file: file.name)
def test_a_page_shows_no_words_of_its_own(file):
    """What is shown comes from `say`, so that it stands in both languages."""
    assert words_of_its_own(file) == []


def test_words_of_its_own_would_be_found(tmp_path):
    source = tmp_path / "view.py"
    source.write_text('st.markdown(f"**Udvalget** {n}")\nst.button("Gem", key="save")\n', "utf-8")
    assert len(words_of_its_own(source)) == 2
    source.write_text('st.markdown(f":red[:material/warning: **{n}**]")\n', "utf-8")
    assert words_of_its_own(source) == []


def test_no_module_of_the_app_is_called_as_one_of_python_itself():
    """Streamlit looks names up in this folder first: `html.py` would be everybody's."""
    own = {file.stem for file in DASHBOARDS.glob("*.py")}
    assert own & (set(sys.stdlib_module_names) - {"__init__"}) == set()
