"""Sentences for what cannot be computed, and the words for units and designs in them."""

from __future__ import annotations

from htkeval.small_cells import counted, small
from htkeval.stats.answer import Absence, Reason
from htkeval.stats.scaling import Codes
from htkeval.text import Text, say
from htkeval.trial import ARMS, DesignKind, Trial

DESIGNS: dict[DesignKind, Text] = {
    "parallel": say("two groups of people"),
    "within": say("tasks drawn to an arm for each person"),
    "crossover": say("everyone in both arms, in a drawn order"),
    "cluster": say("whole teams in an arm"),
    "stepped_wedge": say("teams that start one after another"),
    "before_after": say("before and after"),
    "difference_in_differences": say("change compared with others' change"),
    "interrupted_time_series": say("a series over time"),
}
"""A design in the middle of a sentence."""
BY_PERIOD: tuple[DesignKind, ...] = ("crossover", "stepped_wedge", "difference_in_differences")
"""Designs in which periods are regressors."""


FEW = 10
"""Below this many participants or teams, one of them can turn the result."""


def units(trial: Trial) -> Text:
    """What measurements hang together in, in the plural."""
    return say("teams") if trial.cluster_column == trial.design.team else say("participants")


def people(trial: Trial) -> bool:
    """Whether what measurements hang together in are people, of whom few are not counted out."""
    return trial.cluster_column is not None and trial.cluster_column == trial.design.participant


def how_many(trial: Trial, n: int) -> Text | int:
    """A number of units; of people from one to four only that there are under five."""
    return counted(n) if people(trial) and small(n) else n


def the_units(trial: Trial) -> Text:
    """The same, these and no others."""
    team = trial.cluster_column == trial.design.team
    return say("the teams") if team else say("the participants")


def not_as_drawn(trial: Trial) -> Text:
    """That the rows cannot be those of the design's draw."""
    return say(
        "The measurements do not follow the draw of this design ({design}), so it cannot be made "
        "again.",
        design=DESIGNS[trial.design.kind],
    )


def both_arms(trial: Trial, places: tuple[str, ...]) -> Text:
    """That units have work in both arms where the draw had one, and where the first is."""
    if not any(places):
        return say(
            "{n} of {units} have work both with and without the tool where the draw had one of "
            "them, so it cannot be made again. Correct these rows, or record what was used in a "
            "column of its own (realised_arm).",
            n=len(places),
            units=the_units(trial),
        )
    return say(
        "In {place} ({n} such places) there is work both with and without the tool where the draw "
        "had one of them, so it cannot be made again. Correct these rows, or record what was used "
        "in a column of its own (realised_arm).",
        place=places[0],
        n=len(places),
    )


def no_draw() -> Text:
    """That nothing was drawn."""
    return say("Re-randomisation, which the plan asks for, needs a draw; here there was none.")


def not_by_lot() -> Text:
    """That a figure is not one that the draw alone decides."""
    return say("This average cannot be compared with other draws of the same lottery.")


def welch_needs() -> Text:
    """When Welch's test applies."""
    return say(
        "Welch's test, which the plan asks for, needs one task for each participant, "
        "two groups of people and no covariate."
    )


def no_probability(trial: Trial) -> Text:
    """That ranks do not fit a design."""
    return say(
        "In this design ({design}) the chance that one arm is better than the other is not "
        "computed: ranks know no periods.",
        design=DESIGNS[trial.design.kind],
    )


def few_ranked(n: int, least: int, trial: Trial) -> Text:
    """Why ranks of few units are not reported."""
    return say(
        "An arm has no more than {n} {units}; ranks that are not held against the draw need "
        "{least} in each arm.",
        n=n,
        units=units(trial),
        least=least,
    )


def two_periods_only() -> Text:
    """That a crossover's ranks compare two orders of two periods."""
    return say(
        "In a crossover ranks are compared between the two orders of two periods, with one arm in "
        "each period; here there are others."
    )


def ranks_apart() -> Text:
    """That ranks which lie wholly apart, or are all alike, have no error."""
    return say(
        "Ratings with and without the tool lie wholly apart, or are all alike: then ranks do not "
        "show how uncertain the chance is. The difference beside it does."
    )


def mixed_periods() -> Text:
    """That a period stands on both sides of the interruption."""
    return say("A period has tasks both without and with the tool, so the series has no break.")


