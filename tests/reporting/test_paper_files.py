"""A paper as PDF, DOCX and HTML: the same words, accessible, and the same bytes each time."""

from __future__ import annotations

import io
import re
import zipfile
from functools import cache
from html.parser import HTMLParser
from typing import Any

import pytest

from htkeval.reporting.paper.content import Paper
from htkeval.reporting.paper.files import file
from htkeval.reporting.paper.make import make
from htkeval.reporting.paper.of_portfolio import of_portfolio
from htkeval.reporting.paper.pdf import WRITABLE, pdf
from htkeval.reporting.paper.written import Written, written
from tests.dashboards.examples import go, not_measured
from tests.reporting.papers import HOSTILE, behind, called, flat, text_of, three


@cache
def whole() -> Paper:
    return of_portfolio(three())


@cache
def bytes_of(form: str, language: str = "da") -> bytes:
    return file(whole(), form, language)


def strings(paper: Written) -> list[str]:
    """Every string that a reader is told."""
    told = [paper.content["title"], paper.content["head"], paper.content["under"]]
    for section in [*paper.sections, *paper.annex]:
        told.append(section["heading"])
        for block in section["blocks"]:
            told += [block.get(key) for key in ("lead", "text", "caption", "reading")]
            told += [*block.get("lines", ()), *block.get("items", ()), *block.get("head", ())]
            told += [cell for row in block.get("rows", ()) for cell in row]
    return [one for one in told if one]


def reader(content: bytes) -> Any:
    from pypdf import PdfReader

    return PdfReader(io.BytesIO(content))


def elements(node: Any) -> list[Any]:
    """Every structure element of a tagged PDF."""
    node = node.get_object()
    found = [node] if isinstance(node, dict) and "/S" in node else []
    kids = node.get("/K", []) if isinstance(node, dict) else []
    for kid in kids if isinstance(kids, list) else [kids]:
        one = kid.get_object() if hasattr(kid, "get_object") else kid
        if isinstance(one, dict) and "/S" in one:
            found += elements(one)
    return found


@pytest.mark.parametrize("language", ["da", pytest.param("en", marks=pytest.mark.campaign)])
def test_the_pdf_passes_what_of_pdf_ua_can_be_checked_offline(language):
    found = reader(bytes_of("pdf", language))
    root = found.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"] is True or root["/MarkInfo"]["/Marked"] == True  # noqa: E712
    assert root["/Lang"] == {"da": "da-DK", "en": "en-GB"}[language]
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    xmp = root["/Metadata"].get_object().get_data().decode()
    assert re.search(r"pdfuaid:part(>|=\")1", xmp)
    title = written(whole(), language, drawn=False).content["title"]
    assert title in xmp
    assert found.metadata.title == title
    tags = elements(root["/StructTreeRoot"])
    kinds = [str(one["/S"]) for one in tags]
    assert {"/H1", "/H2", "/P", "/L", "/Table", "/TH", "/Figure", "/Caption"} <= set(kinds)
    assert kinds.count("/H1") == 1
    pictures = [one for one in tags if one["/S"] == "/Figure"]
    assert pictures
    assert all(str(one.get("/Alt", "")).strip() for one in pictures)


def test_its_letters_are_embedded():
    for page in reader(bytes_of("pdf")).pages:
        for font in page["/Resources"]["/Font"].values():
            inner = font.get_object()["/DescendantFonts"][0].get_object()
            descriptor = inner["/FontDescriptor"].get_object()
            assert {"/FontFile2", "/FontFile3"} & set(descriptor)


def test_two_pages_come_before_the_annex():
    pages = [page.extract_text() for page in reader(bytes_of("pdf")).pages]
    first = next(n for n, text in enumerate(pages) if "Metode, kontroller og tal" in text)
    assert first == 2
    assert all(f"Side {n} af {len(pages)}" in flat_but_spaces(text)
               for n, text in enumerate(pages, 1))  # fmt: skip
    mark = whole().fingerprint[:4]
    assert all(f"Fingeraftryk {mark}" in flat_but_spaces(text) for text in pages)


def flat_but_spaces(text: str) -> str:
    return re.sub(r"[\s\u00a0]+", " ", text)


@pytest.mark.parametrize("form", ["pdf", "docx", "html"])
def test_every_format_says_every_sentence(form):
    content = bytes_of(form)
    if form == "pdf":
        shown = flat(text_of(content))
    elif form == "docx":
        shown = flat(words_of_docx(content))
    else:
        shown = flat(Page.read(content).text)
    missing = [
        one for one in strings(written(whole(), "da", drawn=False)) if flat(one) not in shown
    ]
    if form == "pdf":  # a table's cell may be broken by the next page's head and foot
        missing = [one for one in missing if len(one) > 60]
    assert missing == []


@pytest.mark.parametrize(
    "form", ["pdf", *(pytest.param(one, marks=pytest.mark.campaign) for one in ("docx", "html"))]
)
def test_the_same_paper_is_the_same_bytes(form):
    assert file(of_portfolio(three()), form, "da") == bytes_of(form)


def words_of_docx(content: bytes) -> str:
    from docx import Document

    document = Document(io.BytesIO(content))
    parts = [p.text for p in document.paragraphs]
    parts += [cell.text for table in document.tables for cell in table._cells]
    parts.append(document.sections[0].header.paragraphs[0].text)
    return "\n".join(parts)


