"""How a neuron's rhythm changes along the text: the spectra of windows that follow each other."""

from __future__ import annotations

from dataclasses import dataclass
from operator import index as as_index
from typing import TYPE_CHECKING

import numpy as np
import scipy.fft
import scipy.signal
from numpy.typing import NDArray

from rnn_widgets.activations import Activations, Doubles, Floats, freeze
from rnn_widgets.analysis.bands import within
from rnn_widgets.analysis.cores import on_all_cores
from rnn_widgets.analysis.rows import key_of, one_neuron

if TYPE_CHECKING:
    import pandas as pd

    from rnn_widgets.plots import Axes, Figure

_NARROWEST = 8
_WINDOWS_AT_ONCE = 256


@dataclass(frozen=True, eq=False)
class Spectrogram:
    """Single-sided amplitude spectra of N windows of one neuron.

    Attributes:
        tokens: int64 (N,), the middle of each window, ascending: the token before which half of the window stands.
        frequencies: float64 (K,), k / window cycles per token for k = 0..floor(window / 2).
        amplitude: float32 (N, K). A sine of amplitude A at a frequency shows A; +A, -A, +A, ... shows A at 0.5;
            frequency 0 shows |mean| of the window.
        window: how many tokens a window has,
        step: and by how many the next one of the same document is farther on.
        neuron, signal, layer: what was asked.
    """

    tokens: NDArray[np.int64]
    frequencies: Doubles
    amplitude: Floats
    window: int
    step: int
    neuron: int
    signal: str
    layer: int

    def __post_init__(self) -> None:
        freeze(self)

    def to_frame(self) -> pd.DataFrame:
        """One row a window and frequency: token, frequency, period (infinite at frequency 0), amplitude."""
        import pandas as pd

        windows, bins = self.amplitude.shape
        with np.errstate(divide="ignore"):
            period = 1 / self.frequencies
        return pd.DataFrame(
            {
                "token": np.repeat(self.tokens, bins),
                "frequency": np.tile(self.frequencies, windows),
                "period": np.tile(period, windows),
                "amplitude": self.amplitude.ravel(),
            }
        )

    def plot(self, band: tuple[float, float] | None = None, ax: Axes | None = None) -> Figure:
        """A matplotlib figure: the amplitude by place in the text and frequency, without frequency 0.

        Args:
            band: (low, high) in cycles per token, both included; None for all.
            ax: where to draw; a figure of its own by default.

        Raises:
            ImportError: if there is no matplotlib, which `rnn-widgets[plot]` brings.
            ValueError: if the band is not 0 <= low <= high <= 0.5, or no frequency above 0 lies in it.
        """
        from rnn_widgets.plots import spectrogram

        title = f"neuron {self.neuron}: {self.signal}, layer {self.layer}, windows of {self.window} tokens"
        inside = (self.frequencies > 0) & (True if band is None else within(self.frequencies, band))
        if not inside.any():
            raise ValueError(
                f"No frequency lies in the band {band}: windows of {self.window} tokens resolve "
                f"{1 / self.window:.4g} .. {self.frequencies[-1]:.4g} cycles per token."
            )
        return spectrogram(self.tokens, self.frequencies[inside], self.amplitude[:, inside], title, ax)

    def __repr__(self) -> str:
        return (
            f"Spectrogram({self.signal!r}, layer={self.layer}, neuron={self.neuron}, amplitude={self.amplitude.shape}, "
            f"windows of {self.window} tokens every {self.step}, tokens {self.tokens[0]}..{self.tokens[-1]})"
        )


def spectrogram(
    acts: Activations, neuron: int, signal: str = "hidden", layer: int = -1, window: int = 256, step: int | None = None
) -> Spectrogram:
    """The amplitude of a neuron's frequencies in each window of the text.

    A window lies in one document: the first one begins with it, and the last one ends with it or less than a step
    before. A document of fewer tokens has none. Each is weighted with a periodic Hann window (Harris 1978), and
    amplitudes are divided by its mean weight. A sine between two frequencies shows up to 15% less at the nearer one,
    and one at a frequency shows half of its amplitude at both neighbours. The two frequencies that are their own
    negatives, 0 and, where the window is even, 0.5, are measured without weights and taken out first: beside
    themselves they would show double.

    Args:
        acts: the recording.
        neuron: index of the neuron in its layer.
        signal: which signal of the neuron,
        layer: and which layer.
        window: tokens of a window, at least 8.
        step: tokens from one window to the next; a quarter of a window by default.

    Raises:
        KeyError: for an unknown signal or layer.
        ValueError: if there is no such neuron, the window has fewer than 8 tokens or more than any document, or the
            step is below 1.
    """
    signal, layer = key_of(acts, signal, layer)
    neuron, values = one_neuron(acts, neuron, (signal, layer))
    window = as_index(window)
    step = window // 4 if step is None else as_index(step)
    if window < _NARROWEST:
        raise ValueError(f"A window has at least {_NARROWEST} tokens, got {window}.")
    if step < 1:
        raise ValueError(f"The step from one window to the next is at least 1 token, got {step}.")
    documents = acts.text.slices()
    starts = np.concatenate([np.arange(part.start, part.stop - window + 1, step) for part in documents])
    if not len(starts):
        longest = max(part.stop - part.start for part in documents)
        raise ValueError(f"No document has the {window} tokens of a window: the longest has {longest}. Give window=.")
    amplitude = np.empty((len(starts), window // 2 + 1), np.float32)
    parts = np.lib.stride_tricks.sliding_window_view(np.ascontiguousarray(values), window)

    def transform(first: int) -> None:
        block = slice(first, first + _WINDOWS_AT_ONCE)
        amplitude[block] = _amplitudes(parts[starts[block]].astype(np.float64))

    on_all_cores(transform, range(0, len(starts), _WINDOWS_AT_ONCE))
    frequencies = np.arange(window // 2 + 1) / window
    return Spectrogram(
        starts.astype(np.int64) + window // 2, frequencies, amplitude, window, step, neuron, signal, layer
    )


def _amplitudes(values: Doubles) -> Doubles:
    """Single-sided amplitudes (N, K) of windows (N, W), as `spectrogram` says."""
    window = values.shape[1]
    weights = scipy.signal.windows.hann(window, sym=False)
    mean = values.mean(axis=1, keepdims=True)
    values = values - mean
    signs = 1 - 2.0 * (np.arange(window) % 2)
    alternating = (values @ signs)[:, None] / window if window % 2 == 0 else np.zeros_like(mean)
    values -= alternating * signs
    amplitude: Doubles = np.abs(scipy.fft.rfft(values * weights, axis=1)) * (2 / weights.sum())
    amplitude[:, 0] = np.abs(mean[:, 0])
    if window % 2 == 0:
        amplitude[:, -1] = np.abs(alternating[:, 0])
    return amplitude
