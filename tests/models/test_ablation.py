from __future__ import annotations

from functools import cache

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from rnn_widgets import features
from rnn_widgets.models import Architecture, LanguageModel, Network, ablate, ablate_each, record
from rnn_widgets.models.cells import CELLS
from rnn_widgets.models.clamping import ROWS, STEPS, Shape, Streams, Subject, clamped_bits
from rnn_widgets.text import Text, Vocabulary
from tests.models.clamped_reading import surprisal

LETTERS = "abcdefg "
NEURONS = 6
SPACE = features.regex(" ")
EVERY_SIGNAL = [
    (name, signal, number % 2) for name, cell in CELLS.items() for number, signal in enumerate(cell.signals)
]


@cache
def model_of(cell: str, layers: int = 2, seed: int = 0) -> LanguageModel:
    """A network with large weights, so that a clamp changes bits and not thousandths of them."""
    vocabulary = Vocabulary.from_tokens(LETTERS)
    architecture = Architecture(cell, len(vocabulary), 4, NEURONS, layers)
    network = Network(architecture, jax.random.key(seed))
    network.embedding[...] = network.embedding[...] * 15
    if network.readout is not None:
        network.readout[...] = network.readout[...] * 3
    return LanguageModel(network, vocabulary, "characters")


def text_of(*lengths: int, seed: int = 0) -> Text:
    generator = np.random.default_rng(seed)
    return Text.concatenate([Text(tuple(generator.choice(list(LETTERS), length))) for length in lengths])


TEXT = text_of(40, 1, 23, 37)


@pytest.mark.parametrize(("cell", "signal", "layer"), EVERY_SIGNAL)
def test_a_clamp_changes_what_it_changes_in_a_slow_and_obvious_reading(cell: str, signal: str, layer: int) -> None:
    model, chosen = model_of(cell), [0, 4]
    found = ablate(model, TEXT, SPACE, chosen, "mean", signal, layer, keep_tokens=True)
    means = record(model, TEXT)[signal, layer].mean(axis=0)
    before = surprisal(model, TEXT)
    space = SPACE.mask(TEXT)
    assert found.change is not None
    for row, neuron in enumerate(chosen):
        expected = surprisal(model, TEXT, (signal, layer, neuron, float(means[neuron]))) - before
        np.testing.assert_allclose(found.change[row], expected, atol=1e-4)
        assert found.at_feature[row] == pytest.approx(np.nanmean(expected[space]), abs=1e-4)
        assert found.elsewhere[row] == pytest.approx(np.nanmean(expected[~space]), abs=1e-4)
        assert found.effect[row] == found.at_feature[row] - found.elsewhere[row]
    assert np.abs(found.change[np.isfinite(found.change)]).max() > 0.01


@pytest.mark.parametrize(("value", "number"), [("zero", 0.0), (0.75, 0.75), (np.float32(-2), -2.0), (1, 1.0)])
def test_neurons_are_held_at_zero_or_at_any_number(value: str | float, number: float) -> None:
    model = model_of("lstm")
    found = ablate(model, TEXT, SPACE, 3, value, keep_tokens=True)
    expected = surprisal(model, TEXT, ("hidden", 1, 3, number)) - surprisal(model, TEXT)
    assert found.change is not None and found.value == value
    np.testing.assert_allclose(found.change[0], expected, atol=1e-4)


def test_all_neurons_together_equal_one_after_the_other() -> None:
    model = model_of("gru")
    together = ablate(model, TEXT, SPACE)
    assert together.neurons.tolist() == list(range(NEURONS)) and together.exact.all()
    for neuron in range(NEURONS):
        alone = ablate(model, TEXT, SPACE, neuron)
        np.testing.assert_allclose(alone.sums[0], together.sums[neuron], atol=1e-4)
        assert alone.effect[0] == pytest.approx(together.effect[neuron], abs=1e-5)
        assert alone.low[0] == pytest.approx(together.low[neuron], abs=1e-5)


