"""Lists as Arrow arrays, laid out by hand: `pa.array` loads pandas to ask what a list is."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from itertools import accumulate
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pyarrow as pa


def texts(words: Sequence[str | None]) -> pa.Array:
    """A string array; None is null."""
    import pyarrow as pa

    encoded = [b"" if word is None else word.encode() for word in words]
    ends = array("i", accumulate(map(len, encoded), initial=0))
    return pa.StringArray.from_buffers(
        len(words), pa.py_buffer(ends.tobytes()), pa.py_buffer(b"".join(encoded)), *_known(words)
    )


def numbers(cells: Sequence[float | None]) -> pa.Array:
    """A float64 array; None is null."""
    import pyarrow as pa

    plain = array("d", [0.0 if cell is None else cell for cell in cells])
    bitmap, nulls = _known(cells)
    return pa.Array.from_buffers(
        pa.float64(), len(cells), [bitmap, pa.py_buffer(plain.tobytes())], nulls
    )


def _known(cells: Sequence[object]) -> tuple[Any, int]:
    """One bit a cell, set where it is not null, lowest bit first; None where none is null."""
    import pyarrow as pa

    nulls = sum(cell is None for cell in cells)
    if not nulls:
        return None, 0
    bits = bytearray(-(-len(cells) // 8))
    for place, cell in enumerate(cells):
        if cell is not None:
            bits[place >> 3] |= 1 << (place & 7)
    return pa.py_buffer(bytes(bits)), nulls
