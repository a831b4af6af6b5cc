"""Looking for neurons that respond to features: found in some documents, and confirmed in others."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
import scipy.stats
from numpy.typing import NDArray

from rnn_widgets.activations import Activations, Doubles, Floats
from rnn_widgets.analysis.effects import Shifted, beyond_token, effects
from rnn_widgets.analysis.finding.evidence import FEWEST_RUNS, Side, runs, sides
from rnn_widgets.analysis.finding.findings import FEWEST_TWINS, Findings
from rnn_widgets.analysis.finding.ledger import Ledger
from rnn_widgets.analysis.multiple import in_families, simes
from rnn_widgets.analysis.shifts import shift_scores
from rnn_widgets.analysis.swaps import FEWEST_DOCUMENTS, covariances, groups_of_a_length, swap_test
from rnn_widgets.features import Feature, Mask

LAGS = tuple(range(-8, 9))


def find_neurons(
    acts: Activations,
    features: Feature | Iterable[Feature],
    held_out: Activations | None = None,
    *,
    twins: Sequence[Activations] | None = None,
    ledger: Ledger | None = None,
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

    Args:
        acts: a recording.
        features: what to look for.
        held_out: a recording of the same network reading other documents, which confirm; by default half of the
            documents of `acts` do.
        twins: recordings of untrained networks of the same architecture that read the text that confirms: of
            `held_out`, else of `acts`. A neuron has learned a feature if its effect is larger by 0.05, and by three
            standard deviations, than the mean of the largest of each twin, at any lag; at least 20 can tell.
        ledger: what was looked for earlier, which is then corrected for too; these features are added to it.
        q: the share of findings that may be chance.
        seed: of how documents are parted, and of the swaps.
        signal: which signal of the neurons,
        layer: and which layer.

    Raises:
        KeyError: for an unknown signal or layer.
        TypeError: if a feature is not a Feature.
        ValueError: if there is none, two have one name, `q` is not between 0 and 1, or the recordings do not fit.
    """
    chosen = _named(features)
    if not 0 < q < 1:
        raise ValueError(f"q is the share of findings that may be chance, between 0 and 1, got {q!r}.")
    signal, layer = acts.key(signal, layer)
    confirming = acts if held_out is None else held_out
    if confirming.network != acts.network:
        raise ValueError(f"held_out shows another network: {confirming.network!r}, not {acts.network!r}.")
    if held_out is None:
        first, second, note = sides(acts.text, seed)
    else:
        first, second, note = Side.of(acts.text.slices()), Side.of(held_out.text.slices()), None
    masks = np.stack([feature.mask(acts.text) for feature in chosen])
    others = 0 if ledger is None else ledger.note(acts, signal, layer, masks)
    where = masks if held_out is None else np.stack([feature.mask(held_out.text) for feature in chosen])
    seen, unseen = masks[:, first.at], where[:, second.at]
    count = np.array([runs(a, first.documents) + runs(b, second.documents) for a, b in zip(seen, unseen, strict=True)])
    enough = (count >= FEWEST_RUNS) & (len(second.documents) >= FEWEST_DOCUMENTS)

    z = shift_scores(first.rows(acts, signal, layer), seen, Shifted(seen, first.documents, LAGS))
    best = np.abs(np.nan_to_num(z)).argmax(axis=1)
    p_screen = np.where(enough[:, None], simes(np.moveaxis(2 * scipy.stats.norm.sf(np.abs(z)), 1, 2)), np.nan)
    candidates = in_families(p_screen, q, others).adjusted <= q
    rows = second.rows(confirming, signal, layer)
    p_confirm = _confirmed(rows, unseen, second, candidates, best, np.sign(_at(z, best)), q, seed)
    adjusted = np.where(enough[:, None], np.nan_to_num(in_families(p_confirm, q, others).adjusted, nan=1.0), np.nan)

    shifted = Shifted(unseen, second.documents, LAGS)
    kinds = np.unique(np.array(confirming.tokens, object)[second.at].astype(str), return_inverse=True)[1]
    return Findings(
        features=tuple(feature.name for feature in chosen),
        effect=_at(effects(rows, shifted, "auc"), best),
        beyond_token=_at(beyond_token(rows, shifted, kinds), best),
        lag=np.array(LAGS)[best],
        p_screen=p_screen,
        p_confirm=p_confirm,
        adjusted=adjusted,
        runs=count,
        largest_of_twins=_of_twins(twins, confirming, second, shifted, signal, layer),
        q=q,
        signal=signal,
        layer=layer,
        notes=_notes(note, second, twins, others),
    )