def test_neurons_that_do_not_fit_into_one_product_are_clamped_in_several(monkeypatch: pytest.MonkeyPatch) -> None:
    at_once = ablate(model_of("lstm"), TEXT, SPACE, keep_tokens=True)
    monkeypatch.setattr("rnn_widgets.models.clamping.ROWS", 4)
    monkeypatch.setattr("rnn_widgets.models.clamping._MULTIPLE", 4)
    in_parts = ablate(model_of("lstm"), TEXT, SPACE, keep_tokens=True)
    assert Shape.of(NEURONS, TEXT, 9) == Shape(3, 1, 4)
    np.testing.assert_allclose(in_parts.change, at_once.change, atol=1e-4)
    np.testing.assert_allclose(in_parts.sums, at_once.sums, atol=1e-3)


def test_layers_below_the_clamped_one_are_read_once_for_all_clamps() -> None:
    model, streams = model_of("gru", layers=3), Streams.of(TEXT, model_of("gru").vocabulary.encode(TEXT.tokens), 2)
    subject = Subject.of(model, (1, "hidden"))
    state = subject.initial_state(streams.width, copies=5)
    clamps = jnp.arange(5), jnp.zeros(5)
    after, bits = clamped_bits(
        subject.graph, subject.parameters, subject.table, state, streams.piece(0), subject.place, *clamps
    )
    assert [layer["hidden"].shape for layer in after] == [(2, NEURONS), (10, NEURONS), (10, NEURONS)]
    assert bits.shape == (STEPS, 5, 2)


def test_a_documents_changes_do_not_depend_on_the_others() -> None:
    model, documents = model_of("lstm"), TEXT.split()
    alone = ablate(model, documents[0], SPACE, value="zero", keep_tokens=True)
    beside = ablate(model, TEXT, SPACE, value="zero", keep_tokens=True)
    after = ablate(model, documents[::-1], SPACE, value="zero", keep_tokens=True)
    assert alone.change is not None and beside.change is not None and after.change is not None
    length = len(documents[0])
    np.testing.assert_allclose(beside.change[:, :length], alone.change, atol=1e-4)
    np.testing.assert_allclose(after.change[:, -length:], alone.change, atol=1e-4)
    np.testing.assert_allclose(beside.sums, after.sums[:, ::-1], atol=1e-3)
    np.testing.assert_array_equal(beside.counts, after.counts[::-1])


@pytest.mark.parametrize("screen", [False, True])
def test_several_features_share_the_clamps_and_each_has_what_it_has_alone(screen: bool) -> None:
    model, vowel = model_of("lstm"), features.regex("[ae]")
    both = ablate_each(model, TEXT, [SPACE, vowel], [1, 4], screen=screen, exactly=1)
    for found, feature in zip(both, (SPACE, vowel), strict=True):
        alone = ablate(model, TEXT, feature, found.neurons[found.exact])
        assert found.feature == feature.name and {1, 4} <= set(found.neurons[found.exact].tolist())
        for name in ("effect", "low", "high", "p_random", "sums"):
            np.testing.assert_allclose(getattr(found, name)[found.exact], getattr(alone, name), atol=1e-4)
        assert np.isnan(found.p_random[~found.exact]).all()
    with pytest.raises(ValueError, match="no feature to ablate for"):
        ablate_each(model, TEXT, [])


def test_sums_counts_and_changes_agree() -> None:
    found = ablate(model_of("gru"), TEXT, SPACE, keep_tokens=True)
    assert found.change is not None and found.change.shape == (NEURONS, len(TEXT))
    np.testing.assert_array_equal(np.flatnonzero(np.isnan(found.change[0])), TEXT.documents)
    space = SPACE.mask(TEXT)
    for document, part in enumerate(TEXT.slices()):
        changed, marked = found.change[:, part][:, 1:], space[part][1:]
        assert found.counts[document].tolist() == [marked.sum(), (~marked).sum()]
        np.testing.assert_allclose(found.sums[:, document, 0], changed[:, marked].sum(axis=1), atol=1e-4)
        np.testing.assert_allclose(found.sums[:, document, 1], changed[:, ~marked].sum(axis=1), atol=1e-4)
    assert ablate(model_of("gru"), TEXT, SPACE, 0).change is None


