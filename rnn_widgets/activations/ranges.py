"""What is known of a signal by its name."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

SIGNAL_RANGES: Mapping[str, tuple[float, float]] = MappingProxyType(
    {
        "hidden": (-1.0, 1.0),
        "input_gate": (0.0, 1.0),
        "forget_gate": (0.0, 1.0),
        "output_gate": (0.0, 1.0),
        "reset_gate": (0.0, 1.0),
        "update_gate": (0.0, 1.0),
        "cell_gate": (-1.0, 1.0),
        "candidate": (-1.0, 1.0),
    }
)
"""The range of each signal that a tanh or a logistic function bounds. Others (cell, pre_activation) have none."""
