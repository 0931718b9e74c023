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
BY_ROW = {
    "align", "angle", "baseline", "color", "dx", "dy", "fill", "fontSize", "fontWeight", "limit",
    "opacity", "stroke", "strokeJoin", "strokeWidth", "text", "tooltip",
}  # fmt: skip
"""What a row can say of its mark; the rest, such as which way a tick stands, is said once."""
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
    whatever order their rows came. None passes a curve or an area, which may lie anywhere: what was
    written over it stays over it.
    """
    groups: list[list[Layer]] = []
    open_to: dict[str, list[Layer]] = {}
    for layer in map(_in_full, spec["layer"]):
        kind = _kind(layer)
        if kind is None:
            open_to.clear()
        if kind is None or kind not in open_to:
            groups.append([])
            open_to |= {kind: groups[-1]} if kind is not None else {}
        (groups[-1] if kind is None else open_to[kind]).append(layer)
    return {**spec, "layer": [_one(layers) for layers in groups]}


def _in_full(layer: Layer) -> Layer:
    """A layer that says everything, with its place in a field that is called as the axis."""
    if not _single(layer) or layer["mark"]["type"] not in UNSAID:
        return layer
    mark, encoded = layer["mark"], json.dumps(layer["encoding"])
    field = layer["encoding"].get("x", {}).get("field")
    taken = '"x"' in encoded.replace('"x": {', "") or "datum" in encoded + json.dumps(mark)
    if field is None or field == "x" or taken:
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
    if not _single(layer) or layer["mark"]["type"] not in MERGED:
        return None
    mark = {
        name: "" if name in BY_ROW and _plain(value) else value
        for name, value in layer["mark"].items()
    }
    encoding = {name: "" if _fixed(it) else it for name, it in layer["encoding"].items()}
    return json.dumps([mark, encoding], sort_keys=True)


def _single(layer: Layer) -> bool:
    """Whether it is rows, their mark and their places, and no row has a name that is given here."""
    if set(layer) != {"data", "mark", "encoding"} or not isinstance(layer["mark"], dict):
        return False
    names = {name for row in layer["data"].get("values", ()) for name in row}
    return "values" in layer["data"] and not any(one.startswith(("of_", "at_")) for one in names)


def _plain(value: object) -> bool:
    """Whether a mark's property can as well be told by its row."""
    return value is None or (isinstance(value, str | int | float) and not isinstance(value, bool))


def _fixed(encoded: dict[str, Any]) -> bool:
    """Whether a place is so many pixels; `width` is a place of its own."""
    pixels = set(encoded) == {"value"} and encoded["value"]
    return isinstance(pixels, int | float) and not isinstance(pixels, bool)


def _one(layers: list[Layer]) -> Layer:
    first = layers[0]
    if len(layers) == 1:
        return first
    mark, encoding = dict(first["mark"]), dict(first["encoding"])
    told: list[Layer] = [{} for _ in layers]
    for name, value in first["mark"].items():
        values = [layer["mark"][name] for layer in layers]
        if name in BY_ROW and values != [value] * len(layers):
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
