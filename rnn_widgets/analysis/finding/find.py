"""Looking for neurons that respond to features: found in some documents, and confirmed in others."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

import numpy as np
import scipy.stats
from numpy.typing import NDArray

from rnn_widgets.activations import Activations, Doubles, Neurons
from rnn_widgets.analysis.effects import Shifted, auc_beyond_token
from rnn_widgets.analysis.finding.evidence import LAGS, Evidence, Side
from rnn_widgets.analysis.finding.findings import Findings
from rnn_widgets.analysis.finding.ledger import Ledger
from rnn_widgets.analysis.finding.telling import varied, what_can_be_told
from rnn_widgets.analysis.finding.twins import FEWEST_TWINS, largest_of_given, largest_of_made
from rnn_widgets.analysis.finding.use import Model, Use, use_of
from rnn_widgets.analysis.multiple import in_families, simes
from rnn_widgets.analysis.shifts import shift_scores
from rnn_widgets.analysis.swaps import FEWEST_DOCUMENTS, covariances, groups_of_a_length, swap_test
from rnn_widgets.features import Feature

_MOST_CLAMPED = 20_000
"""Tokens that are read for every clamp, more or less."""


def find_neurons(
    acts: Activations,
    features: Feature | Iterable[Feature],
    held_out: Activations | None = None,
    *,
    model: Model | None = None,
    twins: Sequence[Activations] | int | None = None,
    ledger: Ledger | None = None,
    neurons: Neurons | None = None,
    q: float = 0.05,
    seed: int = 0,
    signal: str = "hidden",
    layer: int = -1,
) -> Findings:
    """Finds the neurons that respond to features of the text, and tells which of them would be there by chance.

    In some of the documents, each neuron's covariance with each feature, up to eight tokens before and after, is
    compared with that at all circular shifts of the text, and candidates are chosen for which it stands out. In the
    others, a candidate must follow the feature of its own document, at the same lag and with the same sign, more
    closely than the features of other documents. Both steps are corrected for how many neurons and features were
    looked at (Benjamini and Bogomolov 2014): of the findings of a feature that has any, a share of `q` is chance.
    There is too little evidence where a feature has fewer than 20 separate runs, where fewer than 5 documents confirm,
    and where even a neuron that is the feature itself would not stand out, as in documents that are all alike.

    Args:
        acts: a recording.
        features: what to look for.
        held_out: a recording of the same network reading other documents, which confirm; by default half of the
            documents of `acts` do.
        model: the network of the recording, a `LanguageModel`, which tells what a neuron is used for: it reads the
            documents that confirm, or their beginnings, with one neuron of those found after the other held at its
            mean. A neuron is used if that makes the feature's tokens more surprising than others: by 0.01 bits or more,
            with an interval (95 %, over documents) above 0, and more so than as many random tokens of each document.
        twins: recordings of untrained networks of the same architecture that read the text that confirms: of
            `held_out`, else of `acts`; or how many of them the model shall make, 20 by default. A neuron has learned
            a feature if its effect is larger by 0.05, and by three standard deviations, than the mean of the largest
            in each twin at the same lag; at least 20 can tell.
        ledger: what was looked for earlier, which is then corrected for too; these features are added to it.
        neurons: which to look at; all by default. Only those are corrected for, so choose them before you have seen
            what they do in these recordings.
        q: the share of findings that may be chance.
        seed: of how documents are parted, and of the swaps.
        signal: which signal of the neurons,
        layer: and which layer.

    Raises:
        KeyError: for an unknown signal or layer.
        TypeError: if a feature is not a Feature.
        ValueError: if there is none, two have one name, `q` is not between 0 and 1, there is no such neuron, or the
            recordings or the model do not fit.
    """
    check(q, acts, model, twins)
    evidence = Evidence.of(acts, features, held_out, neurons, seed, signal, layer)
    found = found_in(evidence, ledger, q, seed)
    return asked(found, found.adjusted <= q, evidence, model, twins, seed)


def check(q: float, acts: Activations, model: Model | None, twins: Sequence[Activations] | int | None) -> None:
    """Checks what a recording can not tell.

    Raises:
        ValueError: if `q` is not between 0 and 1, the model is another's, or twins are neither recordings nor a number.
    """
    if not 0 < q < 1:
        raise ValueError(f"q is the share of findings that may be chance, between 0 and 1, got {q!r}.")
    if model is not None and model.network != acts.network:
        raise ValueError(f"The recording shows another network than model: {acts.network!r}, not {model.network!r}.")
    if isinstance(twins, int) and (model is None or isinstance(twins, bool) or twins < 0):
        raise ValueError(f"twins are recordings, or with model= a number from 0, got {twins!r}.")


def found_in(evidence: Evidence, ledger: Ledger | None, q: float, seed: int) -> Findings:
    """What the recordings tell: candidates, and which of them are confirmed."""
    signal, layer, second = evidence.signal, evidence.layer, evidence.second
    if not (ledger is None or isinstance(ledger, Ledger)):
        raise TypeError(f"What was looked for earlier is a Ledger, got {ledger!r}.")
    others = 0 if ledger is None else ledger.note(evidence.acts, signal, layer, evidence.masks)
    enough, why_not = what_can_be_told(evidence, q)
    z = shift_scores(evidence.searched, evidence.seen, Shifted(evidence.seen, evidence.first.documents, LAGS))
    best = np.abs(np.nan_to_num(z)).argmax(axis=1)
    p_screen = np.where(enough[:, None], simes(np.moveaxis(2 * scipy.stats.norm.sf(np.abs(z)), 1, 2)), np.nan)
    candidates = in_families(p_screen, q, others).adjusted <= q
    p_confirm = _confirmed(evidence, candidates, best, np.sign(_at(z, best)), q, seed)
    adjusted = np.where(enough[:, None], np.nan_to_num(in_families(p_confirm, q, others).adjusted, nan=1.0), np.nan)
    kinds = second.kinds(evidence.confirming.text)
    effect, beyond = auc_beyond_token(evidence.rows, evidence.shifted, kinds, best)
    # at other lags a document's beginning or end lacks a feature that every token has
    nothing = ~varied(evidence.unseen)
    effect[nothing] = beyond[nothing] = np.nan
    return Findings(
        features=evidence.features,
        neurons=evidence.neurons,
        hidden=evidence.acts.neurons(signal, layer),
        effect=effect,
        beyond_token=beyond,
        lag=np.array(LAGS)[best],
        p_screen=p_screen,
        p_confirm=p_confirm,
        adjusted=adjusted,
        runs=evidence.runs,
        largest_of_twins=None,
        use=None,
        q=q,
        signal=signal,
        layer=layer,
        notes=_notes_of_recordings(evidence.note, second, why_not, others),
    )


def asked(
    found: Findings,
    about: NDArray[np.bool_],
    evidence: Evidence,
    model: Model | None,
    twins: Sequence[Activations] | int | None,
    seed: int,
) -> Findings:
    """What is found, with what untrained twins and the network itself say of it.

    Args:
        found: in the recordings.
        about: bool (F, N), which findings the network is asked about.
        evidence: that it was found in.
        model: as `find_neurons` takes it,
        twins: and these,
        seed: and this.
    """
    second, signal, layer = evidence.second, evidence.signal, evidence.layer
    largest, use, part = None, None, None
    if isinstance(twins, Sequence):
        largest = largest_of_given(twins, evidence.confirming, second, evidence.shifted, signal, layer)
    elif model is not None and about.any():
        number = FEWEST_TWINS if twins is None else twins
        largest = largest_of_made(model, number, evidence.confirming, second, evidence.shifted, seed, signal, layer)
    if model is not None and about.any():
        part = second.beginnings(_MOST_CLAMPED)
        held, text = evidence.held[:, part.at], part.text(evidence.confirming.text)
        use = use_of(model, text, held, evidence.features, about, evidence.neurons, signal, layer)
    if largest is not None:
        largest = np.take_along_axis(largest, (found.lag - LAGS[0])[None], axis=2)
    untold = _untold(found.features, use)
    notes = *found.notes, *_notes_of_network(second, twins, largest, model, part, untold)
    return replace(found, largest_of_twins=largest, use=use, notes=notes)


def _confirmed(
    evidence: Evidence,
    candidates: NDArray[np.bool_],
    best: NDArray[np.intp],
    signs: Doubles,
    q: float,
    seed: int,
) -> Doubles:
    """p-values (F, N) of the candidates, 1 where the sign is not the one found; NaN of all others."""
    p = np.full(candidates.shape, np.nan)
    if not candidates.any():
        return p
    groups = groups_of_a_length(evidence.second.documents)
    pairs, products = [], []
    for feature, place in sorted({(int(f), int(best[f, h])) for f, h in np.argwhere(candidates)}):
        neurons = np.flatnonzero(candidates[feature] & (best[feature] == place))
        pairs += [(feature, neuron) for neuron in neurons]
        values, mask = evidence.rows[neurons], evidence.unseen[feature]
        products.append([covariances(values, mask, group, LAGS[place]) for group in groups])
    swapped = swap_test([np.concatenate(parts) for parts in zip(*products, strict=True)], q, seed)
    for (feature, neuron), z, chance in zip(pairs, *swapped, strict=True):
        p[feature, neuron] = chance if np.sign(z) == signs[feature, neuron] else 1.0
    return p


def _at(found: Doubles, best: NDArray[np.intp]) -> Doubles:
    """Of numbers (F, L, N) those at the best lags, (F, N)."""
    return np.take_along_axis(found, best[:, None], axis=1)[:, 0]


def _untold(names: Sequence[str], use: Use | None) -> list[str]:
    """The features whose neurons were clamped, but of whose effect there is no interval."""
    if use is None:
        return []
    rows = np.isfinite(use.effect).any(axis=1) & np.isnan(use.low).all(axis=1)
    return [names[row] for row in np.flatnonzero(rows).tolist()]


def _notes_of_recordings(note: str | None, side: Side, why_not: Sequence[str], others: int) -> tuple[str, ...]:
    """What has to be known of the text."""
    notes = [*([] if note is None else [note]), *why_not]
    if len(side.documents) < FEWEST_DOCUMENTS:
        notes.append(
            f"Nothing can be confirmed: it takes at least {FEWEST_DOCUMENTS} other documents, and there are "
            f"{len(side.documents)}."
        )
    if others:
        notes.append(f"{others} features looked for earlier count as well.")
    return tuple(notes)


def _notes_of_network(
    side: Side,
    twins: Sequence[Activations] | int | None,
    largest: Doubles | None,
    model: Model | None,
    clamped: Side | None,
    untold: Sequence[str],
) -> tuple[str, ...]:
    """What was not given, and how much of the text was read for it."""
    notes = []
    if model is not None and clamped is None:
        notes.append("No neuron was found, so the model was asked nothing.")
    if model is None and twins is None:
        notes.append("No untrained twins were given, so nothing is said of what was learned.")
    elif largest is not None and len(largest) < FEWEST_TWINS:
        notes.append(f"What was learned takes {FEWEST_TWINS} untrained twins or more, and there were {len(largest)}.")
    if model is None:
        notes.append("No model was given, so nothing is said of what a neuron is used for.")
    if clamped is not None and len(clamped.at) < len(side.at):
        notes.append(f"Neurons were clamped in {len(clamped.at):,} of {len(side.at):,} tokens, documents' beginnings.")
    if untold:
        notes.append(f"Too few documents have these features to say what neurons are used for: {', '.join(untold)}.")
    return tuple(notes)
