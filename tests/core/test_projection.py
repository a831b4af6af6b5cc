"""A projection finds the directions in which the points were made to vary, and says how much they explain."""

import numpy as np
import pytest

import rnn_widgets as rw

TOKENS = tuple("the rain fell in torrents ") * 40


def planted(seed=0, neurons=12):
    """States that vary along two known directions at right angles, and a little in all others."""
    random = np.random.default_rng(seed)
    axes = np.linalg.qr(random.normal(size=(neurons, 2)))[0].T
    along = random.normal(size=(len(TOKENS), 2)) * [4.0, 2.0]
    noise = 0.05 * random.normal(size=(len(TOKENS), neurons))
    return along @ axes + 3 + noise, axes, along - along.mean(axis=0)


def recorded(values):
    return rw.Activations.from_arrays(TOKENS, values)


def test_the_planted_directions_are_found_in_the_order_of_their_variance():
    values, axes, along = planted()
    found = rw.project(recorded(values))
    np.testing.assert_allclose(np.abs(found.axes @ axes.T), np.eye(2), atol=0.05)
    signs = np.sign(np.sum(found.axes * axes, axis=1))
    np.testing.assert_allclose(found.coordinates * signs, along, atol=0.6)
    np.testing.assert_allclose(found.explained, [0.8, 0.2], atol=0.03)
    assert found.labels == TOKENS and found.source == "hidden, layer 0"


@pytest.mark.parametrize("tokens", [len(TOKENS), 7])
def test_it_equals_the_singular_value_decomposition(tokens):
    values = planted()[0][:tokens].astype(np.float32)
    found = rw.project(rw.Activations.from_arrays(TOKENS[:tokens], values), components=5)
    centred = values.astype(float) - values.mean(axis=0, dtype=float)
    u, sizes, _ = np.linalg.svd(centred, full_matrices=False)
    np.testing.assert_allclose(np.abs(found.coordinates), np.abs(u * sizes)[:, :5], atol=1e-6)
    np.testing.assert_allclose(found.explained, (sizes**2 / (sizes**2).sum())[:5], atol=1e-12)
    np.testing.assert_allclose(found.mean, values.mean(axis=0, dtype=float))
    assert (found.axes[range(5), np.abs(found.axes).argmax(axis=1)] > 0).all()
    np.testing.assert_allclose(found.axes @ found.axes.T, np.eye(5), atol=1e-12)


def test_all_components_give_the_states_back():
    values = planted()[0]
    found = rw.project(recorded(values), components=12)
    np.testing.assert_allclose(found.coordinates @ found.axes + found.mean, values, atol=1e-5)
    assert found.explained.sum() == pytest.approx(1)


def test_a_large_mean_does_not_blur_the_directions():
    values, axes, _ = planted()
    found = rw.project(recorded(values + 1e3))
    np.testing.assert_allclose(np.abs(found.axes @ axes.T), np.eye(2), atol=0.05)


def test_states_that_never_change_lie_in_one_point():
    found = rw.project(recorded(np.full((len(TOKENS), 3), 0.3)))
    assert found.explained.tolist() == [0, 0]
    np.testing.assert_allclose(found.coordinates, 0, atol=1e-12)


def test_the_words_of_an_embedding_are_projected_with_their_names():
    vectors = np.array([[0, 1.0, 5], [0, -1.0, 5], [3, 0, 5], [-3, 0, 5]])
    found = rw.project_embedding(vectors, ["he", "she", "king", "boat"])
    np.testing.assert_allclose(found.coordinates, [[0, 1], [0, -1], [3, 0], [-3, 0]], atol=1e-12)
    np.testing.assert_allclose(found.explained, [0.9, 0.1])
    assert found.to_frame().columns.tolist() == ["token", "component_1", "component_2"]
    assert found.to_frame().token.tolist() == ["he", "she", "king", "boat"]
    assert repr(found) == "Projection(embedding, coordinates=(4, 2), 90% + 10% of the variance)"
    for array in (found.coordinates, found.axes, found.mean, found.explained):
        assert not array.flags.writeable


def test_a_models_own_embedding_is_projected():
    model = rw.load_model("word-lstm")
    found = rw.project_embedding(model.module.embedding, model.vocabulary.tokens)
    assert found.labels == model.vocabulary.tokens
    assert found.mean.shape == (model.architecture.embedding,)


@pytest.mark.parametrize("components", [0, 13, 1.5, True])
def test_a_number_of_components_that_there_is_not_is_refused(components):
    with pytest.raises(ValueError, match="components is a whole number from 1 to 12"):
        rw.project(recorded(planted()[0]), components=components)


@pytest.mark.parametrize(
    ("vectors", "tokens", "error", "said"),
    [
        (np.zeros((2, 3)), ["a"], ValueError, r"shape \(1 tokens, dimensions\), got \(2, 3\)"),
        (np.zeros(2), ["a", "b"], ValueError, r"got \(2,\)"),
        (np.zeros((0, 3)), [], ValueError, r"got \(0, 3\)"),
        (np.zeros((2, 3)), "ab", TypeError, "a list of strings"),
        (np.zeros((2, 3)), ["a", 1], TypeError, "a list of strings"),
        ([[1.0, 2.0], [np.nan, 0]], ["a", "b"], ValueError, "token 1, 'b', is not"),
        ([["x", "y"]], ["a"], ValueError, "real numbers"),
    ],
)
def test_vectors_that_do_not_fit_are_refused(vectors, tokens, error, said):
    with pytest.raises(error, match=said):
        rw.project_embedding(vectors, tokens)


def test_an_unknown_signal_is_refused():
    with pytest.raises(KeyError, match="no signal 'cell'"):
        rw.project(recorded(planted()[0]), signal="cell")
