"""A paper as PDF/UA-1 by typst: tagged, own letters, the same bytes for the same contents.

Everything that anybody wrote reaches typst as data (`sys.inputs`), never as source: no sign of it
is read as a command.
"""

from __future__ import annotations

import json
import unicodedata
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from htkeval.reporting.paper.written import Written
from htkeval.resources import PACKAGE
from htkeval.text import Language

SOURCE = Path(__file__).parent / "paper.typ"
FONTS = PACKAGE / "reporting" / "fonts"
SIZES = (9.6, 9.2, 8.8, 8.4, 8.0)
"""Points of the letters, the largest first with which the paper has two pages before the annex."""
REGIONS: dict[Language, str] = {"da": "DK", "en": "GB"}

WRITABLE = (
    (0x20, 0x7E), (0xA0, 0x17F), (0x300, 0x36F), (0x391, 0x3A1), (0x3A3, 0x3A9), (0x3B1, 0x3C9),
    (0x410, 0x44F), (0x5D0, 0x5EA), (0x621, 0x63A), (0x641, 0x64A), (0x660, 0x669),
    (0x2009, 0x2009), (0x2010, 0x2015), (0x2018, 0x201E), (0x2020, 0x2022), (0x2026, 0x2026),
    (0x202F, 0x202F), (0x2030, 0x2030), (0x2039, 0x203A), (0x20AC, 0x20AC), (0x2190, 0x2193),
    (0x2212, 0x2212), (0x2260, 0x2260), (0x2264, 0x2265), (0x25A0, 0x25A1), (0x2713, 0x2713),
)  # fmt: skip
"""Signs that our own letters or typst's have; a test writes every one of them."""


def pdf(paper: Written) -> bytes:
    """The paper's bytes.

    Args:
        paper: In its language, with its charts.
    """
    import typst

    base = _data(paper)
    for size in SIZES:
        said = json.dumps({**base, "size": size}, ensure_ascii=False)
        compiler = typst.Compiler(
            str(SOURCE),
            root=str(SOURCE.parent),
            font_paths=[str(FONTS)],
            ignore_system_fonts=True,
            sys_inputs={"paper": said},
        )
        if size == SIZES[-1] or _pages(compiler) <= 2:
            break
    day = datetime.fromisoformat(base["day"]).replace(tzinfo=UTC)
    content = compiler.compile(format="pdf", pdf_standards="ua-1", timestamp=int(day.timestamp()))
    if not isinstance(content, bytes):
        raise TypeError("typst gave no single file")
    return content


def _pages(compiler: Any) -> int:
    """Pages before the annex."""
    return int(json.loads(compiler.query("<last-page>", field="value", one=True)))


def _data(paper: Written) -> dict[str, Any]:
    """What the source reads; signs that no letter stands for are question marks, so none is left
    out unseen."""
    before, _, rest = paper.content["page"].partition("@1@")
    between, _, after = rest.partition("@2@")
    told: dict[str, Any] = _writable({**paper.content, "page": [before, between, after]})
    return {**told, "region": REGIONS[paper.language]}


def _writable(value: Any) -> Any:
    if isinstance(value, str):
        composed = unicodedata.normalize("NFC", value)
        return "".join(sign if _has(ord(sign)) else "?" for sign in composed)
    if isinstance(value, dict):
        return {key: inner if key == "svg" else _writable(inner) for key, inner in value.items()}
    return [_writable(inner) for inner in value] if isinstance(value, list) else value


def _has(sign: int) -> bool:
    return any(low <= sign <= high for low, high in WRITABLE)