def _named(features: Feature | Iterable[Feature]) -> list[Feature]:
    chosen = [features] if isinstance(features, Feature) else list(features)
    wrong = [feature for feature in chosen if not isinstance(feature, Feature)]
    if wrong:
        raise TypeError(f"find_neurons looks for a Feature, for example features.regex({' '!r}), got {wrong[0]!r}.")
    names = [feature.name for feature in chosen]
    twice = [name for name in names if names.count(name) > 1]
    if twice:
        raise ValueError(f"Two features have the name {twice[0]!r}: give one of them name=.")
    if not chosen:
        raise ValueError("There is no feature to look for.")
    return chosen


def _confirmed(
    rows: Floats,
    masks: Mask,
    side: Side,
    candidates: NDArray[np.bool_],
    best: NDArray[np.intp],
    signs: Doubles,
    q: float,
    seed: int,
) -> Doubles:
    """p-values (F, H) of the candidates, 1 where the sign is not the one found; NaN of all others."""
    p = np.full(candidates.shape, np.nan)
    if not candidates.any():
        return p
    groups = groups_of_a_length(side.documents)
    pairs, products = [], []
    for feature, place in sorted({(int(f), int(best[f, h])) for f, h in np.argwhere(candidates)}):
        neurons = np.flatnonzero(candidates[feature] & (best[feature] == place))
        pairs += [(feature, neuron) for neuron in neurons]
        products.append([covariances(rows[neurons], masks[feature], group, LAGS[place]) for group in groups])
    swapped = swap_test([np.concatenate(parts) for parts in zip(*products, strict=True)], q, seed)
    for (feature, neuron), z, chance in zip(pairs, *swapped, strict=True):
        p[feature, neuron] = chance if np.sign(z) == signs[feature, neuron] else 1.0
    return p


def _at(found: Doubles, best: NDArray[np.intp]) -> Doubles:
    """Of numbers (F, L, H) those at the best lags, (F, H)."""
    return np.take_along_axis(found, best[:, None], axis=1)[:, 0]


def _of_twins(
    twins: Sequence[Activations] | None,
    confirming: Activations,
    side: Side,
    shifted: Shifted,
    signal: str,
    layer: int,
) -> Doubles | None:
    """The largest size of an effect in each twin, over neurons and lags, (twins, F)."""
    if twins is None:
        return None
    largest = []
    for number, twin in enumerate(twins):
        if twin.tokens != confirming.tokens or twin.text.documents != confirming.text.documents:
            raise ValueError(f"Twin {number} has read another text than the one that confirms.")
        found = effects(side.rows(twin, signal, layer), shifted, "auc")
        largest.append(np.abs(np.nan_to_num(found)).max(axis=(1, 2)))
    return np.array(largest).reshape(len(twins), -1)


def _notes(note: str | None, side: Side, twins: Sequence[Activations] | None, others: int) -> tuple[str, ...]:
    """What was not given, or has to be known."""
    notes = [] if note is None else [note]
    if len(side.documents) < FEWEST_DOCUMENTS:
        notes.append(
            f"Nothing can be confirmed: it takes at least {FEWEST_DOCUMENTS} other documents, and there are "
            f"{len(side.documents)}."
        )
    if twins is None:
        notes.append("No untrained twins were given, so nothing is said of what was learned.")
    elif len(twins) < FEWEST_TWINS:
        notes.append(f"What was learned takes {FEWEST_TWINS} untrained twins or more, and {len(twins)} were given.")
    if others:
        notes.append(f"{others} features looked for earlier count as well.")
    return tuple(notes)
