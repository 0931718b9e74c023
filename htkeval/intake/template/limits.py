"""What Excel lets a person write in each column of the sheet."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from htkeval.intake.cells import LONGEST_WORD
from htkeval.intake.codebook import Field

if TYPE_CHECKING:
    from openpyxl.worksheet.datavalidation import DataValidation

    from htkeval.trial import Trial

WIDEST = "1E+15"
"""Numbers beyond are a slip of the keyboard."""
_PROMPT, _PROMPT_TITLE = 255, 32
"""Characters that Excel shows when a cell is chosen."""


def validation(
    trial: Trial, field: Field, lists: Mapping[str, str], prompt: str, title: str
) -> DataValidation | None:
    """The rule of one column.

    Args:
        trial: Gives the first and the last day.
        field: The column.
        lists: By column: where the words stand that may be chosen in it.
        prompt: What is shown when a cell is chosen.
        title: What stands above that.

    Returns:
        None where any cell may stand: `1:23` is a text that Excel has no rule for.
    """
    from openpyxl.worksheet.datavalidation import DataValidation

    rule = _rule(trial, field, lists)
    if rule is None:
        return None
    made = DataValidation(allow_blank=True, showErrorMessage=True, showInputMessage=True, **rule)
    made.prompt, made.promptTitle = prompt[:_PROMPT], title[:_PROMPT_TITLE]
    made.error, made.errorTitle = made.prompt, made.promptTitle
    return made


def _rule(trial: Trial, field: Field, lists: Mapping[str, str]) -> dict[str, Any] | None:
    column = field.column
    if column.name in lists:
        return {"type": "list", "formula1": lists[column.name]}
    if column.kind == "day":
        return _between("date", _serial(trial.starts), _serial(trial.ends))
    if column.kind in ("word", "period"):
        return {"type": "textLength", "operator": "lessThanOrEqual", "formula1": str(LONGEST_WORD)}
    if column.unit == "min:s":
        return None
    if column.lowest is None:
        return _between("decimal", f"-{WIDEST}", WIDEST)
    if column.highest is not None:
        return _between("decimal", f"{column.lowest:g}", f"{column.highest:g}")
    sign = "greaterThan" if column.above_lowest else "greaterThanOrEqual"
    return {"type": "decimal", "operator": sign, "formula1": f"{column.lowest:g}"}


def _between(kind: str, low: str, high: str) -> dict[str, Any]:
    return {"type": kind, "operator": "between", "formula1": low, "formula2": high}


def _serial(day: Any) -> str:
    from openpyxl.utils.datetime import to_excel

    return str(int(to_excel(day)))
