"""Arithmetic on spans from the least favourable to the most."""

from __future__ import annotations

from htkeval.business_case import Span
from htkeval.economics import Assumption


def plus(one: Span, other: Span) -> Span:
    """Both together, each at its least favourable at once, and at its most."""
    return Span(
        low=one.low + other.low,
        expected=one.expected + other.expected,
        high=one.high + other.high,
    )


def cost(given: Assumption) -> Span:
    """Something that is paid, as a span of gain: its least favourable is its largest."""
    return Span(low=-given.low, expected=-given.expected, high=-given.high)


def less(gain: Span, paid: Assumption) -> Span:
    """A gain with its cost taken off."""
    return Span(
        low=gain.low - paid.low,
        expected=gain.expected - paid.expected,
        high=gain.high - paid.high,
    )


def times(gain: Span, factor: Assumption) -> Span:
    """A gain, or a loss, so many times over.

    The least favourable of a loss is that it comes often: it is then the larger factor that counts,
    though it is the favourable one of a gain.

    Args:
        gain: In any unit; below nought where it is a loss.
        factor: Not below nought.
    """
    return Span(
        low=min(gain.low * factor.low, gain.low * factor.high),
        expected=gain.expected * factor.expected,
        high=max(gain.high * factor.low, gain.high * factor.high),
    )


def taken_home(gain: Span, share: Assumption) -> Span:
    """The share of a gain that can be had; a loss is carried in whole, whatever the share."""
    low, expected, high = (
        value * part if value > 0 else value
        for value, part in (
            (gain.low, min(share.low, share.high)),
            (gain.expected, share.expected),
            (gain.high, max(share.low, share.high)),
        )
    )
    return Span(low=low, expected=expected, high=high)


def scaled(gain: Span, by: float) -> Span:
    """The same in another unit; `by` is above nought."""
    return Span(low=gain.low * by, expected=gain.expected * by, high=gain.high * by)
