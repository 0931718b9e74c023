"""What lead and analyst read: rows, questions, sheets, figures, traces; and what is on paper."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from dashboards.keeping import Here, kept, or_none
from htkeval.effect import Check
from htkeval.in_groups import InGroups
from htkeval.kept_row import KeptRow, RowHistory
from htkeval.local_day import local_day
from htkeval.paper import KeptPaper
from htkeval.paper_file import PaperFormat
from htkeval.planning.assumed import Assumed
from htkeval.progress import Progress
from htkeval.query import Query
from htkeval.text import Language, Text
from htkeval.trace import Trace
from htkeval.trial import Trial
from htkeval.workspace import Workspace

WIDE = 854
"""Pixels of a chart that is taken away: what a page's column is wide."""


@kept(most=100)
def known(here: Here, trial: str) -> Assumed | None:
    """What a trial's measurements without the tool say of the work; None where there are none."""
    from htkeval.steps import plan

    with here.case(trial) as case:
        return plan.known(case)


@kept(most=100, of_people=True)
def row_history(here: Here, trial: str) -> RowHistory:
    """What was done to a trial's rows; which values may be seen depends on the day."""
    from htkeval.steps.history import row_history

    with here.case(trial) as case:
        return row_history(case, now=datetime.now(UTC))


@kept(most=100, of_people=True)
def rows_to_mend(here: Here, trial: str) -> tuple[tuple[KeptRow, ...], frozenset[str]]:
    """The rows of a trial that count, and the columns that a lot decided."""
    from htkeval.steps.correct import Which, drawn, kept_rows

    with here.case(trial) as case:
        counting = (line.row for line in kept_rows(case, Which()) if line.row.counts)
        return tuple(counting), drawn(case)


@or_none
@kept(most=100)
def in_groups(here: Here, trial: str) -> InGroups | Text:
    """What the frozen rows of the newest analysis show in groups; a sentence where nothing may be
    shown, None where they cannot be read."""
    from htkeval.steps.in_groups import in_groups

    with here.case(trial) as case:
        return in_groups(case)


@kept(most=100)
def trace(here: Here, trial: str) -> Trace:
    """What is kept of a trial, with its fingerprints."""
    from htkeval.steps.trace import trace

    with here.case(trial) as case:
        return trace(case)


def proof(place: Workspace) -> tuple[Check, ...]:
    """Every fingerprint worked out again, now: what is asked for is never read from a cache."""
    from htkeval.steps.prove import prove

    return prove(place, runs=False)


@kept(most=20)
def figures_file(here: Here, trial: str, form: str, language: Language) -> bytes:
    """The figures or the pictures of a trial's newest analysis as one file."""
    from htkeval.reporting import analyst, bundle
    from htkeval.reporting.charts import files
    from htkeval.steps.in_groups import in_groups
    from htkeval.steps.take_away import shown, take_away

    with here.case(trial) as case:
        if form in ("csv", "parquet"):
            return bundle.zipped(take_away(case, form))
        analysis, found = shown(case), in_groups(case)
        pictures = analyst.pictures(
            case.trial, analysis, None if isinstance(found, Text) else found
        )
    drawn: dict[str, bytes] = {}
    for name, picture in pictures.items():
        if form == "svg":
            drawn[f"{name}.svg"] = files.svg(
                picture, language, simulated=analysis.simulated, width=WIDE
            ).encode()
        else:
            drawn[f"{name}.png"] = files.png(
                picture, language, simulated=analysis.simulated, width=WIDE
            )
    return bundle.zipped(drawn)


@or_none
@kept(most=100)
def progress(here: Here, trial: str) -> Progress:
    """How far a trial is today; None where it cannot be told."""
    from htkeval.steps.progress import progress

    with here.case(trial) as case:
        return progress(case, now=datetime.now(UTC))


@kept(most=100, of_people=True)
def queries(here: Here, trial: str) -> tuple[Query, ...]:
    """What looks odd in a trial's rows, and how far each question is."""
    from htkeval.steps.queries import queries

    with here.case(trial) as case:
        return queries(case)


@kept(most=100, of_people=True)
def empty_sheet(here: Here, trial: str, ending: str, language: Language) -> bytes:
    """The sheet that an office fills in, with what was drawn."""
    from htkeval.steps.template import template

    with here.case(trial) as case:
        return template(case, ending=ending, language=language)


def simulated(place: Workspace, trial: str) -> bool:
    """Whether a trial's measurements are invented."""
    from htkeval.steps.case import read_case

    with read_case(place, trial) as case:
        return case.store.is_simulated(case.file.id)


def promised(place: Workspace, trial: str) -> bool:
    """Whether a trial's definition was promised, so that it is changed by a deviation only."""
    from htkeval.steps.case import read_case

    with read_case(place, trial) as case:
        return case.registration is not None


def remarks(place: Workspace, trial: Trial, file: Path) -> tuple[Text, ...]:
    """What `htkeval check` says of a definition that stands in a file, or would."""
    from htkeval.reporting.remarks import doubts
    from htkeval.steps.check import claimed_twice, remarks_on
    from htkeval.steps.foretell import wanted

    today = local_day(datetime.now(UTC))
    return (
        *remarks_on(trial, wanted=wanted(place)),
        *doubts(trial, file=file, today=today),
        *claimed_twice(trial, place),
    )


def papers(place: Workspace) -> tuple[KeptPaper, ...]:
    """The papers that are kept, oldest first."""
    from htkeval.steps.case import read_workspace_store
    from htkeval.steps.papers import kept

    with read_workspace_store(place) as store:
        return kept(store)


def kept_paper(place: Workspace, one: KeptPaper) -> bytes:
    """The bytes of a paper that is kept; the store says that it is, to whoever may open it."""
    from htkeval.steps.case import read_workspace_store
    from htkeval.steps.papers import the_one
    from htkeval.store import blobs

    with read_workspace_store(place) as store:
        return blobs.read(place.blobs, the_one(store, one.id).sha256)


@kept(most=30)
def paper(
    here: Here, trial: str | None, form: PaperFormat, language: Language, *, public: bool
) -> bytes:
    """The paper of a trial, or of all, as it would be written today."""
    from htkeval.reporting.paper.files import file
    from htkeval.reporting.paper.make import make
    from htkeval.steps.papers import behind

    read = behind(here.place, day=here.today, trial=trial)
    return file(make(read, trial=trial, public=public), form, language)
