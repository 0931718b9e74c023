"""A drawn list as the allocation table that REDCap's randomisation module takes."""

from __future__ import annotations

import re
from collections.abc import Iterator

from htkeval.allocation_list import AllocationList
from htkeval.csv_text import csv_text
from htkeval.errors import Problem, StateError
from htkeval.steps.drawn import drawn_word
from htkeval.text import Text, say
from htkeval.trial import Trial

NUMBER, GROUP = "redcap_randomization_number", "redcap_randomization_group"
_VARIABLE = re.compile(r"[a-z][a-z0-9_]*")


def allocation_table(trial: Trial, listed: AllocationList) -> str:
    """The lots in the order of entry, a row each, under REDCap's own column names.

    A table of REDCap names nobody: whoever is randomised there next gets the next row of his
    stratum. So the units must be randomised in the order of the list, which `redcap_randomization_
    number` (its place, from 1) tells; and whoever hands out the tool must not see the table.

    Args:
        trial: Names the columns of strata, which are REDCap's variables of the same names.
        listed: All that was drawn. A group is what the sheet calls it (the arm's own word, AB or
            BA, a start's period), a stratum its value: both must be the raw codes of the choices.

    Returns:
        UTF-8 text with commas and without a byte order mark, which would be a part of the first
        name.

    Raises:
        StateError: Tasks within people were drawn; a column of strata is no name of a variable.

    Source: REDCap's file of an open randomisation, from version 14.7: `redcap_randomization_group`
    with raw codes, `redcap_randomization_number` if one likes, then each stratum's variable; rows
    are given out in their order within a stratum. Before 14.7 the first two were one column called
    as the target field (redcapAPI, `allocationTable`: target field, then strata); newer versions
    still take that name for `redcap_randomization_group`.

    What is left out: data access groups, whose numbers REDCap alone knows; blinded randomisation.
    """
    problems = [
        Problem(say("trial {name}", name=trial.id), *said) for said in _misfits(trial, listed)
    ]
    if problems:
        raise StateError(problems)
    words = [drawn_word(trial, pattern) for pattern in listed.patterns]
    inside = list(zip(*listed.strata.values(), strict=True)) or [()] * len(listed)
    drawn = enumerate(zip(listed.drawn, inside, strict=True), start=1)
    cells = ([place, words[one], *its] for place, (one, its) in drawn)
    return csv_text([NUMBER, GROUP, *listed.strata], cells)


def _misfits(trial: Trial, listed: AllocationList) -> Iterator[tuple[Text, Text, Text]]:
    if trial.design.kind == "within":
        yield (
            say("tasks drawn within people"),
            say("people or teams: REDCap's table cannot say whose the next task is"),
            say("Use `htkeval allocate {name} -o FILE.csv`.", name=trial.id),
        )
    for name in listed.strata:
        if not _VARIABLE.fullmatch(name):
            yield (
                say("the column {column}", column=name),
                say("a name that REDCap can give a variable: a-z, 0-9 and _, a letter first"),
                say("Use `htkeval allocate {name} -o FILE.csv`.", name=trial.id),
            )