def planted(cell: str) -> LanguageModel:
    """Neuron 2 is on after an a and off after all else, and the readout expects a space where it is on.

    Nobody reads neuron 5.
    """
    vocabulary = Vocabulary.from_tokens(LETTERS)
    network = Network(Architecture(cell, len(vocabulary), len(vocabulary), NEURONS), jax.random.key(1))
    layer, readout = network.layers[0], network.readout
    a, space = vocabulary.encode(("a", " "))
    columns = NEURONS * np.arange(len(network.cell.blocks)) + 2
    always, after_a = {"lstm": ([8, -8, 0, 8], 2), "gru": ([0, -8, 0], 2), "vanilla": ([0], 0)}[cell]
    network.embedding[...] = jnp.eye(len(vocabulary))
    layer.input[...] = layer.input[...].at[:, columns].set(0).at[a, columns[after_a]].set(8)
    layer.recurrent[...] = layer.recurrent[...].at[:, columns].set(0).at[5].set(0)
    layer.bias[...] = layer.bias[...].at[columns].set(jnp.asarray(always, jnp.float32))
    assert readout is not None
    readout[...] = readout[...].at[2].set(0).at[2, space].set(6).at[5].set(0)
    return LanguageModel(network, vocabulary, "characters")


@pytest.mark.parametrize("cell", ["lstm", "gru", "vanilla"])
def test_a_neuron_that_predicts_the_feature_is_found_and_one_that_nobody_reads_changes_nothing(cell: str) -> None:
    text = [f"{start}a bcda efga a {start}gba " for start in "abc"]
    found = ablate(planted(cell), text, SPACE, value="zero")
    assert found.top(1) == [2] and found.rank(2) == 1
    assert found.effect[2] > 2 and -0.5 < found.elsewhere[2] < 0
    assert found.low[2] > 5 * np.abs(np.delete(found.effect, 2)).max()
    assert found.sums[5].tolist() == np.zeros((3, 2)).tolist() and found.effect[5] == 0
    screened = ablate(planted(cell), text, SPACE, value="zero", screen=True, exactly=1)
    assert screened.neurons[screened.exact].tolist() == [2] and screened.effect[5] == 0


def test_the_rows_of_a_product_are_filled_by_neurons_or_by_documents_and_bounded_by_the_vocabulary() -> None:
    one_document, many = text_of(600), text_of(*[20] * 30)
    assert Shape.of(512, one_document, 80) == Shape(clamps=512, streams=1, padded=520)
    assert Shape.of(1000, one_document, 80) == Shape(clamps=500, streams=1, padded=504)
    assert Shape.of(1, one_document, 80) == Shape(clamps=1, streams=1, padded=8)
    assert Shape.of(16, many, 80).streams == 30
    assert Shape.of(64, many, 80).streams == ROWS // 65
    assert Shape.of(16, text_of(500, *[5] * 20), 80).streams == 2
    assert Shape.of(512, one_document, 2**20).padded <= 72


def test_streams_hold_every_token_once_and_predict_within_documents() -> None:
    streams = Streams.of(TEXT, np.arange(len(TEXT), dtype=np.int32), 2, steps=7)
    read, predicted = streams.read.ravel(), streams.predicted.ravel()
    assert sorted(read[read >= 0].tolist()) == list(range(len(TEXT)))
    first = set(TEXT.documents)
    assert sorted(predicted[predicted >= 0].tolist()) == [t for t in range(len(TEXT)) if t not in first]
    np.testing.assert_array_equal(predicted[predicted >= 0], read[predicted >= 0] + 1)
    np.testing.assert_array_equal(np.flatnonzero(streams.keep.ravel() == 0), np.flatnonzero(np.isin(read, [*first])))


