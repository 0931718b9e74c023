"""How gates are shown: all of them as a table, one with the texts it rests on, or a document."""

from __future__ import annotations

from typing import TYPE_CHECKING

from htkeval.cli.output import alarm, line, paragraph, print_csv, print_json, print_table
from htkeval.cli.speech import language, words
from htkeval.decision import GATE_NAMES
from htkeval.law import AI_CLASSES, CONFIDENCE
from htkeval.text import Text, say

if TYPE_CHECKING:
    from datetime import date

    from htkeval.cli.printed.gates import GateLine
    from htkeval.decision import GateState
    from htkeval.law import GateLaw, LawText, Question
    from htkeval.portfolio import GateView

STATES: dict[GateState, Text] = {
    "open": say("open"),
    "closed": say("closed"),
    "not_needed": say("not needed"),
    "forbidden": say("not permitted"),
}
"""What each state is called."""

_COLUMNS = ("id", "required", "state", "date", "responsible", "document", "ai_class", "why")


def show(trial: str, views: tuple[GateView, ...], form: str) -> None:
    """Print every gate: `table`, `json` or `csv`."""
    if form != "table":
        _document(trial, views, form)
    elif not views:
        line(say("The trial names no gates."))
    else:
        _table(views)


def show_one(trial: str, view: GateView, law: GateLaw | None, form: str, *, today: date) -> None:
    """Print one gate with what it has to settle and what that rests on."""
    if form != "table":
        _document(trial, (view,), form, law=law, old=law is not None and law.old(today))
        return
    line(law.title.said(language()) if law else _name(view))
    for sentence in _stands(view):
        paragraph(sentence)
    if law is None:
        paragraph(say("configs/law.toml has no texts about this gate; ask a lawyer."))
        return
    line("")
    line(say("To be settled:"))
    for question in law.questions:
        paragraph(_asked(question))
    line("")
    line(say("What it rests on:"))
    if not law.texts:
        paragraph(say("No source was found; a lawyer has to say it."))
    for text in law.texts:
        _rests_on(text, today)
    line("")
    paragraph(say("The texts are reference data, not advice; the law itself is what counts."))


def _document(
    trial: str,
    views: tuple[GateView, ...],
    form: str,
    *,
    law: GateLaw | None = None,
    old: bool = False,
) -> None:
    from htkeval.cli.printed.gates import Gates

    lines = tuple(_line(view) for view in views)
    if form == "csv":
        print_csv([one.model_dump(mode="json") for one in lines], _COLUMNS)
    else:
        print_json(Gates(trial=trial, gates=lines, law=law, law_old=old))


def _line(view: GateView) -> GateLine:
    from htkeval.cli.printed.gates import GateLine

    return GateLine(**{name: getattr(view, name) for name in GateLine.model_fields})


def _table(views: tuple[GateView, ...]) -> None:
    """What stands in few words; classes and reasons are told below."""
    headers = [say("Gate"), say("Required"), say("State"), say("Date"), say("Responsible")]
    papers = any(view.document for view in views)
    print_table(
        [*headers, say("Document")] if papers else headers,
        [[*_row(view), view.document or "–"] if papers else _row(view) for view in views],
    )
    told = [view for view in views if view.ai_class or view.why]
    for view in told:
        paragraph(say("{gate} – {what}", gate=_name(view), what=_reason(view)))
    if told:
        line("")


def _row(view: GateView) -> list[Text | str]:
    return [
        _name(view),
        say("yes") if view.required else say("no"),
        STATES[view.state],
        view.date.isoformat() if view.date else "–",
        view.responsible or "–",
    ]


def _name(view: GateView) -> Text | str:
    return GATE_NAMES.get(view.id, view.id)


def _reason(view: GateView) -> Text | str:
    """The class and its reasoning, or why the gate stands so."""
    if view.ai_class and view.why:
        return say("{name}. {why}", name=AI_CLASSES[view.ai_class], why=view.why)
    return AI_CLASSES[view.ai_class] if view.ai_class else view.why or ""


def _stands(view: GateView) -> list[Text]:
    """How the gate stands, a sentence each."""
    told = [say("State: {state}.", state=STATES[view.state])]
    if not view.required:
        told.append(say("The trial does not require it."))
    if view.date:
        told.append(
            say("Deadline: {day:d MMMM y}.", day=view.date)
            if view.state == "open"
            else say("Date: {day:d MMMM y}.", day=view.date)
        )
    if view.responsible:
        told.append(say("Responsible: {who}.", who=view.responsible))
    if view.document:
        told.append(say("Document: {document}.", document=view.document))
    elif view.state == "closed":
        told.append(say("No document is stated: --document."))
    if view.ai_class:
        told.append(say("Class: {name}.", name=AI_CLASSES[view.ai_class]))
    if view.why:
        told.append(say("Why: {why}", why=view.why))
    return told


def _asked(question: Question) -> Text:
    what = question.said(language())
    if question.to_be_confirmed:
        return say("- {what} (to be confirmed by a lawyer)", what=what)
    return say("- {what}", what=what)


def _rests_on(text: LawText, today: date) -> None:
    """One text: its words, then where they stand, when they were read, and how sure they are."""
    line("")
    if text.summary:
        paragraph(text.summary.said(language()))
    if text.quotation:
        paragraph(f"»{text.quotation}«")
    paragraph(f"  {text.source}, {text.provision}")
    line(f"  {text.address}")
    known = [say("Read on {day:d MMMM y}.", day=text.read)]
    if text.read_in:
        known.append(say("Read in: {where}.", where=text.read_in.said(language())))
    if text.applies:
        known.append(say("Applies from {day:d MMMM y}.", day=text.applies))
    known.append(CONFIDENCE[text.status])
    paragraph("  " + " ".join(words(each) for each in known))
    if text.old(today):
        alarm(say("  Read more than a year ago: look it up again before relying on it."))
