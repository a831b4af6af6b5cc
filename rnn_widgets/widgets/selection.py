"""The one place where a choice lives: which neuron, token, feature, signal, layer and band."""

from __future__ import annotations

from collections.abc import Callable
from operator import index
from typing import TYPE_CHECKING, Any
from weakref import WeakSet

import traitlets as t

from rnn_widgets.widgets.base import SharedModel, bundle

if TYPE_CHECKING:
    from rnn_widgets.widgets.recording import Recording

HIGHEST_FREQUENCY = 0.5


class Whole(t.TraitType[int | None, Any]):
    """A whole number from `least`, of Python or NumPy."""

    info_text = "a whole number"

    def __init__(self, default: int | None, *, least: int = 0, allow_none: bool = False) -> None:
        self.least = least
        super().__init__(default, allow_none=allow_none)
        self.info_text = f"a whole number from {least}"

    def validate(self, obj: Any, value: object) -> int:
        if not isinstance(value, bool):
            try:
                number = index(value)  # type: ignore[arg-type]
            except TypeError:
                number = self.least - 1
            if number >= self.least:
                return number
        self.error(obj, value)


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

    neuron = Whole(None, allow_none=True).tag(sync=True, echo_update=False)
    token = Whole(None, allow_none=True).tag(sync=True, echo_update=False)
    neurons = t.List(Whole(0)).tag(sync=True, echo_update=False)
    feature = t.Unicode(None, allow_none=True).tag(sync=True, echo_update=False)
    signal = t.Unicode("hidden").tag(sync=True, echo_update=False)
    layer = Whole(-1, least=-1).tag(sync=True, echo_update=False)
    band = t.Tuple(t.Float(), t.Float(), default_value=None, allow_none=True).tag(sync=True, echo_update=False)

    browser_writes = frozenset({"neuron", "token", "neurons", "feature", "signal", "layer", "band"})

    def __init__(self, **choices: object) -> None:
        unknown = sorted(set(choices) - self.browser_writes)
        if unknown:
            raise TypeError(f"Selection has no {unknown[0]!r}. It has: {', '.join(sorted(self.browser_writes))}.")
        self._recordings: WeakSet[Recording] = WeakSet()
        self._proposed: int | None = None
        super().__init__(**choices)

    def bind(self, recording: Recording) -> None:
        """Takes a recording into account: what is not chosen yet is proposed from it.

        Proposed are the signal `hidden` or else the first one, the last layer, the first feature, and the neuron most
        relevant for it.

        Raises:
            ValueError: if what is chosen already is not there in the recording.
        """
        signals = recording.acts.signals
        signal = self.signal
        if signal not in signals and signal == "hidden":
            signal = signals[0]
        try:
            signal, layer = recording.acts.key(signal, self.layer)
        except KeyError as error:
            raise ValueError(error.args[0]) from None
        feature = self.feature if self.feature is not None else next(iter(recording.feature_names), None)
        neuron = self.neuron
        if neuron is None or (neuron == self._proposed and self.feature is None):
            best = recording.relevance(feature, signal, layer).top(1) if feature is not None else []
            neuron = self._proposed = best[0] if best else 0
        before = set(self._recordings)
        self._recordings.add(recording)
        try:
            with self.hold_sync(), self.hold_trait_notifications():
                self.signal, self.layer, self.feature, self.neuron = signal, layer, feature, neuron
                self.token, self.neurons, self.band = self.token, self.neurons, self.band
            self._must_exist(self.neuron, "neuron", self._neurons, "neurons")
        except t.TraitError as error:
            if recording not in before:
                self._recordings.discard(recording)
            raise ValueError(str(error)) from None

    @t.validate("neuron")
    def _valid_neuron(self, proposal: Any) -> int | None:
        return self._must_exist(proposal["value"], "neuron", self._neurons, "neurons")

    @t.validate("neurons")
    def _valid_neurons(self, proposal: Any) -> list[int]:
        pinned = list(dict.fromkeys(proposal["value"]))
        for neuron in pinned:
            self._must_exist(neuron, "pinned neuron", self._neurons, "neurons")
        return pinned

    @t.validate("token")
    def _valid_token(self, proposal: Any) -> int | None:
        return self._must_exist(proposal["value"], "token", lambda recording: len(recording.acts), "tokens")

    @t.validate("feature")
    def _valid_feature(self, proposal: Any) -> str | None:
        name: str | None = proposal["value"]
        known = [known for recording in self._recordings for known in recording.feature_names]
        if name is not None and self._recordings and name not in known:
            raise t.TraitError(f"There is no feature {name!r}. Features are: {', '.join(map(repr, known)) or 'none'}.")
        return name

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
        limit = max((self._neurons(recording) for recording in self._recordings), default=0)
        if limit and self.neuron is not None and self.neuron >= limit:
            self.neuron = None
        if limit and any(neuron >= limit for neuron in self.neurons):
            self.neurons = [neuron for neuron in self.neurons if neuron < limit]

    def _neurons(self, recording: Recording) -> int:
        """Neurons of the chosen layer in a recording, or of its widest one while the choice does not exist there."""
        sizes = {key: recording.acts.neurons(*key) for key in recording.acts}
        return sizes.get((self.signal, self.layer), max(sizes.values()))

    def _must_exist(
        self, value: int | None, what: str, count: Callable[[Recording], int], unit: str
    ) -> int | None:
        limit = max((count(recording) for recording in self._recordings), default=None)
        if value is not None and limit is not None and value >= limit:
            raise t.TraitError(f"There is no {what} {value}: there are {limit} {unit}, numbered 0..{limit - 1}.")
        return value
