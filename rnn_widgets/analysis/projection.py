"""States and word vectors in a few dimensions: principal component analysis."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import scipy.linalg
from numpy.typing import ArrayLike

from rnn_widgets.activations import Activations, Doubles, Floats, freeze
from rnn_widgets.analysis.covariance import covariance
from rnn_widgets.analysis.rows import key_of

if TYPE_CHECKING:
    import pandas as pd

    from rnn_widgets.plots import Axes, Figure

_ROWS_AT_ONCE = 4096


@dataclass(frozen=True, eq=False)
class Projection:
    """Points (states of tokens, or vectors of words) along the directions in which they differ most.

    `coordinates @ axes + mean` is the nearest to the points that so few dimensions allow. The arrays are read-only.

    Attributes:
        coordinates: float64 (T, C), of each point; their mean is 0.
        axes: float64 (C, H), of length 1 and at right angles, that of the largest variance first; of each the entry
            that is largest in size is positive.
        mean: float64 (H,), of all points.
        explained: float64 (C,), the share of the variance along each axis, 0..1; 0 where nothing varies.
        labels: the T tokens.
        source: what the points are, such as "hidden, layer 0".
    """

    coordinates: Doubles
    axes: Doubles
    mean: Doubles
    explained: Doubles
    labels: tuple[str, ...]
    source: str

    def __post_init__(self) -> None:
        freeze(self)

    def to_frame(self) -> pd.DataFrame:
        """One row a point: token, component_1, component_2, ..."""
        import pandas as pd

        columns = {f"component_{number}": values for number, values in enumerate(self.coordinates.T, 1)}
        return pd.DataFrame({"token": self.labels, **columns})

    def plot(self, names: int = 30, ax: Axes | None = None) -> Figure:
        """A matplotlib figure: the points along the first two components, or along the tokens if there is but one.

        Args:
            names: how many points are named at most, the farthest first, each token once and none over another.
            ax: where to draw; a figure of its own by default.

        Raises:
            ImportError: if there is no matplotlib, which `rnn-widgets[plot]` brings.
        """
        from rnn_widgets.plots import projection

        return projection(self.coordinates[:, :2], self.labels, self.explained[:2].tolist(), names, self.source, ax)

    def __repr__(self) -> str:
        shares = " + ".join(f"{share:.0%}" for share in self.explained)
        return f"Projection({self.source}, coordinates={self.coordinates.shape}, {shares} of the variance)"


def project(acts: Activations, signal: str = "hidden", layer: int = -1, components: int = 2) -> Projection:
    """The states of all tokens along the directions in which they vary most (Pearson 1901; Hotelling 1933).

    It is exact: the axes are eigenvectors of the covariance (H, H) over all tokens, whatever their documents. Neurons
    are not scaled, so those of a larger range weigh more.

    Args:
        acts: the activations.
        signal: whose states.
        layer: of which layer; the last by default.
        components: how many directions C.

    Raises:
        KeyError: for an unknown signal or layer.
        ValueError: if components is not a whole number from 1 to H.
    """
    signal, layer = key_of(acts, signal, layer)
    return _projected(acts[signal, layer], acts.tokens, components, f"{signal}, layer {layer}")


def project_embedding(vectors: ArrayLike, tokens: Iterable[str], components: int = 2) -> Projection:
    """The vectors of a word embedding along the directions in which they vary most; each word counts once.

    Args:
        vectors: (V, E), finite real numbers, one row a word; of a language model they are `model.module.embedding`.
        tokens: the V words; of a language model `model.vocabulary.tokens`.
        components: how many directions C.

    Raises:
        TypeError: if the tokens are one string, or one of them is not a string.
        ValueError: if a shape does not fit, a number is not finite, or components is not a whole number from 1 to E.
    """
    labels = (tokens,) if isinstance(tokens, str) else tuple(tokens)
    if isinstance(tokens, str) or not all(isinstance(label, str) for label in labels):
        raise TypeError("tokens are a list of strings, one for each vector.")
    given = np.asarray(vectors)
    if given.dtype.kind not in "fiu" and given.dtype.name != "bfloat16":
        raise ValueError(f"vectors must hold real numbers, got dtype {given.dtype}.")
    if given.ndim != 2 or len(given) != len(labels) or not given.size:
        raise ValueError(f"vectors must have the shape ({len(labels)} tokens, dimensions), got {given.shape}.")
    values = given.astype(np.float64)
    if not np.isfinite(values).all():
        word = int(np.flatnonzero(~np.isfinite(values).all(axis=1))[0])
        raise ValueError(f"vectors must be finite; that of token {word}, {labels[word]!r}, is not.")
    return _projected(values, labels, components, "embedding")


def _projected(points: Floats | Doubles, labels: tuple[str, ...], components: int, source: str) -> Projection:
    size = points.shape[1]
    whole = isinstance(components, (int, np.integer)) and not isinstance(components, bool)
    if not whole or not 1 <= components <= size:
        raise ValueError(
            f"components is a whole number from 1 to {size}, the dimensions of {source}, got {components!r}."
        )
    mean, matrix = covariance(points)
    variances, vectors = scipy.linalg.eigh(matrix, subset_by_index=(size - components, size - 1))
    axes = vectors.T[::-1]
    largest = np.abs(axes).argmax(axis=1)
    axes = np.ascontiguousarray(axes * np.sign(axes[np.arange(components), largest])[:, np.newaxis])
    total = float(np.trace(matrix))
    explained = np.clip(variances[::-1], 0, None) / total if total > 0 else np.zeros(components)
    coordinates = np.empty((len(points), components))
    for start in range(0, len(points), _ROWS_AT_ONCE):
        block = slice(start, start + _ROWS_AT_ONCE)
        coordinates[block] = (points[block] - mean) @ axes.T
    return Projection(coordinates, axes, mean, explained, labels, source)
