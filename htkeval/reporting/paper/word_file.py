"""A paper as DOCX for the case system: real headings, captions, lists, and the same bytes."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from htkeval.reporting.charts.files import png
from htkeval.reporting.paper.written import Written
from htkeval.text import Language

LOCALES: dict[Language, str] = {"da": "da-DK", "en": "en-GB"}
STILL = (1980, 1, 1, 0, 0, 0)
"""The time of every part of the file: the oldest that a zip can tell."""
FONT, INK, PRIMARY = "IBM Plex Sans", "1A2530", "00478F"
WIDTH_CM = 16.6


def docx(paper: Written) -> bytes:
    """The paper's bytes.

    Args:
        paper: In its language, with its charts.
    """
    from docx import Document

    document: Any = Document()
    _dress(document, paper)
    told = paper.content
    if told["simulated"]:
        _paragraph(document, told["simulated"][1], lead=told["simulated"][0])
    document.add_heading(told["title"], level=0).style = document.styles["Title"]
    for line in (told["under"], told["public"]):
        if line:
            _paragraph(document, line)
    drawn = _drawn(paper)
    for section in paper.sections:
        _section(document, section, drawn)
    if paper.annex:
        document.add_page_break()
    for section in paper.annex:
        _section(document, section, drawn)
    raw = io.BytesIO()
    document.save(raw)
    return _still(raw.getvalue())


def _dress(document: Any, paper: Written) -> None:
    """Language, letters, margins, properties, head and foot."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn
    from docx.shared import Cm, Pt, RGBColor

    told = paper.content
    for name in ("Normal", "Title", "Heading 1", "Heading 2", "Caption", "List Number"):
        style = document.styles[name]
        style.font.name = FONT
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        for key in list(fonts.attrib):
            if "Theme" in key or "theme" in key:
                del fonts.attrib[key]
        for key in ("w:ascii", "w:hAnsi", "w:cs", "w:eastAsia"):
            fonts.set(qn(key), FONT)
    normal = document.styles["Normal"]
    normal.font.size, normal.paragraph_format.space_after = Pt(10), Pt(5)
    for name, size, colour in (
        ("Title", 18, INK), ("Heading 1", 13, PRIMARY), ("Heading 2", 10.5, INK),
        ("Caption", 9, INK),
    ):  # fmt: skip
        style = document.styles[name]
        style.font.size, style.font.bold = Pt(size), True
        style.font.color.rgb = RGBColor.from_string(colour)
    language = OxmlElement("w:lang")
    for key in ("w:val", "w:eastAsia"):
        language.set(qn(key), LOCALES[paper.language])
    for element in (normal.element.get_or_add_rPr(),
                    document.styles.element.find(qn("w:docDefaults") + "/" + qn("w:rPrDefault")
                                                 + "/" + qn("w:rPr"))):  # fmt: skip
        for old in element.findall(qn("w:lang")):
            element.remove(old)
        element.append(_copy(language))
    page = document.sections[0]
    page.page_width, page.page_height = Cm(21), Cm(29.7)
    page.left_margin = page.right_margin = Cm(2.2)
    page.top_margin, page.bottom_margin = Cm(2.2), Cm(1.9)
    mark = f" · {told['simulated'][0]}" if told["simulated"] else ""
    page.header.paragraphs[0].text = f"{told['head']} · {told['status']}{mark}"
    _foot(page.footer.paragraphs[0], told)
    for one in (page.header.paragraphs[0], page.footer.paragraphs[0]):
        for run in one.runs:
            run.font.size = Pt(8)
    properties = document.core_properties
    properties.title, properties.author = told["title"], told["whose"][:250]
    properties.language, properties.last_modified_by = LOCALES[paper.language], "htkeval"
    properties.comments, properties.keywords = "", told["fingerprint"]
    properties.revision = 1
    moment = datetime.fromisoformat(told["day"])
    properties.created = properties.modified = moment


def _copy(element: Any) -> Any:
    from copy import deepcopy

    return deepcopy(element)


def _foot(paragraph: Any, told: dict[str, Any]) -> None:
    """Fingerprint and page numbers, which Word itself counts."""
    before, _, rest = told["page"].partition("@1@")
    between, _, after = rest.partition("@2@")
    paragraph.add_run(f"{told['foot']} · {before}")
    _field(paragraph, "PAGE")
    paragraph.add_run(between)
    _field(paragraph, "NUMPAGES")
    paragraph.add_run(after)


