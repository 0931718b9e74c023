"""A paper as one accessible HTML file: no script, nothing fetched, charts as pictures of text."""

from __future__ import annotations

import re
from html import escape
from typing import Any

from htkeval.reporting.paper.written import Written
from htkeval.text import Language, render, say

LOCALES: dict[Language, str] = {"da": "da-DK", "en": "en-GB"}
CSP = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"

STYLE = """
:root{color:#1A2530;background:#fff;font:17px/1.5 "IBM Plex Sans","Segoe UI",system-ui,sans-serif;
font-variant-numeric:tabular-nums}
body{margin:0 auto;max-width:46rem;padding:1.5rem}
h1{font-size:2rem;line-height:1.2}h2{color:#00478F;font-size:1.4rem;margin:2rem 0 .5rem}
h3{font-size:1.1rem;margin:1.2rem 0 .3rem}
p,li{max-width:42rem}.small{color:#465362;font-size:.9rem}
.box{background:#F3F6F9;border-left:4px solid #00478F;padding:.6rem 1rem}
.mark{border:1px solid #7F8C9A;border-radius:4px;padding:.5rem .8rem}
header p,footer p{color:#465362;font-size:.9rem;margin:.2rem 0}
header{border-bottom:1px solid #7F8C9A}footer{border-top:1px solid #7F8C9A;margin-top:2rem}
figure{margin:1rem 0}figcaption,caption{font-weight:600;text-align:left;padding:.3rem 0}
svg{height:auto;max-width:100%}
.wide{overflow-x:auto}table{border-collapse:collapse;width:100%}
th,td{border-bottom:1px solid #C5CED8;padding:.3rem .5rem;text-align:left;vertical-align:top}
thead th{border-bottom:2px solid #1A2530}.figures td,
.figures thead th:not(:first-child){text-align:right}
tbody th{font-weight:400}a{color:#00478F}a:focus,.wide:focus{outline:3px solid #00478F}
@media print{:root{font-size:10pt}body{max-width:none;padding:0}
h2,h3,caption,figcaption{break-after:avoid}
figure,tr{break-inside:avoid}.annex{break-before:page}nav{display:none}@page{size:A4;margin:20mm}}
"""


def html(paper: Written) -> bytes:
    """The paper's bytes.

    Args:
        paper: In its language, with its charts.
    """
    told, locale = paper.content, LOCALES[paper.language]
    simulated = told["simulated"]
    mark = (
        f'<p class="mark"><strong>{escape(simulated[0])}</strong> {escape(simulated[1])}</p>'
        if simulated
        else ""
    )
    under = "".join(f"<p>{escape(line)}</p>" for line in (told["under"], told["public"]) if line)
    body = "".join(_section(one, n) for n, one in enumerate(paper.sections))
    annex = "".join(_section(one, 100 + n) for n, one in enumerate(paper.annex))
    links = "".join(
        f'<li><a href="#s{n}">{escape(one["heading"])}</a></li>'
        for n, one in [*enumerate(paper.sections), *enumerate(paper.annex, 100)]
    )
    contents = escape(render(say("Contents"), paper.language))
    return (
        f'<!DOCTYPE html>\n<html lang="{locale}">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{CSP}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(told['title'])}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n"
        f"<header><p>{escape(told['head'])} · {escape(told['status'])}</p></header>\n"
        f"<main>\n{mark}\n<h1>{escape(told['title'])}</h1>\n{under}\n"
        f"{body}\n"
        f'<nav aria-label="{contents}"><h2>{contents}</h2><ul>{links}</ul></nav>\n'
        f'<div class="annex">{annex}</div>\n</main>\n'
        f"<footer><p>{escape(told['foot'])}</p>"
        + (f"<p>{escape(simulated[0])}</p>" if simulated else "")
        + "</footer>\n</body>\n</html>\n"
    ).encode()


def _section(section: dict[str, Any], number: int) -> str:
    blocks = "".join(_block(one, f"s{number}b{n}") for n, one in enumerate(section["blocks"]))
    return (
        f'<section aria-labelledby="s{number}">'
        f'<h2 id="s{number}">{escape(section["heading"])}</h2>{blocks}</section>\n'
    )


def _block(block: dict[str, Any], name: str) -> str:
    kind = block["kind"]
    if kind == "said":
        lead = f"<strong>{escape(block['lead'])}</strong> " if block["lead"] else ""
        style = ' class="small"' if block["small"] else ""
        return f"<p{style}>{lead}{escape(block['text'])}</p>"
    if kind == "box":
        lines = "".join(f"<p>{escape(line)}</p>" for line in block["lines"])
        return f'<div class="box"><p><strong>{escape(block["lead"])}</strong></p>{lines}</div>'
    if kind == "list":
        tag = "ol" if block["numbered"] else "ul"
        return (
            f"<{tag}>" + "".join(f"<li>{escape(one)}</li>" for one in block["items"]) + f"</{tag}>"
        )
    if kind == "heading":
        return f"<h3>{escape(block['text'])}</h3>"
    return _table(block) if kind == "table" else _figure(block, name)


def _table(block: dict[str, Any]) -> str:
    head = "".join(f'<th scope="col">{escape(one)}</th>' for one in block["head"])
    rows = "".join(
        "<tr>" + "".join(
            f'<th scope="row">{escape(cell)}</th>' if n == 0 else f"<td>{escape(cell)}</td>"
            for n, cell in enumerate(row)
        ) + "</tr>"
        for row in block["rows"]
    )  # fmt: skip
    style = ' class="figures"' if block["figures"] else ""
    caption = escape(block["caption"])
    return (
        f'<div class="wide" tabindex="0" role="region" aria-label="{caption}">'
        f"<table{style}><caption>{caption}</caption>"
        f"<thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div>"
    )


_IDS = re.compile(r'(id="|url\(#|href="#)')


def _figure(block: dict[str, Any], name: str) -> str:
    """The chart with its sentence; names inside it are its own, for two charts share a page."""
    named = f'<svg role="img" aria-label="{escape(block["alt"])}" '
    drawing = _IDS.sub(rf"\g<1>{name}-", block["svg"]).replace("<svg ", named, 1)
    reading = f'<p class="small">{escape(block["reading"])}</p>' if block["reading"] else ""
    caption = escape(block["caption"])
    return f"<figure><figcaption>{caption}</figcaption>{drawing}{reading}</figure>"
