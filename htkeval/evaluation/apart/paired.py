"""What the same people did with the tool and without, several people at a time."""

from __future__ import annotations

import numpy as np

from htkeval.evaluation.apart.whose import behind, people, three_digits, values
from htkeval.evaluation.basis import Basis
from htkeval.in_groups import PairedGroup
from htkeval.small_cells import FEWEST
from htkeval.text import Text, say

MOST = 6
"""Groups at most: more lines cannot be told apart."""


def paired(basis: Basis) -> tuple[PairedGroup, ...] | Text:
    """Is the effect the same for the quick and the slow?

    People are put in order by the mean of their two means and not by what they did without the
    tool: those who were slow by chance would all seem to gain (Bland & Altman 1995, Lancet 346).
    """
    if basis.trial.primary.exposure is not None:
        return say("What is counted as a share has no distribution over tasks.")
    used = behind(basis)
    if isinstance(used, Text):
        return used
    who, at = np.unique(people(basis)[used], return_inverse=True)
    sums, counts = np.zeros((len(who), 2)), np.zeros((len(who), 2))
    np.add.at(counts, (at, basis.rows.arm[used]), 1.0)
    np.add.at(sums, (at, basis.rows.arm[used]), values(basis)[used])
    both = (counts > 0).all(axis=1)
    groups = min(MOST, int(np.count_nonzero(both)) // FEWEST)
    if groups < 2:
        return say("Fewer than ten people worked both with the tool and without.")
    means = sums[both] / counts[both]
    parts = np.array_split(np.argsort(means.mean(axis=1), kind="stable"), groups)
    pairs = [means[part].mean(axis=0).tolist() for part in parts]
    return tuple(PairedGroup(three_digits(low), three_digits(high)) for low, high in pairs)
