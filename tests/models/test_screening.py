from __future__ import annotations

import jax
import numpy as np
import pytest

from rnn_widgets import features
from rnn_widgets.models import Architecture, LanguageModel, Network, ablate, generate, record
from rnn_widgets.models.clamping import Subject
from rnn_widgets.models.screening import estimated_changes, looked_at, mean_signal
from rnn_widgets.text import Text, Vocabulary

LETTERS = "abcdef "
SPACE = features.regex(" ")
TEXT = Text.concatenate(
    [Text(tuple(np.random.default_rng(seed).choice(list(LETTERS), 20 + 30 * seed))) for seed in range(3)]
)
OF_EVERY_KIND = [
    ("lstm", "hidden", 1),
    ("lstm", "cell", 0),
    ("lstm", "forget_gate", 1),
    ("lstm", "output_gate", 0),
    ("gru", "hidden", 0),
    ("gru", "update_gate", 1),
    ("gru", "reset_gate", 0),
    ("gru_reset_before", "reset_gate", 1),
    ("gru_reset_before", "candidate", 0),
    ("vanilla", "pre_activation", 0),
    ("vanilla_relu", "hidden", 1),
]
"""States, gates, and what other neurons hear of besides the hidden state."""

STEADY = 3


def steady_model(cell_name: str) -> LanguageModel:
    """Neuron 3 of either layer hears nothing and keeps nothing, so that each of its signals is a constant."""
    vocabulary = Vocabulary.from_tokens(LETTERS)
    network = Network(Architecture(cell_name, len(vocabulary), 4, 8, layers=2), jax.random.key(4))
    network.embedding[...] = network.embedding[...] * 10
    blocks = network.cell.blocks
    columns = 8 * np.arange(len(blocks)) + STEADY
    constant = [{"forget_gate": -30.0, "update_gate": -30.0}.get(block, 0.5) for block in blocks]
    for layer in network.layers:
        layer.input[...] = layer.input[...].at[:, columns].set(0)
        layer.recurrent[...] = layer.recurrent[...].at[:, columns].set(0)
        layer.bias[...] = layer.bias[...].at[columns].set(np.float32(constant))
        if layer.recurrent_bias is not None:
            layer.recurrent_bias[...] = layer.recurrent_bias[...] + 1.0
    return LanguageModel(network, vocabulary, "characters")


@pytest.mark.parametrize(("cell", "signal", "layer"), OF_EVERY_KIND)
def test_the_estimate_of_a_tiny_clamp_is_what_it_changes(cell: str, signal: str, layer: int) -> None:
    model = steady_model(cell)
    (constant,) = np.unique(record(model, TEXT)[signal, layer][:, STEADY])
    value = float(constant) + 0.002
    exact = ablate(model, TEXT, SPACE, STEADY, value, signal, layer)
    subject = Subject.of(model, (layer, signal))
    values, marked = np.full(8, value, np.float32), (~SPACE.mask(TEXT)).astype(np.int64)
    estimate = estimated_changes(model, subject, looked_at(TEXT, model.vocabulary.encode(TEXT.tokens)), values, marked)
    expected = np.array([exact.at_feature[0], exact.elsewhere[0]])
    assert np.abs(expected).max() > 1e-6
    assert np.abs(estimate[:, STEADY] - expected).max() < 0.02 * np.abs(expected).max() + 3e-7


def test_estimates_and_means_do_not_depend_on_how_the_text_is_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    model = steady_model("lstm")
    numbers, marked = model.vocabulary.encode(TEXT.tokens), (~SPACE.mask(TEXT)).astype(np.int64)
    subject, values = Subject.of(model, (0, "cell")), np.zeros(8, np.float32)
    found = []
    for streams, steps in ((16, 128), (1, 7)):
        monkeypatch.setattr("rnn_widgets.models.screening._STREAMS", streams)
        monkeypatch.setattr("rnn_widgets.models.screening._STEPS", steps)
        reading = looked_at(TEXT, numbers)
        means = mean_signal(model, subject, reading)
        np.testing.assert_allclose(means, record(model, TEXT)["cell", 0].mean(axis=0), atol=1e-6)
        found.append(estimated_changes(model, subject, reading, values, marked))
    np.testing.assert_allclose(found[0], found[1], atol=1e-6)
    assert np.abs(found[0]).max() > 1e-2


def test_only_the_neurons_with_the_largest_estimates_and_those_named_are_clamped() -> None:
    model = steady_model("gru")
    screened = ablate(model, TEXT, SPACE, [STEADY, 6], screen=True, exactly=2, keep_tokens=True)
    every = ablate(model, TEXT, SPACE, keep_tokens=True)
    assert screened.neurons.tolist() == list(range(8))
    exact = screened.exact
    assert exact[STEADY] and exact[6] and 2 <= exact.sum() <= 4
    for name in ("at_feature", "elsewhere", "low", "high", "sums"):
        np.testing.assert_allclose(getattr(screened, name)[exact], getattr(every, name)[exact], atol=1e-4)
    assert screened.change is not None and every.change is not None
    np.testing.assert_allclose(screened.change[exact], every.change[exact], atol=1e-4)
    for name in ("low", "high", "sums", "change"):
        assert np.isnan(getattr(screened, name)[~exact]).all()
    assert np.isfinite(screened.effect).all()
    assert f"{exact.sum()} exact, {8 - exact.sum()} estimated" in repr(screened)
    np.testing.assert_array_equal(screened.to_frame()["exact"], exact)
    largest = ablate(model, TEXT, SPACE, screen=True, exactly=2)
    assert largest.exact.sum() == 2 and not (largest.exact & ~exact).any()


@pytest.mark.parametrize("signal", ["hidden", "cell"])
def test_estimates_find_the_neurons_that_matter_most_in_a_trained_network(
    char_lstm: LanguageModel, signal: str
) -> None:
    text = generate(char_lstm, "Call me", length=150, seed=0, documents=2)
    exact = ablate(char_lstm, text, SPACE, signal=signal).effect
    table = ablate(char_lstm, text, SPACE, signal=signal, screen=True, exactly=1)
    estimated = ~table.exact
    strongest = np.argsort(-np.abs(exact))[:32]
    proposed = np.argsort(-np.abs(table.effect))[:32]
    assert len(np.intersect1d(strongest, proposed)) >= 25
    chosen = strongest[estimated[strongest]]
    ranks = [np.argsort(np.argsort(values[chosen])) for values in (exact, table.effect)]
    assert np.corrcoef(*ranks)[0, 1] > 0.9
