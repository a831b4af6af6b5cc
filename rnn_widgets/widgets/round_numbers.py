"""Numbers to stand at an axis."""

from __future__ import annotations

from math import ceil, floor, log10

import numpy as np

from rnn_widgets.activations import Doubles

_MOST_INTERVALS = 7


def round_numbers(low: float, high: float, *, whole: bool = False) -> Doubles:
    """The multiples of 1, 2 or 5 times a power of ten from low to high, at most seven steps apart."""
    wanted = (high - low) / _MOST_INTERVALS
    decade = 10.0 ** floor(log10(wanted))
    step = next(factor * decade for factor in (1, 2, 5, 10) if factor * decade >= wanted)
    step = max(step, 1.0) if whole else step
    near = 1e-9  # a multiple that is one but for rounding
    return step * np.arange(ceil(low / step - near), floor(high / step + near) + 1, dtype=np.float64)
