"""The other way round: given a neuron, what it stands for."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from math import nan

import numpy as np
from numpy.typing import ArrayLike

from rnn_widgets import features as known
from rnn_widgets.activations import Activations, Doubles
from rnn_widgets.analysis.describing.behaviour import autocorrelation_time, contexts, saturations, time_constant
from rnn_widgets.analysis.describing.description import Description
from rnn_widgets.analysis.effects import effects
from rnn_widgets.analysis.finding.evidence import LAGS, Evidence
from rnn_widgets.analysis.finding.find import asked, check, found_in
from rnn_widgets.analysis.finding.ledger import Ledger
from rnn_widgets.analysis.finding.use import Model
from rnn_widgets.analysis.lines import Lines, find_lines
from rnn_widgets.analysis.multitaper import FEWEST_TOKENS
from rnn_widgets.analysis.rows import key_of, one_neuron
from rnn_widgets.features import Feature
from rnn_widgets.tagging import Tagger
from rnn_widgets.text import Text

_MOST_ASKED = 8
"""Features of which the network is asked whether it uses the neuron for them."""


def describe(
    acts: Activations,
    neuron: int,
    held_out: Activations | None = None,
    *,
    features: Iterable[Feature] | None = None,
    tagger: Tagger | str | None = None,
    model: Model | None = None,
    twins: Sequence[Activations] | int | None = None,
    ledger: Ledger | None = None,
    contexts_shown: int = 10,
    width: int = 20,
    q: float = 0.05,
    seed: int = 0,
    signal: str = "hidden",
    layer: int = -1,
) -> Description:
    """What a neuron stands for, among a library of features, and how it behaves.

    The features are sought and confirmed as by `find_neurons`, for this neuron alone. Those found are ordered by
    how many bits the neuron's activation tells of them, at the best lag, in the documents that confirm.

    Args:
        acts: a recording.
        neuron: its number.
        held_out: a recording of the same network reading other documents, which confirm; by default half of the
            documents of `acts` do.
        features: what it may stand for; by default `features.library` of this text.
        tagger: for the library's parts of speech; without one it has none.
        model: the network of the recording, which tells how long a clamp of the neuron is felt, and whether it is used
            for the eight features of which it tells most.
        twins: as `find_neurons` takes them.
        ledger: what was looked for earlier, which is then corrected for too; these features are added to it.
        contexts_shown: how many tokens to show at which it is highest, and as many at which it is lowest,
        width: and how many tokens before and after each.
        q: the share of findings that may be chance.
        seed: of how documents are parted, of the swaps, and of where the neuron is clamped.
        signal: which signal of the neuron,
        layer: and of which layer.

    Raises:
        KeyError: for an unknown signal or layer.
        TypeError: if a feature is not a Feature.
        ValueError: if there is no such neuron, no feature, `q` is not between 0 and 1, `contexts_shown` or `width` is
            below 0, or the recordings or the model do not fit.
    """
    check(q, acts, model, twins)
    signal, layer = key_of(acts, signal, layer)
    neuron, values = one_neuron(acts, neuron, (signal, layer))
    if contexts_shown < 0 or width < 0:
        raise ValueError(f"contexts_shown and width are numbers from 0, got {contexts_shown!r} and {width!r}.")
    if features is None:
        features = known.library(acts.text, surprisal=_surprisal(acts, held_out), tagger=tagger)
        if not features:
            raise ValueError(f"No feature of the library parts the {len(acts)} tokens of this text: give features=.")
    evidence = Evidence.of(acts, features, held_out, [neuron], seed, signal, layer)
    found = found_in(evidence, ledger, q, seed)
    told = effects(evidence.rows, evidence.shifted, "mutual_information")[..., 0]
    bits: Doubles = np.take_along_axis(told, found.lag - LAGS[0], axis=1)[:, 0]
    there = np.flatnonzero(found.adjusted[:, 0] <= q)
    about = np.zeros(found.adjusted.shape, bool)
    about[there[np.argsort(-bits[there], kind="stable")[:_MOST_ASKED]]] = True
    found = asked(found, about, evidence, model, twins, seed)
    felt = None if model is None else model.felt(acts.text, neuron, signal, layer, seed)
    rows = np.ascontiguousarray(values)[None]
    lines = () if len(acts) < FEWEST_TOKENS else find_lines(rows, [neuron], q)
    return Description(
        neuron=neuron,
        findings=found,
        bits=bits,
        lags=LAGS,
        profile=effects(evidence.rows, evidence.shifted, "auc")[..., 0],
        highest=contexts(acts.text, values, contexts_shown, width),
        lowest=tuple(
            one._replace(activation=-one.activation) for one in contexts(acts.text, -values, contexts_shown, width)
        ),
        saturation=saturations(acts, neuron, layer),
        autocorrelation_time=autocorrelation_time(values, acts.text.slices()),
        time_constant=nan if felt is None else time_constant(felt),
        felt=felt,
        lines=Lines(lines, q, signal, layer),
    )


def _surprisal(acts: Activations, held_out: Activations | None) -> Callable[[Text], ArrayLike] | None:
    """Gives the bits of the text of each recording, if all have them."""
    recordings = [one for one in (acts, held_out) if one is not None]
    if any(one.surprisal is None for one in recordings):
        return None

    def bits_of(text: Text) -> ArrayLike:
        for one in recordings:
            if one.text is text and one.surprisal is not None:
                return one.surprisal
        raise ValueError("The surprisal is known of the recordings' texts alone.")

    return bits_of
