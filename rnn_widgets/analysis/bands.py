"""Bands of frequencies."""

from __future__ import annotations

from rnn_widgets.activations import Doubles
from rnn_widgets.features import Mask


def within(frequencies: Doubles, band: tuple[float, float]) -> Mask:
    """Which frequencies (K,) lie in a band (low, high) in cycles per token, both ends included.

    Raises:
        ValueError: if the band is not 0 <= low <= high <= 0.5.
    """
    low, high = band
    if not 0 <= low <= high <= 0.5:
        raise ValueError(f"A band is (low, high) with 0 <= low <= high <= 0.5 cycles per token, got {band}.")
    inside: Mask = (frequencies >= low) & (frequencies <= high)
    return inside
