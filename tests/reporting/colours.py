"""How colours look to those who see fewer of them, and in grey print.

Source: Machado, Oliveira, Fernandes (2009), severity 1.0; contrast as in WCAG 2.1.
"""

from __future__ import annotations

from collections.abc import Callable

Linear = tuple[float, float, float]
MACHADO: dict[str, tuple[Linear, Linear, Linear]] = {
    "protanopia": (
        (0.152286, 1.052583, -0.204868),
        (0.114503, 0.786281, 0.099216),
        (-0.003882, -0.048116, 1.051998),
    ),
    "deuteranopia": (
        (0.367322, 0.860646, -0.227968),
        (0.280085, 0.672501, 0.047413),
        (-0.011820, 0.042940, 0.968881),
    ),
    "tritanopia": (
        (1.255528, -0.076749, -0.178779),
        (-0.078411, 0.930809, 0.147602),
        (0.004733, 0.691367, 0.303900),
    ),
}


def linear(colour: str) -> Linear:
    """Light of a hex colour."""
    parts = (int(colour[k : k + 2], 16) / 255 for k in (1, 3, 5))
    r, g, b = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return r, g, b


def luminance(light: Linear) -> float:
    """How light it is."""
    return 0.2126 * light[0] + 0.7152 * light[1] + 0.0722 * light[2]


def contrast(one: Linear, other: Linear) -> float:
    """Between 1 and 21."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def blind(kind: str) -> Callable[[str], Linear]:
    """How somebody sees a colour."""
    rows = MACHADO[kind]

    def seen(colour: str) -> Linear:
        light = linear(colour)
        r, g, b = (
            min(1.0, max(0.0, sum(a * c for a, c in zip(row, light, strict=True)))) for row in rows
        )
        return r, g, b

    return seen


def grey(colour: str) -> Linear:
    """In grey print."""
    light = luminance(linear(colour))
    return light, light, light


SEEN: dict[str, Callable[[str], Linear]] = {"grey": grey, **{k: blind(k) for k in MACHADO}}