def nothing_in_arm(trial: Trial, arm: Codes) -> Text | None:
    """That there is nothing to compare, where an arm is empty; None where neither is."""
    empty = [name for code, name in enumerate(ARMS) if not (arm == code).any()]
    if not empty:
        return None
    if len(empty) == len(ARMS):
        return say("There is no usable measurement.")
    return say(
        'There is no usable measurement in the arm "{arm}".',
        arm=getattr(trial.arms, empty[0]).label,
    )


def in_words(absence: Absence, trial: Trial) -> Text:
    """Why a statistic has no answer."""
    return Text(_SENTENCES[absence.reason].template, {"units": units(trial)})


def not_identified(trial: Trial, *, absorbed: bool, covariates: bool) -> Text:
    """Why the arm's effect cannot be told from something else.

    Args:
        trial: The definition.
        absorbed: Whether each unit has a level of its own.
        covariates: Whether some unit was seen in both arms, so that other columns are to blame.
    """
    unit, others = units(trial), bool(trial.covariates)
    if absorbed and not covariates:
        if trial.cluster_column == trial.design.team:
            return say("No team has tasks in both arms, so nothing compares like with like.")
        return say("No participant has tasks in both arms, so nothing compares like with like.")
    if absorbed and trial.design.kind in BY_PERIOD:
        told = say("{units}, periods and covariates", units=unit)
        told = told if others else say("{units} and periods", units=unit)
        return say(
            "The arm cannot be told from the {columns}: together they say exactly who had which "
            "arm when, as where all change at the same time.",
            columns=told,
        )
    if absorbed:
        return say(
            "The arm cannot be told from the {units} and covariates: "
            "they say exactly who had which arm.",
            units=unit,
        )
    return say("The arm cannot be told from the covariates: they say exactly who had which arm.")


def few_df(df: float, trial: Trial) -> Text:
    """Why a computed interval is not reported."""
    return say(
        "Too few {units} carry the comparison (degrees of freedom {df:0.0}, at least 4 are "
        "needed), so the uncertainty would be guesswork.",
        units=units(trial),
        df=df,
    )


def few_periods(before: int, after: int) -> Text:
    """Why a series has no answer at all."""
    return say(
        "Periods before: {before}, after: {after}; a series needs at least three on each side.",
        before=before,
        after=after,
    )


def short_of_periods(n: int, least: int) -> Text:
    """Why a series' computed interval is not reported."""
    return say(
        "The series has {n} periods; below {least} its uncertainty would be guesswork.",
        n=n,
        least=least,
    )


_SENTENCES: dict[Reason, Text] = {
    "no_rows": say("There is no usable measurement."),
    "one_cluster": say(
        "All tasks come from one of the {units}, so nothing shows how much {units} differ."
    ),
    "not_identified": say("The arm's effect cannot be told from something else."),
    "lone_cluster": say(
        "One of the {units} alone carries the comparison, so nothing shows how much {units} differ."
    ),
    "saturated": say("There are as many unknowns as measurements, so nothing is left to compare."),
    "too_few": say("An arm has only one of the {units}, so nothing shows how much {units} differ."),
    "no_spread": say(
        "Within an arm the measurements do not vary, so nothing shows how uncertain the effect "
        "would be."
    ),
    "no_exposure": say(
        "What the figure is divided by is zero in an arm or for one of the {units}."
    ),
    "few_clusters": say(
        "Too few of the {units} carry the comparison, so nothing shows how much {units} differ."
    ),
    "no_events": say(
        'In one arm it did not happen once, so "how many times as often" has no answer.'
    ),
    "too_many": say("There are too many measurements for a test by other draws."),
    "weak_instrument": say("The draw hardly moved who used the tool."),
    "nothing_missing": say("No value is missing."),
    "nothing_to_tip": say('The interval already includes "no difference".'),
    "same_time": say("Two values of the series lie at the same time."),
    "short_follow_up": say("No task was followed until the registered cap."),
    "no_end": say("The draw can fall in too few ways for an interval at this level of confidence."),
    "too_large": say("The values are too large or too small to calculate with."),
    "out_of_reach": say("No size that was tried reaches the wanted power."),
    "nothing_spent": say(
        "The plan does not let the trial stop at this look, so the look has no interval."
    ),
    "no_new_information": say("Nothing has been measured since the look before."),
    "no_looks_left": say("This was the last look, so there is nothing left to foresee."),
    "few_to_follow": say(
        "An interval that holds however often one looks takes at least ten {units} in each arm."
    ),
    "too_early": say(
        "There are still so few {units} beside the plan that an interval which holds however often "
        "one looks would have no end."
    ),
}