def test_the_docx_has_real_headings_captions_and_marked_heads():
    from docx import Document

    content = bytes_of("docx")
    document = Document(io.BytesIO(content))
    styles = [p.style.name for p in document.paragraphs]
    assert styles.count("Title") == 1
    assert styles.count("Heading 1") == len(whole().sections) + len(whole().annex)
    assert "Caption" in styles
    assert "List Number" in styles
    assert document.core_properties.language == "da-DK"
    xml = zipfile.ZipFile(io.BytesIO(content)).read("word/document.xml").decode()
    assert xml.count("<w:tblHeader") == len(document.tables)
    pictures = re.findall(r"<wp:docPr [^>]*>", xml)
    assert pictures
    assert all("descr=" in one for one in pictures)
    assert (
        'w:lang w:val="da-DK"'
        in zipfile.ZipFile(io.BytesIO(content)).read("word/styles.xml").decode()
    )


class Page(HTMLParser):
    """What of an HTML file is text, and which tags it has."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.text, self.tags, self.inside = "", [], []

    @classmethod
    def read(cls, content: bytes) -> Page:
        page = cls()
        page.feed(content.decode())
        return page

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag == "style":
            self.inside.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if self.inside and tag == self.inside[-1]:
            self.inside.pop()

    def handle_data(self, data: str) -> None:
        if not self.inside:
            self.text += data + "\n"


def test_the_html_is_one_file_that_asks_for_nothing():
    page = Page.read(bytes_of("html"))
    names = [tag for tag, _ in page.tags]
    assert "script" not in names
    assert "link" not in names
    assert "img" not in names
    assert ("html", {"lang": "da-DK"}) in page.tags
    assert {"main", "header", "footer", "nav", "figcaption", "caption"} <= set(names)
    assert names.count("h1") == 1
    policy = next(a for t, a in page.tags if a.get("http-equiv") == "Content-Security-Policy")
    assert "default-src 'none'" in policy["content"]
    for _, attributes in page.tags:
        assert not any(str(attributes.get(key, "#")).startswith("http") for key in ("src", "href"))
        assert not any(key.startswith("on") for key in attributes)
    heads = [a for t, a in page.tags if t == "th"]
    assert heads
    assert all(a.get("scope") in ("col", "row") for a in heads)
    charts = [a for t, a in page.tags if t == "svg"]
    assert charts
    assert all(a.get("role") == "img" and a.get("aria-label") for a in charts)
    ids = [a["id"] for _, a in page.tags if "id" in a]
    assert len(ids) == len(set(ids))


def test_what_somebody_wrote_is_text_in_every_format():
    every = [called(go(), title, id=f"h{n}", question=title) for n, title in enumerate(HOSTILE)]
    paper = of_portfolio(behind(*every))
    rows = written(paper, "da", drawn=False).annex[1]["blocks"][0]["rows"]
    titles = [row[0] for row in rows]
    assert len(titles) == len(HOSTILE)
    page = Page.read(file(paper, "html", "da"))
    assert "script" not in [tag for tag, _ in page.tags]
    shown = {
        "docx": flat(words_of_docx(file(paper, "docx", "da"))),
        "html": flat(page.text),
        "pdf": flat(text_of(file(paper, "pdf", "da"))),
    }
    for title in titles:
        left_to_right = not re.search("[\u0590-\u05ff]", title)
        for form, text in shown.items():  # a PDF holds words from right to left as they are seen
            assert flat(title) in text or (form == "pdf" and not left_to_right)


def test_a_sign_that_no_letter_stands_for_is_a_question_mark():
    paper = make(behind(called(not_measured(), "Robot 漢 😀 end", id="h")), trial="h")
    assert "Robot?" in flat(text_of(file(paper, "pdf", "da")))
    assert "漢" in Page.read(file(paper, "html", "da")).text


def test_every_sign_that_is_written_can_be():
    """typst refuses a PDF/UA with a sign that it cannot show."""
    told = written(make(behind(not_measured()), trial="ny"), "da")
    signs = "".join(chr(n) for low, high in WRITABLE for n in range(low, high + 1))
    assert pdf(Written("da", {**told.content, "under": " ".join(signs)}))


@pytest.mark.campaign
def test_a_long_paper_still_has_two_pages():
    many = [called(go(), f"Forsøg {n} " + "langt " * 60, id=f"t{n}") for n in range(12)]
    pages = [
        page.extract_text() for page in reader(file(of_portfolio(behind(*many)), "pdf", "da")).pages
    ]
    assert next(n for n, text in enumerate(pages) if "Metode, kontroller og tal" in text) <= 2


def test_an_invented_figure_is_marked_on_every_sheet():
    from dataclasses import replace

    paper = make(behind(replace(not_measured(), simulated=True)), trial="ny")
    assert all("Simulerede tal." in flat_but_spaces(p.extract_text())
               for p in reader(file(paper, "pdf", "da")).pages)  # fmt: skip
    assert "Simulerede tal." in words_of_docx(file(paper, "docx", "da"))
    assert Page.read(file(paper, "html", "da")).text.count("Simulerede tal.") >= 2
