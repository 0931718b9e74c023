"""Whether another answer would be read otherwise than the reported one."""

from __future__ import annotations

from htkeval.effect import Effect, Interval


def flips(effect: Effect, estimate: float, interval: Interval, worthwhile: float | None) -> bool:
    """Whether another answer differs from the reported one in what it is read for.

    That is its sign, whether its interval excludes no effect, and whether even its favourable end
    falls short of the worthwhile change (both in terms of the reported baseline). Where neither
    shows an effect, a sign is read for nothing.
    """
    null, low, high = effect.null, *interval
    includes = low <= null <= high
    sign = (estimate > null) != (effect.estimate > null) and not includes
    excludes = includes != _includes_null(effect)
    short = _falls_short(effect, interval, worthwhile) != _falls_short(
        effect, effect.ci, worthwhile
    )
    return sign or excludes or short


def flips_test(effect: Effect, above: bool, p_value: float) -> bool:
    """The same for an answer on a scale of its own: its direction, and what its test says.

    Args:
        effect: The reported effect.
        above: Whether the other answer lies above its own value of no effect.
        p_value: Its p-value.
    """
    includes = p_value >= 1 - effect.level
    sign = above != (effect.estimate > effect.null) and not includes
    return sign or includes != _includes_null(effect)


def _includes_null(effect: Effect) -> bool:
    return effect.ci[0] <= effect.null <= effect.ci[1]


def _falls_short(effect: Effect, interval: Interval, worthwhile: float | None) -> bool | None:
    """Whether the whole interval misses the goal; None without a goal or a baseline mean."""
    best = effect.relative_of(interval[0] if effect.better == "lower" else interval[1])
    if worthwhile is None or best is None:
        return None
    return best > worthwhile if worthwhile < 0 else best < worthwhile