@pytest.mark.parametrize(
    ("neurons", "expected"),
    [(3, [3]), ([4, 1, 4], [1, 4]), (slice(2, None, 2), [2, 4]), (np.array([5, 0]), [0, 5]), (np.int32(2), [2])],
)
def test_neurons_are_named_in_any_way_and_sorted(neurons: object, expected: list[int]) -> None:
    found = ablate(model_of("vanilla", layers=1), TEXT, SPACE, neurons, progress=False)  # type: ignore[arg-type]
    assert found.neurons.tolist() == expected and len(found) == len(expected)


def test_a_mask_is_a_feature_too_and_a_str_is_tokenised() -> None:
    model = model_of("vanilla", layers=1)
    by_feature = ablate(model, TEXT, SPACE)
    by_mask = ablate(model, TEXT, SPACE.mask(TEXT))
    by_strings = ablate(model, [str(document) for document in TEXT.split()], SPACE)
    np.testing.assert_array_equal(by_mask.effect, by_feature.effect)
    np.testing.assert_array_equal(by_strings.effect, by_feature.effect)
    assert by_mask.feature == "mask" and by_feature.feature == SPACE.name
    assert by_feature.network == model.network


def test_bad_arguments_are_named() -> None:
    model = model_of("lstm", layers=1)
    for neurons, complaint in ((6, "no neuron 6. .* 0..5"), (-1, "no neuron -1"), ([], "none of the"), ([0, 9], "9")):
        with pytest.raises(ValueError, match=complaint):
            ablate(model, TEXT, SPACE, neurons)
    for neurons in ([0.5], [True], ["3"]):
        with pytest.raises(TypeError, match="a number from 0 to 5"):
            ablate(model, TEXT, SPACE, neurons)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match=r"a Feature, for example features\.regex\(' '\)"):
        ablate(model, TEXT, " ")
    with pytest.raises(TypeError, match=r"A model is wanted, .* got 'char-lstm'"):
        ablate("char-lstm", TEXT, SPACE)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match=r"no signal 'reset_gate'.*hidden, cell"):
        ablate(model, TEXT, SPACE, signal="reset_gate")
    for layer in (1, -2, "last", True):
        with pytest.raises(ValueError, match=r"has the layers \[0\]"):
            ablate(model, TEXT, SPACE, layer=layer)  # type: ignore[arg-type]
    for value in ("median", np.nan, np.inf):
        with pytest.raises(ValueError, match="value is"):
            ablate(model, TEXT, SPACE, value=value)
    for value in (None, True, [0.0]):
        with pytest.raises(TypeError, match="value is"):
            ablate(model, TEXT, SPACE, value=value)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="for a text of 3 tokens, but this one has 101"):
        ablate(model, TEXT, np.array([True, False, True]))
    with pytest.raises(ValueError, match=r"knows no token of this text.*'whale'"):
        ablate(model, Text(("whale", "ship")), SPACE)
    for name in ("exactly", "resamples", "seed"):
        with pytest.raises(ValueError, match=f"{name} is a whole number"):
            ablate(model, TEXT, SPACE, **{name: -1})
    with pytest.raises(ValueError, match="interval is the share"):
        ablate(model, TEXT, SPACE, interval=95)


def test_a_feature_that_leaves_nothing_to_compare_is_an_error() -> None:
    model, first_only = model_of("lstm", layers=1), features.spans([(0, 1), (40, 42)])
    for feature, complaint in (
        (features.everything(), "every one of the 97 predicted tokens"),
        (~features.everything(), "none of the 97 predicted tokens"),
        (first_only, "none of the 97 predicted tokens.*first token is not predicted"),
    ):
        with pytest.raises(ValueError, match=complaint):
            ablate(model, TEXT, feature)
    with pytest.raises(ValueError, match="every document has a single token"):
        ablate(model, ["a", "b"], SPACE)


def test_the_bar_counts_tokens_of_all_clamped_neurons(capsys: pytest.CaptureFixture[str]) -> None:
    ablate(model_of("vanilla", layers=1), TEXT, SPACE, [0, 1, 2], progress=True)
    shown = " ".join(capsys.readouterr().err.split())
    assert "ablating" in shown and f"{3 * len(TEXT)}/{3 * len(TEXT)} tokens" in shown
