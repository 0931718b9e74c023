"""A sheet that grows is delivered again and again, and each row counts once."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st

from htkeval.measurement import CLIENT_ID, Batch, Measurement
from htkeval.steps.add import add
from htkeval.steps.case import Case
from htkeval.store.store import open_store
from tests.intake.trials import build_trial
from tests.steps.conftest import WHEN, WHO

CELLS = st.tuples(
    st.sampled_from(["P1", "P2"]),
    st.sampled_from(["1", "2", "3", None]),
    st.sampled_from(["baseline", "treatment"]),
    st.sampled_from([9.0, 12.5]),
)


def row(who: str, task: str | None, arm: str, minutes: float) -> Measurement:
    return Measurement.model_validate(
        {
            "arm": arm,
            "keys": {"participant": who, "task": task},
            "values": {"task_time": minutes},
        }
    )


def come_in(case: Case, *rows: Measurement):
    batch = Batch(trial=case.file.id, name="ark.csv", measurements=tuple(rows))
    return add(case, batch, actor=WHO, now=WHEN, simulated=False)


def counted(case: Case) -> Counter[str]:
    return Counter(one.model_dump_json() for one in case.store.measurements(case.file.id))


@settings(max_examples=40, deadline=None)
@given(st.lists(CELLS, min_size=1, max_size=8, unique=True), st.data())
def test_however_a_sheet_grew_its_rows_are_those_of_the_whole(cells, data):
    """Unlike rows, delivered as a growing sheet: as if it had been delivered once, at its end."""
    cuts = sorted({len(cells), *data.draw(st.lists(st.integers(1, len(cells)), max_size=3))})
    told = [row(*one) for one in cells if one[1] is not None]
    cuts = sorted({min(cut, len(told)) for cut in cuts} - {0})
    with TemporaryDirectory() as folder:
        trial = build_trial(design={"task": "task"})
        with open_store(f"sqlite:///{(Path(folder) / 'store.db').as_posix()}") as store:
            case = Case(store=store, blobs=Path(folder) / "blobs", file=trial)
            for cut in cuts:
                come_in(case, *told[:cut])
                come_in(case, *reversed(told[:cut]))
            assert counted(case) == Counter(one.model_dump_json() for one in told)


def test_what_no_task_tells_apart_is_never_left_out(open_case):
    case = open_case(task="task")
    alike = row("P1", None, "baseline", 9.0)
    come_in(case, alike, alike)
    found = come_in(case, alike, alike, row("P1", "1", "baseline", 9.0))
    assert (found.rows, found.here, found.duplicate) == (3, 0, False)
    assert sum(case.store.counts(case.file.id).values()) == 5


def test_a_row_that_stands_twice_in_a_sheet_comes_in_twice_and_not_a_third_time(open_case):
    case = open_case(task="task")
    one = row("P1", "1", "baseline", 9.0)
    come_in(case, one, one)
    found = come_in(case, one, one, row("P2", "1", "baseline", 9.0))
    assert (found.rows, found.here) == (3, 2)
    again = come_in(case, one)
    assert (again.here, again.duplicate) == (1, True)
    assert sum(case.store.counts(case.file.id).values()) == 3


def test_another_value_for_a_task_is_stored_and_told(open_case):
    case = open_case(task="task")
    come_in(case, row("P1", "1", "baseline", 9.0), row("P1", "2", "baseline", 9.0))
    found = come_in(case, row("P1", "1", "baseline", 12.5), row("P1", "3", "baseline", 12.5))
    assert (found.here, found.otherwise) == (0, 1)


def test_where_no_task_is_named_ids_tell_rows_of_a_growing_sheet_apart(tmp_path):
    """Two alike rows are two tasks, and each of them is known again when the sheet has grown."""
    with open_store(f"sqlite:///{(tmp_path / 'store.db').as_posix()}") as store:
        case = Case(store=store, blobs=tmp_path / "blobs", file=build_trial())
        alike = [
            Measurement.model_validate(
                {
                    "arm": "baseline",
                    "keys": {"participant": "P1", CLIENT_ID: f"row-{n:04}"},
                    "values": {"task_time": 9.0},
                }
            )
            for n in range(4)
        ]
        come_in(case, *alike[:2])
        assert come_in(case, *alike).here == 2
        assert come_in(case, *alike[1:3]).duplicate
        other = alike[0].model_copy(update={"values": {"task_time": 12.0}})
        assert come_in(case, other).otherwise == 1
        assert len(store.measurements(case.file.id)) == 5
