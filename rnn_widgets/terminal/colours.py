"""The colour of an activation: a scale from value to strength, and palettes from strength to colour."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray
from rich.color import Color, ColorType
from rich.style import Style
from rich.terminal_theme import TerminalTheme

from rnn_widgets.activations import SIGNAL_RANGES, Floats

Theme = Literal["dark", "light"]
Depth = Literal["truecolor", "256", "16"]
RGB = tuple[int, int, int]

LEGIBLE = 4.5
"""The least contrast of a token's letters with its background (WCAG 2.2, 1.4.3)."""

_INK: dict[Theme, RGB] = {"dark": (245, 245, 245), "light": (20, 20, 20)}
_PAPER: dict[Theme, RGB] = {"dark": (34, 36, 41), "light": (250, 250, 250)}
_ENDS: dict[Theme, tuple[RGB, RGB]] = {
    "dark": ((40, 90, 235), (212, 44, 44)),
    "light": ((84, 136, 255), (255, 92, 84)),
}
_STEPS_OF_256: dict[Theme, tuple[int, ...]] = {
    "dark": (27, 20, 18, 17, 235, 52, 88, 124, 160),
    "light": (69, 105, 147, 189, 231, 224, 217, 210, 203),
}
_STEPS_OF_16: dict[Theme, tuple[int, ...]] = {"dark": (12, 4, 0, 1, 9), "light": (4, 12, 15, 9, 1)}


@dataclass(frozen=True)
class Scale:
    """The limits between which activations are coloured. `low` is 0 on a one-sided scale, else `-high`."""

    low: float
    high: float

    @property
    def two_sided(self) -> bool:
        return self.low < 0

    def strength(self, activations: ArrayLike) -> NDArray[np.float64]:
        """Activations as parts of the scale's limit, clipped to -1..1 (0..1 on a one-sided scale)."""
        scaled = np.asarray(activations, np.float64) / self.high
        return np.clip(scaled, -1.0 if self.two_sided else 0.0, 1.0)


def scale_of(signal: str, layer: Floats, shown: Floats) -> Scale:
    """The signal's own range where it has one and the layer keeps to it, else from the largest activation shown."""
    bounds = SIGNAL_RANGES.get(signal)
    lowest, highest = float(layer.min()), float(layer.max())
    if bounds is not None and bounds[0] <= lowest and highest <= bounds[1]:
        return Scale(*bounds)
    limit = float(np.abs(shown).max()) or 1.0
    return Scale(-limit if lowest < 0 else 0.0, limit)


@dataclass(frozen=True)
class Palette:
    """The colours of one theme at one colour depth.

    Where a colour is chosen from the terminal's own sixteen, contrast is that of the standard (VGA) ones.
    """

    theme: Theme
    depth: Depth

    def background(self, strength: float) -> Color:
        """The colour of a strength in -1 (blue) .. 0 (paper) .. 1 (red)."""
        if self.depth == "truecolor":
            end = _ENDS[self.theme][bool(strength > 0)]
            part = abs(strength)
            mixed = (round(a + (b - a) * part) for a, b in zip(_PAPER[self.theme], end, strict=True))
            return Color.from_rgb(*mixed)
        steps = (_STEPS_OF_256 if self.depth == "256" else _STEPS_OF_16)[self.theme]
        middle = len(steps) // 2
        return self._numbered(steps[middle + round(strength * middle)])

    def style(self, strength: float, *, underline: bool = False) -> Style:
        """Background of the strength with letters that are legible on it."""
        return _style(self, self.background(strength), underline)

    def ink(self, background: Color) -> Color:
        """The theme's colour of letters, or where that is not legible the better of black and white."""
        if self.depth == "truecolor":
            colours = [Color.from_rgb(*ink) for ink in (_INK[self.theme], (0, 0, 0), (255, 255, 255))]
        else:
            black, white = (16, 231) if self.depth == "256" else (0, 15)
            colours = [
                self._numbered(number) for number in ((white, black) if self.theme == "dark" else (black, white))
            ]
        behind = rgb(background)
        best = max(colours, key=lambda colour: contrast(rgb(colour), behind))
        return next((colour for colour in colours if contrast(rgb(colour), behind) >= LEGIBLE), best)

    def _numbered(self, number: int) -> Color:
        return Color(str(number), ColorType.EIGHT_BIT if self.depth == "256" else ColorType.STANDARD, number)


@lru_cache(maxsize=4096)
def _style(palette: Palette, background: Color, underline: bool) -> Style:
    return Style(color=palette.ink(background), bgcolor=background, underline=underline or None)


def rgb(colour: Color) -> RGB:
    """Red, green and blue, each 0..255, of a colour."""
    red, green, blue = colour.get_truecolor(_STANDARD)
    return red, green, blue


def contrast(one: RGB, other: RGB) -> float:
    """Contrast ratio of two colours, 1..21 (WCAG 2.2)."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: RGB) -> float:
    parts = [part / 255 for part in colour]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


_STANDARD_COLOURS: list[RGB] = [
    *[(0, 0, 0), (170, 0, 0), (0, 170, 0), (170, 85, 0), (0, 0, 170), (170, 0, 170), (0, 170, 170), (170, 170, 170)],
    *[(85, 85, 85), (255, 85, 85), (85, 255, 85), (255, 255, 85)],
    *[(85, 85, 255), (255, 85, 255), (85, 255, 255), (255, 255, 255)],
]


def page_theme(theme: Theme) -> TerminalTheme:
    """What a page or picture of a terminal in this theme has behind its text."""
    background = (22, 23, 27) if theme == "dark" else (255, 255, 255)
    return TerminalTheme(background, _INK[theme], _STANDARD_COLOURS[:8], _STANDARD_COLOURS[8:])


_STANDARD = TerminalTheme((0, 0, 0), (255, 255, 255), _STANDARD_COLOURS[:8], _STANDARD_COLOURS[8:])
