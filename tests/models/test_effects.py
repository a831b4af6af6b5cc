from __future__ import annotations

from itertools import combinations

import jax
import numpy as np
import pytest

from rnn_widgets import features
from rnn_widgets.models import Ablation, Architecture, LanguageModel, Network, ablate
from rnn_widgets.models.contrast import Contrast, bootstrap, means, no_interval
from rnn_widgets.text import Text, Vocabulary

SPACE = features.regex(" ")


@pytest.fixture(scope="module")
def found() -> Ablation:
    vocabulary = Vocabulary.from_tokens("abcdef ")
    network = Network(Architecture("gru", len(vocabulary), 4, 7), jax.random.key(2))
    model = LanguageModel(network, vocabulary, "characters")
    return ablate(model, ["abc def fa", "cab face ", "bead a cab", "fed a bee"], SPACE, value=1.0)


def simulated(documents: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Sums and counts of 3 neurons whose true effects are 0, 0.5 and -1, with noise that documents share."""
    generator = np.random.default_rng(seed)
    counts = generator.integers(5, 40, (documents, 2))
    of_document = generator.normal(scale=0.3, size=(3, documents, 1))
    truth = np.array([[1.0, 1.0], [0.7, 0.2], [-1.0, 0.0]])[:, None]
    mean = truth + of_document * [1, -1] + generator.normal(size=(3, documents, 2)) / np.sqrt(counts)
    return mean * counts, counts


def test_the_interval_is_numpys_percentile_bootstrap_over_documents() -> None:
    sums, counts = simulated(6, 0)
    low, high = bootstrap(sums, counts, seed=3, interval=0.9, resamples=500)
    generator, effects = np.random.default_rng(3), []
    for _ in range(500):
        times = generator.multinomial(6, np.full(6, 1 / 6))
        drawn = np.repeat(np.arange(6), times)
        at, elsewhere = (sums[:, drawn, side].sum(axis=1) / counts[drawn, side].sum() for side in (0, 1))
        effects.append(at - elsewhere)
    np.testing.assert_allclose(low, np.percentile(effects, 5, axis=0))
    np.testing.assert_allclose(high, np.percentile(effects, 95, axis=0))


def test_drawing_in_blocks_draws_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    sums, counts = simulated(6, 0)
    at_once = bootstrap(sums, counts, 0, 0.95, 100)
    monkeypatch.setattr("rnn_widgets.models.contrast._DRAWS_AT_ONCE", 50)
    np.testing.assert_allclose(bootstrap(sums, counts, 0, 0.95, 100), at_once)


def test_ninety_percent_intervals_hold_the_truth_about_nine_times_in_ten() -> None:
    held = []
    for seed in range(200):
        low, high = bootstrap(*simulated(40, seed), seed=seed, interval=0.9, resamples=300)
        held.append((low <= [0, 0.5, -1]) & (high >= [0, 0.5, -1]))
    assert 0.84 < np.mean(held) < 0.95


def test_draws_without_any_token_of_the_feature_are_left_out() -> None:
    sums = np.array([[[2.0, 0.0], [4.0, 0.0], [0.0, 0.0], [0.0, 0.0]]])
    counts = np.array([[1, 5], [1, 5], [0, 5], [0, 5]])
    low, high = bootstrap(sums, counts, 0, 0.95, 400)
    assert low == 2 and high == 4
    assert means(sums, counts).tolist() == [[3.0], [0.0]]


def test_there_is_no_interval_where_one_document_holds_all_tokens_of_a_kind() -> None:
    assert no_interval(np.array([[1, 5], [2, 5]])) is None
    assert "of the feature" in str(no_interval(np.array([[1, 5], [0, 5]])))
    assert "without the feature" in str(no_interval(np.array([[1, 5], [3, 0]])))


def test_one_document_gives_no_interval_and_says_why(found: Ablation) -> None:
    vocabulary = Vocabulary.from_tokens("ab ")
    model = LanguageModel(Network(Architecture("vanilla", 4, 2, 3), jax.random.key(0)), vocabulary, "characters")
    alone = ablate(model, "ab ba ab", SPACE)
    assert np.isnan(alone.low).all() and np.isnan(alone.high).all() and np.isfinite(alone.effect).all()
    assert alone.message is not None and "in one. Give several documents" in alone.message
    assert alone.message in repr(alone)
    assert found.message is None and "No interval" not in repr(found)


def test_the_table_has_one_row_a_neuron(found: Ablation) -> None:
    frame = found.to_frame()
    assert list(frame.columns) == ["neuron", "at_feature", "elsewhere", "effect", "low", "high", "p_random", "exact"]
    assert frame["neuron"].tolist() == list(range(7)) and frame["exact"].all()
    np.testing.assert_array_equal(frame["effect"], frame["at_feature"] - frame["elsewhere"])
    assert (frame["low"] <= frame["effect"]).all() and (frame["effect"] <= frame["high"]).all()


def test_top_and_rank_follow_the_effect(found: Ablation) -> None:
    order = found.top(7)
    assert (np.diff(found.effect[order]) <= 0).all() and sorted(order) == list(range(7))
    assert [found.rank(neuron) for neuron in order] == [1, 2, 3, 4, 5, 6, 7]
    assert found.top(2) == order[:2] and found.top(0) == []
    with pytest.raises(ValueError, match="from 0, got -1"):
        found.top(-1)
    with pytest.raises(ValueError, match=r"Neuron 9 was not asked for. Ablated are 0, 1, 2"):
        found.rank(9)


def test_a_result_shows_its_sizes_and_cannot_be_changed(found: Ablation) -> None:
    best = found.top(1)[0]
    assert repr(found).startswith("""Ablation('" "', 'hidden', layer=0, value=1.0; 7 neurons (exact), """)
    assert f"largest effect {best}: {found.effect[best]:+.4f} [{found.low[best]:.4f}, " in repr(found)
    with pytest.raises(ValueError, match="read-only"):
        found.at_feature[0] = 1
    with pytest.raises(AttributeError):
        found.layer = 3  # type: ignore[misc]


def test_equal_seeds_give_equal_intervals(found: Ablation) -> None:
    np.testing.assert_array_equal((found.low, found.high), bootstrap(found.sums, found.counts, 0, 0.95, 2000))
    sums, counts = simulated(20, 0)
    ends = [bootstrap(sums, counts, seed, 0.95, 100)[0] for seed in (0, 0, 1)]
    assert (ends[0] == ends[1]).all() and (ends[0] != ends[2]).all()


def test_the_share_of_random_tokens_that_lose_as_much_is_that_of_all_choices() -> None:
    text = Text(tuple("abcdefabcdef"), (0, 6))
    marked = np.isin(np.arange(12), [1, 2, 8])
    contrast = Contrast.of(text, marked, "some")
    change = np.random.default_rng(0).normal(size=(5, 12)).astype(np.float32)
    change[:, [0, 6]] = np.nan
    change[4, marked] = 5
    observed = change[:, marked].sum(axis=1)
    chosen = [change[:, [*two, one]].sum(axis=1) for two in combinations(range(1, 6), 2) for one in range(7, 12)]
    share = (np.array(chosen) >= observed - 1e-5).mean(axis=0)
    np.testing.assert_allclose(contrast.p_random(change, 0, 4999), share, atol=0.03)
    assert share[4] == 1 / 50


def test_a_clamp_that_changes_nothing_does_as_much_at_any_tokens() -> None:
    contrast = Contrast.of(Text(tuple("abcabc"), (0, 3)), np.array([0, 1, 0, 0, 0, 1], bool), "some")
    assert contrast.p_random(np.zeros((2, 6), np.float32), 0, 9).tolist() == [1, 1]
