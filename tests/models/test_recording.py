from __future__ import annotations

import jax
import numpy as np
import pytest
from flax import nnx

from rnn_widgets.models import Architecture, LanguageModel, Network, generate, record
from rnn_widgets.models.parameters import parameter_arrays
from rnn_widgets.text import Text, Vocabulary

PASSAGE = (
    'The whale, the white whale! "Stern all!" cried Starbuck; but it was too late. '
    "Slowly the Pequod turned, and the sea closed over her masts.\n\nThen all was still."
)


@pytest.fixture(scope="module")
def two_layers() -> LanguageModel:
    vocabulary = Vocabulary.from_tokens("abcdefgh ")
    architecture = Architecture("lstm", len(vocabulary), 6, 12, layers=2)
    return LanguageModel(Network(architecture, jax.random.key(3)), vocabulary, "characters")


def test_the_lstms_equations_hold_on_what_is_recorded(word_lstm: LanguageModel) -> None:
    acts = record(word_lstm, PASSAGE)
    names = ("cell", "input_gate", "forget_gate", "cell_gate", "output_gate", "hidden")
    c, i, f, g, o, h = (acts[name].astype(np.float64) for name in names)
    before = np.vstack([np.zeros_like(c[:1]), c[:-1]])
    tolerance = 1e-6 * np.maximum(1, np.abs(c))
    assert (np.abs(c - (f * before + i * g)) <= tolerance).all()
    assert (np.abs(h - o * np.tanh(c)) <= tolerance).all()


def test_the_vanilla_networks_hidden_state_is_the_tanh_of_its_pre_activation(char_rnn: LanguageModel) -> None:
    acts = record(char_rnn, PASSAGE)
    assert acts.signals == ("hidden", "pre_activation")
    assert np.abs(acts["hidden"] - np.tanh(acts["pre_activation"].astype(np.float64))).max() <= 1e-6
    assert np.abs(acts["pre_activation"]).max() > 1


def slow_reading(model: LanguageModel, tokens: tuple[str, ...]) -> tuple[np.ndarray, np.ndarray]:
    """Hidden states (T, H) of a one-layer network, and probabilities (T, V) after each token, an obvious way."""
    weights = {
        name: array.astype(np.float64) for name, array in parameter_arrays(nnx.state(model.module, nnx.Param)).items()
    }
    neurons = model.architecture.hidden
    h, c, states, expected = np.zeros(neurons), np.zeros(neurons), [], []
    for token in tokens:
        x = weights["embedding"][model.vocabulary.tokens.index(token)]
        a = x @ weights["layers.0.input"] + h @ weights["layers.0.recurrent"] + weights["layers.0.bias"]
        if model.architecture.cell == "lstm":
            i, f, g, o = a[:neurons], a[neurons : 2 * neurons], a[2 * neurons : 3 * neurons], a[3 * neurons :]
            c = c / (1 + np.exp(-f)) + np.tanh(g) / (1 + np.exp(-i))
            h = np.tanh(c) / (1 + np.exp(-o))
        else:
            h = np.tanh(a)
        if model.architecture.tied:
            logits = h @ weights["projection"] @ weights["embedding"].T + weights["readout_bias"]
        else:
            logits = h @ weights["readout"] + weights["readout_bias"]
        exponentials = np.exp(logits - logits.max())
        states.append(h)
        expected.append(exponentials / exponentials.sum())
    return np.array(states), np.array(expected)


@pytest.mark.parametrize("name", ["word_lstm", "char_lstm", "char_rnn"])
def test_recording_equals_a_slow_obvious_reading(name: str, request: pytest.FixtureRequest) -> None:
    model: LanguageModel = request.getfixturevalue(name)
    acts = record(model, "The white whale was in the sea.")
    states, expected = slow_reading(model, acts.tokens)
    np.testing.assert_allclose(acts["hidden"], states, atol=2e-4)
    assert acts.surprisal is not None and acts.predictions is not None
    assert np.isnan(acts.surprisal[0])
    following = [model.vocabulary.tokens.index(token) for token in acts.tokens[1:]]
    bits = -np.log2(expected[np.arange(len(following)), following])
    np.testing.assert_allclose(acts.surprisal[1:], bits, rtol=2e-3, atol=2e-3)
    best = np.sort(expected, axis=1)[:, ::-1][:, :5]
    np.testing.assert_allclose(acts.predictions.probabilities, best, atol=1e-3)
    for t in range(len(acts)):
        np.testing.assert_allclose(expected[t][acts.predictions.tokens[t]], best[t], atol=1e-3)


def test_predictions_fall_and_are_probabilities_of_known_tokens(word_lstm: LanguageModel) -> None:
    acts = record(word_lstm, PASSAGE)
    predictions = acts.predictions
    assert predictions is not None
    assert predictions.tokens.shape == (len(acts), 5)
    assert (np.diff(predictions.probabilities, axis=1) <= 0).all()
    assert (predictions.probabilities > 0).all() and (predictions.probabilities.sum(axis=1) <= 1 + 1e-5).all()
    after_a_word = acts.tokens.index("whale")
    assert acts.tokens[after_a_word - 1] == " "
    assert {",", " "} <= {token for token, _ in predictions.at(after_a_word)}


