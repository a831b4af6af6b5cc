"""What a neuron does within a band of frequencies."""

from __future__ import annotations

import numpy as np
import scipy.fft

from rnn_widgets.activations import Activations, Floats
from rnn_widgets.analysis.bands import within
from rnn_widgets.analysis.rows import key_of, one_neuron


def band_filtered(
    acts: Activations, neuron: int, band: tuple[float, float], signal: str = "hidden", layer: int = -1
) -> Floats:
    """The part of a neuron's activation that lies in a band: float32 (T,), in the unit of the activation.

    Of the frequencies k / T of all T tokens, k = 0..floor(T / 2), those with low <= k / T <= high are kept, both ends
    included; frequency 0, the mean, only where low is 0. As in `spectrum`, the text is taken as one sequence, whatever
    its documents, and neither padded nor trimmed.

    Args:
        acts: the recording.
        neuron: index of the neuron in its layer.
        band: (low, high) in cycles per token.
        signal: which recorded signal.
        layer: of which layer; -1 is the last.

    Raises:
        KeyError: for an unknown signal or layer.
        ValueError: if there is no such neuron, or the band is not 0 <= low <= high <= 0.5.
    """
    _, values = one_neuron(acts, neuron, key_of(acts, signal, layer))
    tokens = len(acts)
    inside = within(np.arange(tokens // 2 + 1) / tokens, band)
    transformed = scipy.fft.rfft(values.astype(np.float64))
    transformed[~inside] = 0
    filtered: Floats = scipy.fft.irfft(transformed, tokens).astype(np.float32)
    return filtered
