"""What a person reads for each code in a file: the same words everywhere."""

from __future__ import annotations

from htkeval.text import Text, say

VERDICTS: dict[str, Text] = {
    "go": say("Recommended for scaling"),
    "go_with_conditions": say("Recommended with conditions"),
    "prolong": say("Extend the trial"),
    "no_go": say("Not recommended"),
    "stop": say("Stop the trial"),
    "not_permitted": say("Not permitted"),
}
REQUIREMENTS: dict[bool | None, Text] = {
    True: say("Met"),
    False: say("Not met"),
    None: say("Not known yet"),
}
CHECKS: dict[bool | None, Text] = {
    True: say("Fine"),
    False: say("Not fine"),
    None: say("Cannot be told"),
}
SCALES: dict[str, Text] = {
    "ratio": say("ratio"),
    "difference": say("difference"),
    "probability": say("probability"),
}
METHODS: dict[str, Text] = {
    "cr2": say("cluster-robust (CR2)"),
    "welch": say("Welch's t"),
    "rerandomisation": say("re-randomisation"),
}
