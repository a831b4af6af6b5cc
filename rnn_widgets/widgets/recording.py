"""The recording that views share: its text, its features, and arrays that travel to the browser when first needed."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import ClassVar
from weakref import WeakKeyDictionary

import numpy as np
import traitlets as t
from numpy.typing import NDArray

from rnn_widgets.activations import SIGNAL_RANGES, Activations, Floats, SignalKey
from rnn_widgets.analysis import Relevance, relevance, spectrum
from rnn_widgets.analysis.clusters import cluster_order
from rnn_widgets.analysis.relevance import nothing_to_compare
from rnn_widgets.features import Feature, Mask, regex, spans
from rnn_widgets.widgets.base import SharedModel, bundle
from rnn_widgets.widgets.encoding import encode
from rnn_widgets.widgets.parts import LISTED_TOKENS, Parts, is_large

LONGEST_PATTERN = 1000


class Recording(SharedModel):
    """One `Activations` object as a synced model; all its views in a page share one copy of each array.

    Nothing here can be written from the browser. The browser asks for an array with the message `{need: name}` and for
    a new feature with `{add_feature: pattern}`; each array is sent once.

    Attributes:
        tokens, documents, joiner, network: as in the `Text` and the `Activations`.
        signals: for each recorded (signal, layer) its number of neurons and the limits of its colour scale.
        features: name of each feature, and a message where its relevance is 0 for every neuron.
        predictions: for each token the likeliest next tokens with their probabilities; empty until first needed.
        values_{signal}_{layer} (H, T), spectrum_{signal}_{layer} (H, K), relevance_{signal}_{layer} (F, H),
        clusters_{signal}_{layer} (1, H), masks (F, T), surprisal (1, T): bytes written by `encode`, empty until first
        needed. A signal of more than 16 million cells has overview_{signal}_{layer} (H, B) and means_{signal}_{layer}
        (1, H) in place of values and spectrum; rows, regions and spectra of it are asked for with `{get: [name, ...]}`.
        offers: names of all arrays that can be needed.
        fetched: parts of a large recording by name, for a page without a kernel.
    """

    _esm = bundle("recording.js")

    tokens: t.List[str] = t.List().tag(sync=True)
    documents: t.List[int] = t.List().tag(sync=True)
    joiner = t.Unicode().tag(sync=True)
    network = t.Unicode().tag(sync=True)
    signals: t.List[dict[str, object]] = t.List().tag(sync=True)
    features: t.List[dict[str, str | None]] = t.List().tag(sync=True)
    predictions: t.List[list[tuple[str, float]]] = t.List().tag(sync=True)
    offers: t.List[str] = t.List().tag(sync=True)
    fetched: t.Dict[str, bytes] = t.Dict().tag(sync=True)
    masks = t.Bytes(b"").tag(sync=True)
    surprisal = t.Bytes(b"").tag(sync=True)

    _of: ClassVar[WeakKeyDictionary[Activations, Recording]] = WeakKeyDictionary()

    def __init__(self, acts: Activations, features: Iterable[Feature] = ()) -> None:
        self.acts = acts
        self._features: dict[str, Feature] = {}
        self._mask_rows: dict[str, Mask] = {}
        self._relevance: dict[tuple[str, SignalKey], Relevance] = {}
        self._parts = Parts(acts)
        self._producers: dict[str, Callable[[], object]] = {"masks": self._encoded_masks}
        if acts.surprisal is not None:
            row = acts.surprisal[np.newaxis]
            self._producers["surprisal"] = lambda: encode(row)
        listed = acts.predictions is not None and len(acts) <= LISTED_TOKENS
        if listed:
            self._producers["predictions"] = self._listed_predictions
        for key in acts:
            self._add_producers(key)
        names = [name for name in self._producers if not self.has_trait(name)]
        self.add_traits(**{name: t.Bytes(b"").tag(sync=True) for name in names})
        super().__init__(
            tokens=list(acts.tokens),
            documents=list(acts.text.documents),
            joiner=acts.text.joiner,
            network=acts.network,
            signals=[_signal_info(key, acts[key]) | {"large": is_large(acts, key)} for key in acts],
            offers=[*self._producers, *([] if listed or acts.predictions is None else ["fetched_predictions"])],
        )
        self.on_msg(self._answer)
        self.add_features(features)

    @classmethod
    def of(cls, source: Activations | Recording) -> Recording:
        """The one shared recording of these activations; a recording is returned as it is.

        Raises:
            TypeError: if it is neither.
        """
        if isinstance(source, Recording):
            return source
        if not isinstance(source, Activations):
            raise TypeError(
                "Expected Activations (from rnn_widgets.record or Activations.from_arrays), "
                f"got {type(source).__name__}."
            )
        known = cls._of.get(source)
        if known is None or known.comm is None:
            known = cls._of[source] = cls(source)
        return known

    def close(self) -> None:
        """Takes the recording off every page; the next view of these activations makes a new one."""
        if self.comm is not None and self._of.get(self.acts) is self:
            del self._of[self.acts]
        super().close()

    @property
    def feature_names(self) -> list[str]:
        return list(self._features)

    def feature(self, name: str) -> Feature:
        """The feature with this name."""
        return self._features[name]

    def add_features(self, features: Iterable[Feature], *, rename: bool = False) -> list[str]:
        """Appends features for every view; one that is there already stays as it is.

        Args:
            features: the features.
            rename: whether a feature gets a number where another one of its name marks other tokens, as when a cell
                with an edited function runs again.

        Returns:
            The name that each feature has here.

        Raises:
            TypeError: if something is not a Feature.
            ValueError: if another feature of the same name marks other tokens, and `rename` is false.
        """
        given = [self._renamed(feature) if rename else feature for feature in _checked_features(features)]
        names = [feature.name for feature in given]
        new = [feature for feature in given if self._is_new(feature)]
        if not new:
            return names
        for feature in new:
            self._features[feature.name] = feature
        entries = [{"name": feature.name, "message": self._message(feature.name)} for feature in new]
        for name in self._producers:
            if (name == "masks" or name.startswith("relevance_")) and getattr(self, name):
                setattr(self, name, self._producers[name]())
        self.features = [*self.features, *entries]
        return names

    def mask(self, name: str) -> Mask:
        """Which tokens have the feature: bool (T,)."""
        if name not in self._mask_rows:
            self._mask_rows[name] = self._features[name].mask(self.acts.text)
        return self._mask_rows[name]

    def relevance(self, name: str, signal: str, layer: int) -> Relevance:
        """Relevance of the feature with this name (method "thesis"), computed once."""
        key = self.acts.key(signal, layer)
        if (name, key) not in self._relevance:
            mask = self.mask(name)
            self._relevance[name, key] = relevance(
                self.acts, Feature(name, lambda _: mask), signal=key[0], layer=key[1]
            )
        return self._relevance[name, key]

    def require(self, *names: str) -> None:
        """Fills the arrays with these names, so that the browser has them; those already filled stay.

        Raises:
            KeyError: if there is no such array.
        """
        for name in names:
            if not getattr(self, name):
                setattr(self, name, self._producers[name]())

    def encoded(self, name: str) -> object:
        """The array with this name as the browser gets it, whether it was sent already or not.

        Raises:
            KeyError: if there is no such array.
        """
        return getattr(self, name) or self._producers[name]()

    def part(self, name: str) -> bytes:
        """A part of a large recording as the browser gets it; `keep` says how parts are named.

        Raises:
            ValueError: if there is no such part.
        """
        return self._parts.answer(name)

    def require_all(self) -> None:
        """Fills every array, for a page that has no kernel; of a large recording what there is without asking."""
        self.require(*self._producers)

    def keep(self, *names: str) -> None:
        """Puts parts of a large recording into `fetched`, for a page that has no kernel.

        Args:
            names: as the browser asks for them, JSON lists such as `["row", "hidden", 0, 17]`.

        Raises:
            ValueError: if there is no such part.
        """
        self.fetched = self.fetched | {name: self._parts.answer(name) for name in names if name not in self.fetched}

    def _message(self, name: str) -> str | None:
        key = self._default_key()
        # Of a large recording only what the tokens tell: its relevance takes a second, and waits until it is needed.
        return nothing_to_compare(self.mask(name)) if is_large(self.acts, key) else self.relevance(name, *key).message

    def _default_key(self) -> SignalKey:
        signal = "hidden" if "hidden" in self.acts.signals else self.acts.signals[0]
        return self.acts.key(signal)

    def _renamed(self, feature: Feature) -> Feature:
        mask = feature.mask(self.acts.text)
        name = feature.name
        number = 2
        while name in self._features and not np.array_equal(self.mask(name), mask):
            name = f"{feature.name} ({number})"
            number += 1
        return Feature(name, feature.compute)

    def _is_new(self, feature: Feature) -> bool:
        mask = feature.mask(self.acts.text)
        if feature.name not in self._features:
            self._mask_rows[feature.name] = mask
            return True
        if not np.array_equal(self.mask(feature.name), mask):
            raise ValueError(
                f"There is a feature named {feature.name!r} already, and it marks other tokens. Give the new one "
                "another name with name=."
            )
        return False

    def _add_producers(self, key: SignalKey) -> None:
        suffix = f"{key[0]}_{key[1]}"
        values = self.acts[key]
        if is_large(self.acts, key):
            self._producers[f"overview_{suffix}"] = lambda: self._parts.overview(key)
            self._producers[f"means_{suffix}"] = lambda: self._parts.means(key)
        else:
            bounded = key[0] in SIGNAL_RANGES
            self._producers[f"values_{suffix}"] = lambda: encode(values.T, large=True, bounded=bounded)
            self._producers[f"spectrum_{suffix}"] = lambda: encode(spectrum(self.acts, *key).amplitude)
        self._producers[f"relevance_{suffix}"] = lambda: self._encoded_relevance(key)
        self._producers[f"clusters_{suffix}"] = lambda: encode(cluster_order(values)[np.newaxis])

    def _encoded_masks(self) -> bytes:
        rows: list[NDArray[np.bool_]] = [self.mask(name) for name in self._features]
        return encode(np.array(rows, np.float32).reshape(len(rows), len(self.acts)), exact_bytes=True)

    def _encoded_relevance(self, key: SignalKey) -> bytes:
        rows = [self.relevance(name, *key).scores for name in self._features]
        return encode(np.array(rows, np.float32).reshape(len(rows), self.acts.neurons(*key)))

    def _listed_predictions(self) -> list[list[tuple[str, float]]]:
        predictions = self.acts.predictions
        return [] if predictions is None else predictions.listed(0, len(self.acts))

    def _answer(self, _: object, content: object, __: object) -> None:
        if not isinstance(content, dict):
            return
        match content:
            case {"need": str(name)} if name in self._producers:
                self.require(name) if not getattr(self, name) else self.send_state(name)
            case {"ping": _}:
                self.send({"pong": True})
            case {"get": [*names]}:
                self._send_parts([name for name in names if isinstance(name, str)])
            case {"add_feature": str(pattern)}:
                self._add("pattern", pattern, lambda: _pattern(pattern))
            case {"add_spans": {"name": str(name), "spans": [*given]}}:
                self._add("spans", name, lambda: spans([(start, stop) for start, stop in given], name=name))

    def _send_parts(self, names: list[str]) -> None:
        """Answers as far as it can: whoever asked for what there is not need not wait for it."""
        answers = {}
        for name in names:
            try:
                answers[name] = self._parts.answer(name)
            except ValueError as error:
                self.log.warning("%s", error)
        self.send({"got": list(answers)}, list(answers.values()))

    def _add(self, kind: str, asked: str, make: Callable[[], Feature]) -> None:
        try:
            feature = make()
            self.add_features([feature])
        except (TypeError, ValueError) as error:
            self.send({kind: asked, "error": str(error)})
        else:
            self.send({kind: asked, "added": feature.name})


def _pattern(pattern: str) -> Feature:
    if not 0 < len(pattern) <= LONGEST_PATTERN:
        raise ValueError(f"A pattern has 1 to {LONGEST_PATTERN} characters, this one has {len(pattern)}.")
    return regex(pattern)


def _checked_features(features: Iterable[Feature]) -> list[Feature]:
    if isinstance(features, Feature):
        features = [features]
    listed = list(features)
    for feature in listed:
        if not isinstance(feature, Feature):
            raise TypeError(
                f"features= takes a list of features such as rnn_widgets.features.regex(' '), got {feature!r} "
                f"({type(feature).__name__})."
            )
    return listed


def _signal_info(key: SignalKey, values: Floats) -> dict[str, object]:
    lowest, highest = float(values.min()), float(values.max())
    low, high = SIGNAL_RANGES.get(key[0], (0.0, 0.0))
    if lowest < low or highest > high:
        high = max(abs(lowest), abs(highest))
        low = -high if lowest < 0 else 0.0
    if low == high:
        low, high = 0.0, 1.0
    return {
        "signal": key[0],
        "layer": key[1],
        "neurons": values.shape[1],
        "low": low,
        "high": high,
        "two_sided": low < 0,
    }
