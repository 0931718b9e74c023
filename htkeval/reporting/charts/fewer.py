"""The same drawing in fewer layers, which is what a browser's time goes to.

A chart is written row by row: a line, a dot and words for each. Vega-Lite works every layer out
anew, so layers that differ in figures, words and colours alone become one with a row of data each.
"""

from __future__ import annotations

import json
from typing import Any

MERGED = {"rule", "text", "point", "rect", "tick"}
"""Marks that stand for one row each; the rows of a line or an area belong together."""
PLACES = ("x", "x2", "y", "y2")
UNSAID: dict[str, dict[str, Any]] = {
    "text": {
        "align": "center",
        "baseline": "middle",
        "dx": 0,
        "dy": 0,
        "fontWeight": "normal",
        "stroke": None,
        "strokeJoin": "round",
        "strokeWidth": 0,
    },
}
"""What Vega-Lite does where a mark says nothing; a word has a halo or none."""
Layer = dict[str, Any]


def fewer(spec: dict[str, Any]) -> dict[str, Any]:
    """A layered chart in as few layers as draw the same.

    Layers of one kind are drawn where the first of them stood: lines, then dots, then words, in
    whatever order their rows came.
    """
    groups: dict[str, list[Layer]] = {}
    for number, layer in enumerate(map(_in_full, spec["layer"])):
        groups.setdefault(_kind(layer) or str(number), []).append(layer)
    return {**spec, "layer": [_one(layers) for layers in groups.values()]}


def _in_full(layer: Layer) -> Layer:
    """A layer that says everything, with its place in a field that is called as the axis."""
    mark = layer["mark"]
    if not isinstance(mark, dict) or mark["type"] not in UNSAID or "values" not in layer["data"]:
        return layer
    field = layer["encoding"].get("x", {}).get("field")
    if field is None or field == "x":
        return {**layer, "mark": {**UNSAID[mark["type"]], **mark}}
    rows = [{**row, "x": row[field]} for row in layer["data"]["values"]]
    x = {**layer["encoding"]["x"], "field": "x"}
    return {
        **layer,
        "data": {"values": rows},
        "mark": {**UNSAID[mark["type"]], **mark},
        "encoding": {**layer["encoding"], "x": x},
    }


def _kind(layer: Layer) -> str | None:
    """What layers have in common that can be one; None: this can be one with no other."""
    if set(layer) != {"data", "mark", "encoding"} or layer["mark"]["type"] not in MERGED:
        return None
    if "values" not in layer["data"]:
        return None
    mark = {name: "" if _plain(value) else value for name, value in layer["mark"].items()}
    mark["type"] = layer["mark"]["type"]
    encoding = {name: "" if _fixed(it) else it for name, it in layer["encoding"].items()}
    return json.dumps([mark, encoding], sort_keys=True)


def _plain(value: object) -> bool:
    """Whether a mark's property can as well be told by its row."""
    return value is None or (isinstance(value, str | int | float) and not isinstance(value, bool))


def _fixed(encoded: dict[str, Any]) -> bool:
    """Whether a place is so many pixels."""
    return set(encoded) == {"value"} and _plain(encoded["value"])


def _one(layers: list[Layer]) -> Layer:
    first = layers[0]
    if len(layers) == 1:
        return first
    mark, encoding = dict(first["mark"]), dict(first["encoding"])
    told: list[Layer] = [{} for _ in layers]
    for name, value in first["mark"].items():
        values = [layer["mark"][name] for layer in layers]
        if _plain(value) and values != [value] * len(layers):
            mark[name] = {"expr": f"datum.of_{name}"}
            _tell(told, f"of_{name}", values)
    for name in PLACES:
        if name in encoding and _fixed(encoding[name]):
            values = [layer["encoding"][name]["value"] for layer in layers]
            if len(set(values)) > 1:
                encoding[name] = {"field": f"at_{name}"}
                if name in ("x", "y"):
                    encoding[name] |= {"type": "quantitative", "scale": None, "axis": None}
                _tell(told, f"at_{name}", values)
    rows = [
        {**row, **of}
        for layer, of in zip(layers, told, strict=True)
        for row in layer["data"]["values"]
    ]
    return {"data": {"values": rows}, "mark": mark, "encoding": encoding}


def _tell(told: list[Layer], name: str, values: list[Any]) -> None:
    for row, value in zip(told, values, strict=True):
        row[name] = value
