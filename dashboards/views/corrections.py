"""What was put right or left out: each value's history, for the lead and for whoever asks."""

from __future__ import annotations

from collections.abc import Callable

from dashboards import elements
from dashboards.views import choice, put_right
from dashboards.views.put_right import Mending
from htkeval.kept_row import RowHistory
from htkeval.portfolio import Portfolio
from htkeval.reporting import row_history as words
from htkeval.reporting import wording
from htkeval.text import Language
from htkeval.trial import Trial


def show(
    portfolio: Portfolio,
    language: Language,
    *,
    known: Callable[[str], RowHistory],
    asked: str | None = None,
    chose: Callable[[str], None] | None = None,
    mending: Callable[[str], Mending | None] = lambda _: None,
    row: str | None = None,
) -> None:
    """Draw the page.

    Args:
        portfolio: Every trial.
        language: Of every word.
        known: Told a trial's id, says what was done to its rows.
        asked: The id of the wanted trial, as the address says it.
        chose: Is told the id of the trial that is shown.
        mending: Told a trial's id, what puts its rows right; None for whoever may not.
        row: The number of the row that is to be put right, as the address says it.
    """
    states = {state.trial.id: state for state in portfolio.trials}
    if any(state.simulated for state in portfolio.trials):
        elements.simulated(language)
    elements.title(words.TITLE, language)
    if not states:
        elements.sentence(wording.lead(portfolio), language)
        return
    elements.sentence(words.ABOUT, language)
    name = choice.which((one.trial for one in states.values()), asked, language)
    if chose:
        chose(name)
    trial = states[name].trial
    may = mending(name)
    if may is not None:
        put_right.show(trial, may, language, row=row)
    elements.header(words.HEADING, language)
    _history(trial, known(name), language)


def _history(trial: Trial, history: RowHistory, language: Language) -> None:
    if not history.rows:
        elements.sentence(words.NONE, language)
        return
    elements.sentence(words.in_short(history), language, bold=True)
    if words.values_hidden(trial, history):
        elements.notice(words.NOT_YET, language)
    if words.names_hidden(trial, history):
        elements.sentence(words.NO_NAMES, language)
    elements.table(words.happened(trial, history), language, key="row-history")
