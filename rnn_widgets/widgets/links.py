"""Views that follow one choice."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

from ipywidgets import jslink
from ipywidgets.widgets.widget_link import Link

from rnn_widgets.widgets.recording import Recording
from rnn_widgets.widgets.view import View


def link(*views: View) -> list[Link]:
    """Lets views follow each other: a choice made in one shows in all.

    Views of the same network share one Selection, that of the first of them. Views of different networks keep their
    neuron, layer and pinned neurons to themselves and share the band, the token where they show the same text, the
    feature where both can compute each other's, and the signal where both record the same ones.

    Returns:
        The links between different networks, each with `unlink()`; they work without a kernel.

    Raises:
        TypeError: if something is not one of the views.
    """
    for view in views:
        if not isinstance(view, View):
            raise TypeError(f"link takes views such as TextHighlighter, got {view!r} ({type(view).__name__}).")
    first: dict[str, View] = {}
    for view in views:
        leader = first.setdefault(view.recording.network, view)
        if view.recording is not leader.recording:
            _exchange_features(leader.recording, view.recording)
        if view.selection is not leader.selection:
            view.selection = leader.selection
    links: list[Link] = []
    for one, other in combinations(first.values(), 2):
        links += [jslink((one.selection, name), (other.selection, name)) for name in _shared(one, other)]
    return links


def _shared(one: View, other: View) -> Sequence[str]:
    left, right = one.recording, other.recording
    shared = ["band"]
    if left.acts.text == right.acts.text:
        shared.append("token")
    if set(left.acts.signals) == set(right.acts.signals):
        shared.append("signal")
    if _exchange_features(left, right):
        shared.append("feature")
    return shared


def _exchange_features(left: Recording, right: Recording) -> bool:
    """Gives each recording the other's features, now and when one is added; False where a feature does not fit."""

    def give(source: Recording, target: Recording) -> None:
        target.add_features([source.feature(name) for name in source.feature_names])

    try:
        give(left, right)
        give(right, left)
    except ValueError:
        return False
    left.observe(lambda _: give(left, right), "features")
    right.observe(lambda _: give(right, left), "features")
    return True