def _field(paragraph: Any, code: str) -> None:
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), code)
    run = OxmlElement("w:r")
    text = OxmlElement("w:t")
    text.text = "1"
    run.append(text)
    field.append(run)
    paragraph._p.append(field)


def _drawn(paper: Written) -> Iterator[bytes]:
    """The charts in their order, as pictures."""
    simulated = paper.content["simulated"] is not None
    return (png(one, paper.language, simulated=simulated) for one in paper.pictures)


def _section(document: Any, section: dict[str, Any], drawn: Iterator[bytes]) -> None:
    document.add_heading(section["heading"], level=1)
    for block in section["blocks"]:
        _block(document, block, drawn)


def _block(document: Any, block: dict[str, Any], drawn: Iterator[bytes]) -> None:
    kind = block["kind"]
    if kind == "said":
        _paragraph(document, block["text"], lead=block["lead"], small=block["small"])
    elif kind == "box":
        _paragraph(document, "", lead=block["lead"], boxed=True)
        for line in block["lines"]:
            _paragraph(document, line, boxed=True)
    elif kind == "list":
        _list(document, block)
    elif kind == "heading":
        document.add_heading(block["text"], level=2)
    elif kind == "table":
        _table(document, block)
    else:
        _figure(document, block, next(drawn))


def _paragraph(
    document: Any, text: str, *, lead: str | None = None, small: bool = False, boxed: bool = False
) -> None:
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn
    from docx.shared import Pt

    paragraph = document.add_paragraph()
    if lead:
        paragraph.add_run(lead).bold = True
    run = paragraph.add_run(f" {text}" if lead and text else text)
    if small:
        run.font.size = Pt(9)
    if boxed:
        shade = OxmlElement("w:shd")
        for key, value in (("w:val", "clear"), ("w:color", "auto"), ("w:fill", "F3F6F9")):
            shade.set(qn(key), value)
        paragraph._p.get_or_add_pPr().append(shade)


def _list(document: Any, block: dict[str, Any]) -> None:
    style = "List Number" if block["numbered"] else "List Bullet"
    for item in block["items"]:
        document.add_paragraph(item, style=style)


def _table(document: Any, block: dict[str, Any]) -> None:
    """A table whose head row is marked as one, and is repeated on each page."""
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn
    from docx.shared import Pt

    caption = document.add_paragraph(block["caption"], style="Caption")
    caption.paragraph_format.keep_with_next = True
    rows = [block["head"], *block["rows"]]
    table = document.add_table(rows=len(rows), cols=len(block["head"]))
    table.style = "Table Grid"
    named = OxmlElement("w:tblCaption")
    named.set(qn("w:val"), block["caption"])
    table._tbl.tblPr.append(named)
    cells = table._cells
    wide = len(block["head"])
    for number, row in enumerate(rows):
        for column, text in enumerate(row):
            paragraph = cells[number * wide + column].paragraphs[0]
            run = paragraph.add_run(text)
            run.font.size, run.bold = Pt(9), number == 0
            paragraph.paragraph_format.space_after = Pt(1)
            if block["figures"] and column:
                paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    head = table.rows[0]._tr.get_or_add_trPr()
    repeated = OxmlElement("w:tblHeader")
    repeated.set(qn("w:val"), "true")
    head.append(repeated)
    document.add_paragraph().paragraph_format.space_after = Pt(2)


def _figure(document: Any, block: dict[str, Any], image: bytes) -> None:
    from docx.shared import Cm

    caption = document.add_paragraph(block["caption"], style="Caption")
    caption.paragraph_format.keep_with_next = True
    shape = document.add_picture(io.BytesIO(image), width=Cm(WIDTH_CM))
    about = shape._inline.docPr
    about.set("descr", block["alt"])
    about.set("title", block["caption"])
    if block["reading"]:
        _paragraph(document, block["reading"], small=True)


def _still(content: bytes) -> bytes:
    """The same file with one time on every part, so that the same paper is the same bytes."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(made, "w") as new:
        for part in sorted(old.infolist(), key=lambda one: one.filename != "[Content_Types].xml"):
            kept = zipfile.ZipInfo(part.filename, date_time=STILL)
            kept.compress_type = zipfile.ZIP_DEFLATED
            kept.external_attr, kept.create_system = 0o644 << 16, 3
            new.writestr(kept, old.read(part.filename))
    return made.getvalue()
