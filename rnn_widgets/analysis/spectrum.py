"""The rhythm of each neuron: its single-sided amplitude spectrum over the tokens."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import scipy.fft
from numpy.typing import NDArray

from rnn_widgets.activations import Activations, Floats, Neurons, freeze, neuron_numbers
from rnn_widgets.analysis.bands import within
from rnn_widgets.analysis.cores import on_all_cores
from rnn_widgets.analysis.lines import Lines, find_lines
from rnn_widgets.analysis.rows import key_of, neurons_by_tokens
from rnn_widgets.analysis.windows import best_first, windows

if TYPE_CHECKING:
    import pandas as pd

    from rnn_widgets.plots import Axes, Figure

_ROWS_AT_ONCE = 2


class Peak(NamedTuple):
    """The strongest frequency of a neuron within a band.

    frequency is in cycles per token, period in tokens, amplitude in the unit of the activation.
    """

    neuron: int
    frequency: float
    period: float
    amplitude: float


@dataclass(frozen=True, eq=False)
class Spectrum:
    """Single-sided amplitude spectra of one layer's neurons.

    Attributes:
        frequencies: float64 (K,), k / T cycles per token for k = 0..floor(T / 2).
        amplitude: float32 (H, K). A sine of amplitude A at a bin shows A; +A, -A, +A, ... shows A at 0.5;
            frequency 0 shows |mean|.
        signal, layer: what was asked.
        activations: float32 (T, H), from which it was computed.
    """

    frequencies: NDArray[np.float64]
    amplitude: Floats
    signal: str
    layer: int
    activations: Floats

    def __post_init__(self) -> None:
        freeze(self)

    def peaks(self, band: tuple[float, float] | None = None, n: int = 5) -> list[Peak]:
        """The n neurons with the strongest amplitude within the band, strongest first, each at its best frequency.

        Neurons without any amplitude there, such as constant ones, are not among them.

        Args:
            band: (low, high) in cycles per token, both included; None for all. Frequency 0 never counts.
            n: how many neurons at most.

        Raises:
            ValueError: if the band is not 0 <= low <= high <= 0.5, or no frequency of this text lies in it.
        """
        inside = self._inside(band)
        amplitude = self.amplitude[:, inside]
        best = amplitude.argmax(axis=1)
        strongest = amplitude[np.arange(len(amplitude)), best]
        frequency = self.frequencies[inside[best]]
        return [
            Peak(neuron, float(frequency[neuron]), float(1 / frequency[neuron]), float(strongest[neuron]))
            for neuron in best_first(strongest, n)
            if strongest[neuron] > 0
        ]

    def windows(self, band: tuple[float, float] | None = None, n: int = 5, radius: int = 1) -> list[list[int]]:
        """The neuron of each of `peaks(band, n)` with its `radius` neighbours on either side."""
        return windows([peak.neuron for peak in self.peaks(band, n)], radius, len(self.amplitude))

    def lines(self, q: float = 0.05, neurons: Neurons | None = None) -> Lines:
        """The rhythms that are more than background, with their frequencies and how far these may be off.

        A line passes two tests (Thomson 1982, "Spectrum estimation and harmonic analysis"): it is one frequency, by
        the harmonic F-test of 7 tapers, and it stands out from the power on either side. A spectrum that falls, as
        of anything with a memory, has no line for that. Both are corrected for all frequencies and neurons. The text
        is taken as one sequence, as everywhere in a spectrum; rhythms slower than about a tenth of it are not looked
        for.

        Args:
            q: the share of lines, and of broad peaks, that may be chance.
            neurons: which to look at; all by default. 1,000 neurons of 50,000 tokens take about a minute.

        Raises:
            ValueError: if there are fewer than 128 tokens, q is not between 0 and 1, or there is no such neuron.
        """
        if not 0 < q < 1:
            raise ValueError(f"q is the share of lines that may be chance, between 0 and 1, got {q!r}.")
        chosen = neuron_numbers(neurons, len(self.amplitude)).tolist()
        rows = neurons_by_tokens(self.activations if neurons is None else self.activations[:, chosen])
        return Lines(find_lines(rows, chosen, q), q, self.signal, self.layer)

    def to_frame(self) -> pd.DataFrame:
        """One row a neuron and frequency: neuron, frequency, period (infinite at frequency 0), amplitude."""
        import pandas as pd

        neurons, bins = self.amplitude.shape
        with np.errstate(divide="ignore"):
            period = 1 / self.frequencies
        return pd.DataFrame(
            {
                "neuron": np.repeat(np.arange(neurons), bins),
                "frequency": np.tile(self.frequencies, neurons),
                "period": np.tile(period, neurons),
                "amplitude": self.amplitude.ravel(),
            }
        )

    def plot(
        self,
        neurons: Neurons | None = None,
        band: tuple[float, float] | None = None,
        n: int = 3,
        ax: Axes | None = None,
    ) -> Figure:
        """A matplotlib figure: the amplitude of some neurons by frequency, before the largest of all.

        Args:
            neurons: which; those of `peaks(band, n)` by default.
            band: (low, high) in cycles per token, as of `peaks`.
            n: how many, by default.
            ax: where to draw; a figure of its own by default.

        Raises:
            ImportError: if there is no matplotlib, which `rnn-widgets[plot]` brings.
            ValueError: as `peaks`, or if there is no such neuron.
        """
        from rnn_widgets.plots import spectrum

        inside = self._inside(band)
        if neurons is None:
            chosen = [peak.neuron for peak in self.peaks(band, n)]
        else:
            chosen = neuron_numbers(neurons, len(self.amplitude)).tolist()
        title = f"{self.signal}, layer {self.layer}"
        return spectrum(self.frequencies[inside], self.amplitude[:, inside], chosen, title, ax)

    def _inside(self, band: tuple[float, float] | None) -> NDArray[np.intp]:
        """The places of the frequencies above 0 in a band.

        Raises:
            ValueError: as `peaks`.
        """
        low, high = (0.0, 0.5) if band is None else band
        inside = np.flatnonzero(within(self.frequencies, (low, high)) & (self.frequencies > 0))
        if not len(inside):
            raise ValueError(
                f"No frequency lies in the band ({low}, {high}): this text resolves "
                f"{len(self.frequencies) - 1} frequencies above 0, 1/{self._tokens} cycles per token apart."
            )
        return inside

    @property
    def _tokens(self) -> int:
        return round(1 / self.frequencies[1]) if len(self.frequencies) > 1 else 1

    def __repr__(self) -> str:
        return (
            f"Spectrum({self.signal!r}, layer={self.layer}, amplitude={self.amplitude.shape}, "
            f"frequencies 0..{self.frequencies[-1]:.4g} cycles per token)"
        )


def spectrum(acts: Activations, signal: str = "hidden", layer: int = -1) -> Spectrum:
    """Single-sided amplitude spectrum of every neuron of a layer over all T tokens.

    X = rfft(a) / T; amplitude is 2 |X|, except at frequency 0 and at exactly 0.5, where it is |X|. The text is taken
    as one sequence, whatever its documents, and neither padded nor trimmed.

    Raises:
        KeyError: for an unknown signal or layer.
    """
    signal, layer = key_of(acts, signal, layer)
    amplitude = amplitudes(acts[signal, layer])
    return Spectrum(np.arange(len(acts) // 2 + 1) / len(acts), amplitude, signal, layer, acts[signal, layer])


def amplitudes(activations: Floats) -> Floats:
    """Single-sided amplitude spectra (H, K) of activations (T, H), as `spectrum` defines them."""
    tokens, neurons = activations.shape
    amplitude = np.empty((neurons, tokens // 2 + 1), np.float32)
    rows = neurons_by_tokens(activations)

    def transform(first: int) -> None:
        block = slice(first, first + _ROWS_AT_ONCE)
        values = rows[block].astype(np.float64)
        mean = values.mean(axis=1, keepdims=True)
        # Without the mean, which is frequency 0, a constant neuron has exactly no amplitude anywhere else.
        values -= mean
        amplitude[block] = np.abs(scipy.fft.rfft(values, axis=1)) * (2 / tokens)
        if tokens % 2 == 0:
            amplitude[block, -1] /= 2
        amplitude[block, 0] = np.abs(mean[:, 0])

    on_all_cores(transform, range(0, neurons, _ROWS_AT_ONCE))
    return amplitude
