"""Groups of neurons that behave alike."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from scipy.cluster.hierarchy import fcluster, leaves_list

from rnn_widgets.activations import Activations, Doubles, Floats, freeze
from rnn_widgets.analysis.clusters import average_linkage
from rnn_widgets.analysis.covariance import correlation
from rnn_widgets.analysis.rows import key_of

if TYPE_CHECKING:
    import pandas as pd

    from rnn_widgets.plots import Figure

APART = -1
"""The label of neurons that never change."""

_MOST_OPTIMAL = 1024


@dataclass(frozen=True, eq=False)
class Groups:
    """The neurons of a layer in groups of those that rise and fall together, or one against the other.

    Its length is the number of groups. The arrays are read-only.

    Attributes:
        labels: int32 (H,), the group of each neuron from 0; -1 for neurons that never change, which are in none.
        order: int32 (H,), all neurons, like beside like and group after group; last those that never change.
        linkage: float64 (M-1, 4), the tree of the M neurons that change, as scipy's `dendrogram` takes it; its leaf i
            is `moving[i]`.
        correlations: float32 (H, H), Pearson's r of each two neurons; 0 where one never changes.
        signal, layer: whose neurons.
    """

    labels: NDArray[np.int32]
    order: NDArray[np.int32]
    linkage: Doubles
    correlations: Floats
    signal: str
    layer: int

    def __post_init__(self) -> None:
        freeze(self)

    def members(self, group: int) -> list[int]:
        """The neurons of a group, like beside like.

        Raises:
            ValueError: if there is no such group.
        """
        if not 0 <= group < len(self):
            there = f"There are the groups 0..{len(self) - 1}" if len(self) else "No neuron changes: there is no group"
            raise ValueError(f"{there}, got {group!r}.")
        return [int(neuron) for neuron in self.order if self.labels[neuron] == group]

    @property
    def moving(self) -> list[int]:
        """The neurons that change, ascending."""
        return [int(neuron) for neuron in np.flatnonzero(self.labels != APART)]

    @property
    def constant(self) -> list[int]:
        """The neurons that never change, ascending."""
        return [int(neuron) for neuron in np.flatnonzero(self.labels == APART)]

    def to_frame(self) -> pd.DataFrame:
        """One row a neuron, in `order`: neuron, group, and likeness, its mean |r| with the others of its group.

        The likeness is missing where a neuron is alone, or never changes.
        """
        import pandas as pd

        likeness = np.full(len(self.labels), np.nan)
        for group in range(len(self)):
            members = self.members(group)
            if len(members) > 1:
                within = np.abs(self.correlations[np.ix_(members, members)], dtype=np.float64)
                likeness[members] = (within.sum(axis=1) - 1) / (len(members) - 1)
        order = self.order
        return pd.DataFrame({"neuron": order, "group": self.labels[order], "likeness": likeness[order]})

    def plot(self) -> Figure:
        """A matplotlib figure: correlations of all neurons in `order`, their tree above, lines between groups.

        Raises:
            ImportError: if there is no matplotlib, which `rnn-widgets[plot]` brings.
        """
        from rnn_widgets.plots import correlations

        order, moving = self.order, len(self.moving)
        borders = (np.flatnonzero(np.diff(self.labels[order])) + 1).tolist()
        title = f"{len(self)} groups: {self.signal}, layer {self.layer}"
        values = self.correlations[np.ix_(order, order)]
        return correlations(values, self.linkage, moving, borders, order.tolist(), title)

    def __len__(self) -> int:
        return int(self.labels.max(initial=APART)) + 1

    def __repr__(self) -> str:
        sizes = ", ".join(str(np.count_nonzero(self.labels == group)) for group in range(len(self)))
        still = f"; {len(self.constant)} never change" if self.constant else ""
        return f"Groups({self.signal!r}, layer={self.layer}, {len(self)} groups of {sizes or 'no'} neurons{still})"


def groups(acts: Activations, signal: str = "hidden", layer: int = -1, n: int = 8) -> Groups:
    """Groups of neurons that are correlated or anticorrelated over all tokens, whatever their size.

    The distance of two neurons is 1 - |r|, that of two groups the mean over their pairs (average linkage; Sokal and
    Michener 1958). Neurons that never change have no correlation and stand apart. Some groups are found in every
    network, an untrained one too. Up to 1,024 neurons, neighbours in the order are as near as the tree allows
    (Bar-Joseph et al. 2001), which takes 3 seconds for so many; above that the order is the tree's own.

    Args:
        acts: the activations.
        signal: whose neurons.
        layer: of which layer; the last by default.
        n: how many groups. There are fewer where fewer neurons change.

    Raises:
        KeyError: for an unknown signal or layer.
        ValueError: if n is not a whole number from 1.
    """
    if isinstance(n, bool) or not isinstance(n, (int, np.integer)) or n < 1:
        raise ValueError(f"n is how many groups there are, a whole number from 1, got {n!r}.")
    signal, layer = key_of(acts, signal, layer)
    correlations = correlation(acts[signal, layer])
    changes = np.diag(correlations) > 0
    moving = np.flatnonzero(changes)
    labels = np.full(len(changes), APART, np.int32)
    tree: Doubles = np.zeros((0, 4))
    if len(moving) > 1:
        tree = average_linkage(correlations[np.ix_(moving, moving)], optimal=len(moving) <= _MOST_OPTIMAL)
    leaves = leaves_list(tree) if len(tree) else np.arange(len(moving), dtype=np.int32)
    order = np.concatenate([moving[leaves], np.flatnonzero(~changes)]).astype(np.int32)
    labels[moving[leaves]] = _numbered(tree, leaves, n)
    return Groups(labels, order, tree, correlations, signal, layer)


def _numbered(tree: Doubles, leaves: NDArray[np.integer], n: int) -> NDArray[np.int32]:
    """The group of each leaf in their order, counted from 0 in that order; each is a stretch of it."""
    if not len(tree):
        return np.zeros(len(leaves), np.int32)
    cut = fcluster(tree, n, "maxclust")[leaves]
    return np.cumsum(np.diff(cut, prepend=cut[0]) != 0).astype(np.int32)
