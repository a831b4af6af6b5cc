"""The one place where a choice lives: which neuron, token, feature, signal, layer and band."""

from __future__ import annotations

from operator import index
from typing import TYPE_CHECKING, Any
from weakref import WeakSet

import traitlets as t

from rnn_widgets.widgets.base import SharedModel, bundle

if TYPE_CHECKING:
    from rnn_widgets.widgets.recording import Recording

HIGHEST_FREQUENCY = 0.5


class Whole(t.TraitType[Any, Any]):
    """A whole number from `least`, of Python or NumPy, read as an int."""

    info_text = "a whole number"

    def __init__(self, default: int | None, *, least: int = 0, allow_none: bool = False) -> None:
        self.least = least
        super().__init__(default, allow_none=allow_none)
        self.info_text = f"a whole number from {least}"

    def validate(self, obj: Any, value: object) -> int:
        try:
            number = self.least - 1 if isinstance(value, bool) else index(value)  # type: ignore[arg-type]
        except TypeError:
            number = self.least - 1
        if number < self.least:
            self.error(obj, value)
        return number


class Selection(SharedModel):
    """What is chosen, shared by reference: views that hold the same Selection show the same choice.

    Assign to a trait to choose, use `observe` to be told, `ipywidgets.jslink` to link without a kernel.

    Attributes:
        neuron: index from 0 in the chosen layer, or None.
        token: index from 0 in the text, or None.
        neurons: pinned neurons, for which the text shows further blocks.
        feature: name of a feature, or None.
        signal, layer: which recorded signal of which layer, layers from 0; -1 means the last one until a view is made.
        band: (lowest, highest) frequency in cycles per token within 0..0.5, or None for all.

    Raises:
        traitlets.TraitError: if a value is not there in any recording shown with this selection.
    """

    _esm = bundle("selection.js")

    neuron: t.TraitType[int | None, Any] = Whole(None, allow_none=True).tag(sync=True, echo_update=False)
    token: t.TraitType[int | None, Any] = Whole(None, allow_none=True).tag(sync=True, echo_update=False)
    neurons = t.List(Whole(0)).tag(sync=True, echo_update=False)
    feature = t.Unicode(None, allow_none=True).tag(sync=True, echo_update=False)
    signal = t.Unicode("hidden").tag(sync=True, echo_update=False)
    layer: t.TraitType[int, Any] = Whole(-1, least=-1).tag(sync=True, echo_update=False)
    band = t.Tuple(t.Float(), t.Float(), default_value=None, allow_none=True).tag(sync=True, echo_update=False)

    browser_writes = frozenset({"neuron", "token", "neurons", "feature", "signal", "layer", "band"})

    def __init__(self, **choices: object) -> None:
        unknown = sorted(set(choices) - self.browser_writes)
        if unknown:
            raise TypeError(f"Selection has no {unknown[0]!r}. It has: {', '.join(sorted(self.browser_writes))}.")
        self._recordings: WeakSet[Recording] = WeakSet()
        self._proposed: int | None = None
        super().__init__(**choices)

    def bind(self, recording: Recording, feature: str | None = None) -> None:
        """Takes a recording into account: what is not chosen yet is proposed from it.

        Proposed are the signal `hidden` or else the first one, the last layer, the given feature or else the
        recording's first one, and the neuron most relevant for it.

        Raises:
            ValueError: if what is chosen already is not there in the recording.
        """
        known = recording in self._recordings
        self._recordings.add(recording)
        try:
            self._propose_from(recording, feature)
        except (KeyError, t.TraitError) as error:
            if not known:
                self._recordings.discard(recording)
            raise ValueError(error.args[0]) from None

    def _propose_from(self, recording: Recording, preferred: str | None) -> None:
        signals = recording.acts.signals
        signal = signals[0] if self.signal == "hidden" and "hidden" not in signals else self.signal
        signal, layer = recording.acts.key(signal, self.layer)
        # Checked here, because a change of signal or layer forgets the neurons that the new layer has not.
        size = self._size(signal, layer)
        for neuron in (self.neuron, *self.neurons):
            _must_exist(neuron, "neuron", size, "neurons")
        _must_exist(self.token, "token", self._length(), "tokens")
        feature = self._known_feature(self.feature)
        if feature is None:
            feature = preferred or next(iter(recording.feature_names), None)
        neuron = self.neuron
        if neuron is None or (neuron == self._proposed and self.feature is None):
            best = recording.relevance(feature, signal, layer).top(1) if feature is not None else []
            neuron = self._proposed = best[0] if best else 0
        with self.hold_sync(), self.hold_trait_notifications():
            self.signal, self.layer, self.feature, self.neuron = signal, layer, feature, neuron

    @t.validate("neuron")
    def _valid_neuron(self, proposal: Any) -> int | None:
        return _must_exist(proposal["value"], "neuron", self._size(self.signal, self.layer), "neurons")

    @t.validate("neurons")
    def _valid_neurons(self, proposal: Any) -> list[int]:
        pinned = list(dict.fromkeys(proposal["value"]))
        for neuron in pinned:
            _must_exist(neuron, "neuron", self._size(self.signal, self.layer), "neurons")
        return pinned

    @t.validate("token")
    def _valid_token(self, proposal: Any) -> int | None:
        return _must_exist(proposal["value"], "token", self._length(), "tokens")

    @t.validate("feature")
    def _valid_feature(self, proposal: Any) -> str | None:
        return self._known_feature(proposal["value"])

    @t.validate("signal")
    def _valid_signal(self, proposal: Any) -> str:
        name: str = proposal["value"]
        known = dict.fromkeys(known for recording in self._recordings for known in recording.acts.signals)
        if known and name not in known:
            raise t.TraitError(f"There is no signal {name!r}. Recorded are: {', '.join(known)}.")
        return name

    @t.validate("layer")
    def _valid_layer(self, proposal: Any) -> int:
        layer: int = proposal["value"]
        known = sorted({known for recording in self._recordings for known in recording.acts.layers})
        if known and layer == -1:
            return known[-1]
        if known and layer not in known:
            raise t.TraitError(f"There is no layer {layer}. Recorded are the layers {known}, -1 means the last one.")
        return layer

    @t.validate("band")
    def _valid_band(self, proposal: Any) -> tuple[float, float] | None:
        band: tuple[float, float] | None = proposal["value"]
        if band is not None and not 0 <= band[0] <= band[1] <= HIGHEST_FREQUENCY:
            raise t.TraitError(
                f"A band is (low, high) with 0 <= low <= high <= {HIGHEST_FREQUENCY} cycles per token, got {band}."
            )
        return band

    @t.observe("signal", "layer")
    def _forget_missing_neurons(self, _: object) -> None:
        limit = self._size(self.signal, self.layer)
        if limit is None:
            return
        if self.neuron is not None and self.neuron >= limit:
            self.neuron = None
        if any(neuron >= limit for neuron in self.neurons):
            self.neurons = [neuron for neuron in self.neurons if neuron < limit]

    def _known_feature(self, name: str | None) -> str | None:
        known = [known for recording in self._recordings for known in recording.feature_names]
        if name is not None and self._recordings and name not in known:
            raise t.TraitError(f"There is no feature {name!r}. Features are: {', '.join(map(repr, known)) or 'none'}.")
        return name

    def _size(self, signal: str, layer: int) -> int | None:
        """Neurons of the layer in the recordings, or of their widest one while none has it; None without any."""
        sizes = [{key: recording.acts.neurons(*key) for key in recording.acts} for recording in self._recordings]
        there = [size[signal, layer] for size in sizes if (signal, layer) in size]
        return max(there or (of for size in sizes for of in size.values()), default=None)

    def _length(self) -> int | None:
        """Tokens of the longest recording; None without any."""
        return max((len(recording.acts) for recording in self._recordings), default=None)


def _must_exist(value: int | None, what: str, limit: int | None, unit: str) -> int | None:
    if value is not None and limit is not None and value >= limit:
        raise t.TraitError(f"There is no {what} {value}: there are {limit} {unit}, numbered 0..{limit - 1}.")
    return value
