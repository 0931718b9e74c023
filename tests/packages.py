"""Packages of invented trials elsewhere, made from a few words."""

from __future__ import annotations

import json
import math
from hashlib import sha256
from pathlib import Path
from statistics import NormalDist
from typing import Any

from htkeval.evidence_package import EvidencePackage, file_bytes, seal, sealed

QUESTION = "tale-til-tekst-referat"
MINUTES = {
    "id": "task_time", "label": "Minutter pr. referat", "kind": "duration", "unit": "min",
    "better": "lower", "role": "primary", "source": "timed", "worthwhile": -0.15, "margin": None,
    "blind": False,
}  # fmt: skip
ARM = {"tasks": 60, "clusters": 12, "mean": 30.0, "sd": 12.0, "adjusted_mean": 30.0}


def digest(word: Any) -> str:
    """A fingerprint that belongs to a word."""
    return sha256(str(word).encode()).hexdigest()


def figure(log: float = -0.2, error: float = 0.05, *, level: float = 0.95, **more: Any) -> dict:
    """The confirmatory effect of a trial, from a ratio's logarithm and its standard error."""
    half = NormalDist().inv_cdf(0.5 + level / 2) * error
    return {
        "metric": "task_time", "role": "primary", "confirmatory": True, "scale": "ratio",
        "weights": "task", "unit": "min", "better": "lower", "estimate": math.exp(log),
        "ci": (math.exp(log - half), math.exp(log + half)), "p_value": 0.03, "level": level,
        "method": "cr2", "baseline": ARM, "treatment": ARM, "inference": (), **more,
    }  # fmt: skip


def contents(word: Any = "a", log: float = -0.2, error: float = 0.05, **more: Any) -> dict:
    """All keys of a package but its fingerprint; `word` says which trial it is."""
    return {
        "origin": digest(word),
        "question_id": QUESTION,
        "municipality": None,
        "measures": (MINUTES,),
        "comparison": {"kind": "within", "randomised": True, "clusters": 12, "tasks_each": 10.0},
        "population": {
            "area": "Social", "technology": "speech_to_text", "task": None, "size": None,
        },
        "starts": "2026-01-12",
        "ends": "2026-04-10",
        "analysed": "2026-04-11",
        "evidence_level": "E4",
        "registered_in_time": True,
        "deviations": 0,
        "rows": 120,
        "effects": (figure(log, error),),
        "gaps": (),
        "failed": (),
        "unknown": ("slope",),
        "verdict": "go",
        "stale": False,
        "simulated": False,
        "versions": {
            "software": "htkeval 0.1.0", "registration": digest("plan"), "promise": digest("plan"),
            "analysis": digest(f"analysis {word}"), "policy": digest("policy"),
        },
        **more,
    }  # fmt: skip


def package(
    word: Any = "a", log: float = -0.2, error: float = 0.05, **more: Any
) -> EvidencePackage:
    """The package of a trial elsewhere."""
    return sealed(**contents(word, log, error, **more))


def not_drawn(kind: str = "before_after") -> dict[str, Any]:
    """What is said otherwise where nobody drew."""
    level = "E3"
    plan = {"kind": kind, "randomised": False, "clusters": None, "tasks_each": None}
    return {"comparison": plan, "evidence_level": level}


def write(file: Path, one: EvidencePackage) -> Path:
    """The file of a package."""
    file.write_bytes(file_bytes(one))
    return file


def document(word: Any = "a", **more: Any) -> dict[str, Any]:
    """A package as JSON values."""
    found: dict[str, Any] = json.loads(file_bytes(package(word, **more)))
    return found


def resealed(content: dict[str, Any]) -> bytes:
    """The file of a package that somebody changed, with the fingerprint that fits."""
    changed = {**content, "sha256": seal(content)}
    return json.dumps(changed, ensure_ascii=False, allow_nan=False).encode()
