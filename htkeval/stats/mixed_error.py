"""Standard errors and degrees of freedom of a mixed model's coefficients."""

from __future__ import annotations

import math

import numpy as np

from htkeval.stats.answer import Absence, Estimate, estimate
from htkeval.stats.mixed import Mixed
from htkeval.stats.scaling import Floats

FLAT = 1e-10
"""Smallest eigenvalue of the information, as a correlation, below which it has a flat direction."""


def satterthwaite(fit: Mixed, column: str) -> Estimate | Absence:
    obstacle = _obstacle(fit, column)
    if obstacle:
        return obstacle
    s, j = fit.slopes, fit.names.index(column)
    gradient = s.traces - s.squares
    bend = 2 * s.forms - s.products + np.diag(gradient)
    there = np.array([r > 0 for r in fit.ratios.values()], dtype=bool)
    inverse = _inverse(fit.free, s.squares[there], bend[np.ix_(there, there)])
    if inverse is None:
        return Absence("few_clusters")
    slope = np.array([1.0, *s.errors[there, j]])
    return estimate(fit.beta[j], fit.errors[j], 1 / (slope @ inverse @ slope))


def kenward_roger(fit: Mixed, column: str) -> Estimate | Absence:
    obstacle = _obstacle(fit, column)
    if obstacle:
        return obstacle
    s, j = fit.slopes, fit.names.index(column)
    seen = np.array([name not in fit.unseen for name in fit.ratios], dtype=bool)
    inverse = _inverse(fit.free, s.traces[seen], s.products[np.ix_(seen, seen)])
    if inverse is None:
        return Absence("few_clusters")
    slope = np.array([1.0, *s.errors[seen, j]])
    more = 4 * float((inverse[1:, 1:] * s.bends[np.ix_(seen, seen)][:, :, j]).sum())
    return estimate(fit.beta[j], fit.errors[j] * math.sqrt(1 + more), 1 / (slope @ inverse @ slope))


def _inverse(free: int, side: Floats, rest: Floats) -> Floats | None:
    whole = np.block([[np.array([[float(free)]]), side[None]], [side[:, None], rest]])
    size = np.diag(whole)
    if size.min() <= 0:
        return None
    size = np.sqrt(size)
    values, vectors = np.linalg.eigh(whole / size / size[:, None])
    if values.min() < FLAT:
        return None
    half = vectors / np.sqrt(values) / size[:, None]
    return half @ half.T


def _obstacle(fit: Mixed, column: str) -> Absence | None:
    if column in fit.dropped:
        return Absence("not_identified")
    return Absence("few_clusters") if column in fit.resting else None
