"""What a person reads for each code in a file: the glossary's words, and short ones for a line."""

from __future__ import annotations

from htkeval.reporting import words
from htkeval.text import Text, say

VERDICTS: dict[str, Text] = {name: mark.word for name, mark in words.VERDICTS.items()}
REQUIREMENTS: dict[bool | None, Text] = {met: mark.word for met, mark in words.MET.items()}
CHECKS: dict[bool | None, Text] = {passed: mark.word for passed, mark in words.PASSED.items()}
SCALES: dict[str, Text] = {
    "ratio": say("ratio"),
    "difference": say("difference"),
    "probability": say("probability"),
    "odds_ratio": say("odds ratio"),
}
AVERAGED = say("by length of use")
"""Beside a scale: the average in which every length of use counts the same."""
METHODS: dict[str, Text] = {
    "rerandomisation": say("re-randomisation"),
    "cr2": say("cluster-robust (CR2)"),
    "welch": say("Welch's t"),
    "reml": say("time series (AR(1))"),
    "kenward_roger": say("Kenward-Roger"),
    "score": say("score interval"),
    "brunner_munzel": say("Brunner-Munzel"),
    "jackknife": say("jackknife"),
    "always_valid": say("holds however often one looks"),
}
"""Of a reported figure; by REML only a series over time is reported."""
