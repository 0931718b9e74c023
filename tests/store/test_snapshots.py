"""The same rows give the same bytes."""

from hashlib import sha256

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from htkeval.measurement import Measurement
from htkeval.store import snapshots
from htkeval.store.store import open_store
from tests.store.deliveries import TRIAL, batch, deliver, row

CELLS = (
    st.none() | st.floats(allow_nan=False, allow_infinity=False) | st.sampled_from(["a", "Å", ""])
)
ROWS = st.lists(
    st.builds(
        Measurement,
        arm=st.sampled_from(["baseline", "treatment"]),
        keys=st.fixed_dictionaries(
            {"medarbejder": st.none() | st.sampled_from(["mette", "åse", "Ib"])},
            optional={"opgave": st.sampled_from(["1", "10", "9", None])},
        ),
        values=st.fixed_dictionaries({"minutter": CELLS}, optional={"fejl": CELLS}),
    ),
    max_size=12,
)  # fmt: skip


def frozen(rows):
    return snapshots.to_parquet(snapshots.table(TRIAL, tuple(rows)))


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_the_order_of_the_rows_changes_no_byte(data):
    rows = data.draw(ROWS)
    assert frozen(data.draw(st.permutations(rows))) == frozen(rows)


@settings(max_examples=40, deadline=None)
@given(ROWS)
def test_what_is_read_back_is_the_same_table(rows):
    table = snapshots.table(TRIAL, tuple(rows))
    back = snapshots.from_parquet(snapshots.to_parquet(table))
    assert back.equals(table)
    assert back.schema.equals(table.schema, check_metadata=True)


def test_two_stores_with_the_same_rows_give_the_same_fingerprint(tmp_path):
    """Salts, batches, order and clock differ; the bytes do not."""
    prints = set()
    for name, deliveries in (("one", [batch(1, 2, 3, 4)]), ("two", [batch(4, 2), batch(3, 1)])):
        with open_store(f"sqlite:///{(tmp_path / name).as_posix()}.db") as store:
            for each in deliveries:
                deliver(store, each)
            prints.add(sha256(frozen(store.measurements(TRIAL.id))).hexdigest())
    assert len(prints) == 1


def test_one_changed_value_changes_the_bytes():
    assert frozen([row(1), row(2)]) != frozen([row(1), row(2, minutes=22.000001)])


def test_columns_carry_the_sheets_own_names_in_the_trials_order():
    table = snapshots.table(TRIAL, (row(1),))
    assert table.column_names == ["gruppe", "medarbejder", "opgave", "team", "minutter", "fejl"]
    assert table.schema.types == [pa.string()] * 4 + [pa.float64()] * 2


def test_the_arm_has_its_canonical_name():
    table = snapshots.table(TRIAL, (row(1), row(2)))
    assert table["gruppe"].to_pylist() == ["baseline", "treatment"]


def test_participants_are_numbered_by_sorted_pseudonym():
    rows = (row(0, who="Åse"), row(2, who="mette"), row(4, who="Åse"), row(6, who="bo"))
    table = snapshots.table(TRIAL, rows)
    seen = dict(zip(table["opgave"].to_pylist(), table["medarbejder"].to_pylist(), strict=True))
    assert seen == {"sag 0": "P003", "sag 2": "P002", "sag 4": "P003", "sag 6": "P001"}


def test_no_pseudonym_stands_in_the_bytes():
    content = frozen([row(number, who="mette.hansen") for number in range(50)])
    assert b"mette" not in content


def test_more_than_999_participants_get_wider_labels():
    rows = tuple(row(number, who=f"k{number:04}") for number in range(1000))
    labels = snapshots.table(TRIAL, rows)["medarbejder"].to_pylist()
    assert {len(label) for label in labels} == {5}
    assert {"P0001", "P1000"} <= set(labels)


def test_tasks_and_teams_stay_as_they_are():
    table = snapshots.table(TRIAL, (row(1),))
    assert (table["opgave"][0].as_py(), table["team"][0].as_py()) == ("sag 1", "hold 1")


def test_a_value_column_with_one_word_is_text_with_numbers_written_out():
    rows = [
        row(2).model_copy(update={"values": {"minutter": cell}}) for cell in (1.5, "x", None, -0.0)
    ]
    table = snapshots.table(TRIAL, tuple(rows))
    assert table["minutter"].to_pylist() == ["0.0", "1.5", "x", None]


def test_an_empty_cell_is_null_and_comes_last():
    rows = [row(2).model_copy(update={"values": {"minutter": cell}}) for cell in (None, 3.0, 1.0)]
    assert snapshots.table(TRIAL, tuple(rows))["minutter"].to_pylist() == [1.0, 3.0, None]


def test_no_rows_give_an_empty_table():
    table = snapshots.table(TRIAL, ())
    assert (table.num_rows, table.column_names) == (0, ["gruppe"])


def test_the_file_carries_no_metadata_and_is_compressed_by_zstd():
    described = pq.read_metadata(pa.BufferReader(frozen([row(1), row(2)])))
    assert described.metadata is None
    assert described.row_group(0).column(0).compression == "ZSTD"


@pytest.mark.parametrize("name", [".skjult", "a.b", "$[0]", "\"'"])
def test_a_column_may_be_called_anything(name):
    design = TRIAL.design.model_copy(update={"task": name})
    trial = TRIAL.model_copy(update={"design": design})
    rows = tuple(
        Measurement(arm="baseline", keys={"medarbejder": "m", name: task}, values={"minutter": 1.0})
        for task in ("b", "a")
    )
    assert snapshots.table(trial, rows)[name].to_pylist() == ["a", "b"]
