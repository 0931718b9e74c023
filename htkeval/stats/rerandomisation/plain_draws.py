"""The commonest lottery: one cell a cluster and nothing but an intercept.

The sums over clusters that a statistic is made of are then polynomials of the arm's share, whose
coefficients come from one matrix product; a draw's clusters are never formed.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from htkeval.stats.rerandomisation.cells import Cells
from htkeval.stats.scaling import Floats


def applies(c: Cells) -> bool:
    """Whether cells are clusters and the only nuisance column is the intercept."""
    return not c.absorbed and c.x.shape[1] == 1 and len(c.starts) == len(c.rows)


def sums(
    c: Cells, arms: NDArray[np.uint8], outcome: Floats, shift: Floats
) -> tuple[Floats, Floats, Floats, Floats, Floats, Floats]:
    """What `rerandomise` needs of each draw.

    With s the share of rows in the arm, q and z a cluster's sums of the outcome and of the shift,
    and n its rows, a draw's products are q (a - s), z (a - s) and its squares n (a - s)^2.

    Args:
        c: Sums by cell.
        arms: (R, U) draws.
        outcome: (U,) q.
        shift: (U,) z.

    Returns:
        (R,) each: sum of the squares; sums of the products with outcome and shift; and, of what
        the coefficient leaves of both, squares of the outcome's, their products, the shift's.
    """
    n, q, z = c.rows, outcome, shift
    columns = np.stack([n, q, z, q * q, q * z, z * z, n * q, n * z, n * n], axis=1)
    a_n, a_q, a_z, a_qq, a_qz, a_zz, a_nq, a_nz, a_nn = (arms.astype(float) @ columns).T
    all_n, all_q, all_z, all_qq, all_qz, all_zz, all_nq, all_nz, all_nn = columns.sum(axis=0)
    s = a_n / max(all_n, 1.0)
    # (a - s)^k = a ((1 - s)^k - (-s)^k) + (-s)^k, as a is nought or one
    # multiplied out, since a power of an array is many times as slow
    ss = s * s
    second, third = 1 - 2 * s, 1 - 3 * s + 3 * ss
    fourth = second * (1 - 2 * s + 2 * ss)
    size = a_n * second + ss * all_n
    top, moved = a_q - s * all_q, a_z - s * all_z
    inverse = np.divide(1.0, size, where=size > 0, out=np.zeros_like(size))
    b, d = top * inverse, moved * inverse
    qq, qz, zz = (
        part * second + ss * whole
        for part, whole in ((a_qq, all_qq), (a_qz, all_qz), (a_zz, all_zz))
    )
    nq, nz = (part * third - ss * s * whole for part, whole in ((a_nq, all_nq), (a_nz, all_nz)))
    nn = a_nn * fourth + ss * ss * all_nn
    return (
        size,
        top,
        moved,
        np.maximum(qq - 2 * b * nq + b * b * nn, 0.0),
        qz - b * nz - d * nq + b * d * nn,
        np.maximum(zz - 2 * d * nz + d * d * nn, 0.0),
    )
