"""Which neurons to show for a feature, and why these."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rnn_widgets.activations import Activations
from rnn_widgets.analysis import Peak, Relevance, relevance, spectrum
from rnn_widgets.analysis.windows import best_first, windows
from rnn_widgets.features import Feature, Mask
from rnn_widgets.terminal.neurons import Neurons, merged, parse_neurons

_PEAKS = 5


@dataclass(frozen=True)
class Proposal:
    """The neurons to show of one layer.

    Attributes:
        signal, layer: where they are.
        relevance: of every neuron for the feature, None without a feature.
        mask: which tokens have the feature, None without one.
        windows: neurons to show together, in the order shown.
        proposed: which of them were found by the program, best first; empty where the user chose.
        peaks: the layer's strongest frequencies; for the shown neurons too where rhythm proposed them.
        reason: why these, in a sentence, where it is not relevance.
    """

    signal: str
    layer: int
    relevance: Relevance | None
    mask: Mask | None
    windows: list[list[int]]
    proposed: list[int]
    peaks: list[Peak]
    reason: str | None

    @property
    def shown(self) -> list[int]:
        """All neurons shown, in order."""
        return [neuron for window in self.windows for neuron in window]


def propose(
    acts: Activations,
    feature: Feature | None,
    signal: str,
    layer: int,
    top: int,
    radius: int,
    neurons: Neurons | None,
) -> Proposal:
    """The neurons the user chose, else the most relevant ones, else those with the strongest rhythm.

    Raises:
        ValueError: if `top` is below 1, `radius` below 0, or a chosen neuron does not exist.
    """
    if isinstance(top, bool) or not isinstance(top, int) or top < 1:
        raise ValueError(f"top is how many neurons to propose, from 1, got {top!r}.")
    total = acts.neurons(signal, layer)
    scored = relevance(acts, feature, signal=signal, layer=layer) if feature else None
    mask = feature.mask(acts.text) if feature else None
    peaks = spectrum(acts, signal, layer).peaks(n=max(top, _PEAKS)) if len(acts) > 1 else []
    if neurons is not None:
        chosen = merged(parse_neurons(neurons, total))
        return Proposal(signal, layer, scored, mask, chosen, [], peaks, scored.message if scored else None)
    best = scored.top(top) if scored else []
    reason = None
    if not best:
        reason = f"{scored.message} " if scored else "No feature is given. "
        if peaks:
            best = [peak.neuron for peak in peaks[:top]]
            reason += "Shown are the neurons with the strongest rhythm."
        else:
            best = best_first(np.abs(acts[signal, layer]).max(axis=0), top)
            reason += "One token has no rhythm: shown are the neurons with the largest activation."
    return Proposal(signal, layer, scored, mask, merged(windows(best, radius, total)), best, peaks, reason)