def test_all_predictions_of_a_small_vocabulary_sum_to_one(two_layers: LanguageModel) -> None:
    acts = record(two_layers, "abc abc", predictions=10)
    assert acts.predictions is not None
    np.testing.assert_allclose(acts.predictions.probabilities.sum(axis=1), 1, atol=1e-6)


def test_a_vocabulary_of_fewer_than_five_tokens_is_predicted_whole() -> None:
    vocabulary = Vocabulary.from_tokens("ab")
    network = Network(Architecture("vanilla", len(vocabulary), 2, 3), jax.random.key(0))
    model = LanguageModel(network, vocabulary, "characters")
    predictions = record(model, "abba").predictions
    assert predictions is not None and predictions.tokens.shape == (4, 3)
    with pytest.raises(ValueError, match="from 0 to the vocabulary's 3, got 5"):
        record(model, "abba", predictions=5)


def test_recording_twice_is_the_same_to_the_last_bit(word_lstm: LanguageModel) -> None:
    first, second = record(word_lstm, PASSAGE), record(word_lstm, PASSAGE)
    for key in first.values:
        np.testing.assert_array_equal(first.values[key], second.values[key])
    np.testing.assert_array_equal(first.surprisal, second.surprisal)
    assert first.network == second.network == word_lstm.network


@pytest.mark.parametrize("name", ["word_lstm", "char_rnn", "two_layers"])
def test_documents_recorded_together_equal_those_recorded_one_by_one(name: str, request: pytest.FixtureRequest) -> None:
    model: LanguageModel = request.getfixturevalue(name)
    long = generate(model, "a", length=300, seed=0)
    lengths = [301, 1, 40, 128, 129, 7, 2, 64, 250, 127, 300]
    documents = [Text(long.tokens[-length:]) for length in lengths]
    together = record(model, documents)
    for part, document in zip(together.text.slices(), documents, strict=True):
        alone = record(model, document)
        for key in alone.values:
            np.testing.assert_array_equal(alone.values[key], together.values[key][part])
        np.testing.assert_array_equal(alone.surprisal, together.surprisal[part])
        np.testing.assert_array_equal(alone.predictions.tokens, together.predictions.tokens[part])
        np.testing.assert_array_equal(alone.predictions.probabilities, together.predictions.probabilities[part])


@pytest.mark.parametrize("piece", [1, 17, 100])
def test_a_text_in_pieces_equals_the_text_at_once(char_rnn: LanguageModel, piece: int) -> None:
    text = generate(char_rnn, "The", length=200, seed=1)
    at_once, in_pieces = record(char_rnn, text), record(char_rnn, text, piece=piece)
    for key in at_once.values:
        np.testing.assert_array_equal(at_once.values[key], in_pieces.values[key])
    np.testing.assert_array_equal(at_once.surprisal, in_pieces.surprisal)


def test_the_second_layer_is_recorded_and_not_the_first(two_layers: LanguageModel) -> None:
    acts = record(two_layers, "abc hgf", signals=["hidden", "cell"])
    assert acts.layers == (0, 1) and acts.signals == ("hidden", "cell")
    assert np.abs(acts["hidden", 0] - acts["hidden", 1]).max() > 1e-3


def test_layers_are_chosen_by_number(two_layers: LanguageModel) -> None:
    whole = record(two_layers, "abc hgf")
    for layers, kept in ((-1, (1,)), ([0], (0,)), ([-1, 0, 1], (0, 1))):
        acts = record(two_layers, "abc hgf", layers=layers)
        assert acts.layers == kept and acts.signals == whole.signals
        for key in acts:
            np.testing.assert_array_equal(acts[key], whole[key])


def test_an_unknown_word_keeps_its_form_and_is_read_as_unknown(word_lstm: LanguageModel) -> None:
    acts = record(word_lstm, "the xyzzy whale")
    assert "xyzzy" in acts.tokens and "xyzzy" not in word_lstm.vocabulary
    as_unknown = record(word_lstm, Text(tuple("<unk>" if t == "xyzzy" else t for t in acts.tokens)))
    np.testing.assert_array_equal(acts["hidden"], as_unknown["hidden"])
    np.testing.assert_array_equal(acts.surprisal, as_unknown.surprisal)


def test_a_text_is_not_tokenised_again(word_lstm: LanguageModel) -> None:
    text = Text(("the whale", " ", "swam"))
    assert record(word_lstm, text).tokens == text.tokens


def test_bad_arguments_are_named(word_lstm: LanguageModel) -> None:
    with pytest.raises(ValueError, match="empty"):
        record(word_lstm, "")
    with pytest.raises(TypeError, match="int"):
        record(word_lstm, 3)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="no signal 'reset_gate'"):
        record(word_lstm, "the", signals=["reset_gate"])
    with pytest.raises(ValueError, match="at least one signal"):
        record(word_lstm, "the", signals=[])
    with pytest.raises(ValueError, match="piece is a number of tokens from 1 to 128, got 0"):
        record(word_lstm, "the", piece=0)
    for layers in (1, [], [0, -2]):
        with pytest.raises(ValueError, match=r"has the layers \[0\], got layers="):
            record(word_lstm, "the", layers=layers)
    with pytest.raises(ValueError, match="devices is a number from 1 to"):
        record(word_lstm, "the", devices=0)
    with pytest.raises(ValueError, match="predictions"):
        record(word_lstm, "the", predictions=-1)
