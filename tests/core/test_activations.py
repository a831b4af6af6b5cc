"""Activations take any real array that fits the tokens, say what is wrong with others, and never change."""

import copy
import json
import pickle

import jax.numpy as jnp
import ml_dtypes
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from safetensors.numpy import load_file, save_file

from rnn_widgets.activations import SIGNAL_RANGES, Activations, Predictions, fingerprint
from rnn_widgets.storage import new_file
from rnn_widgets.text import Text

TOKENS = ("one", " ", "two", ".")
VALUES = np.linspace(-1, 1, 12).reshape(4, 3)


def predictions(tokens=((0, 1),) * 4, probabilities=((0.6, 0.4),) * 4, vocabulary=("<unk>", "one")):
    return Predictions(np.array(tokens), np.array(probabilities), vocabulary)


@pytest.mark.parametrize(
    "dtype",
    [
        np.float16,
        np.float32,
        np.float64,
        np.longdouble,
        ">f4",
        ml_dtypes.bfloat16,
        ml_dtypes.float8_e4m3fn,
        np.int8,
        np.uint16,
        np.int64,
        bool,
    ],
)
def test_any_real_dtype_becomes_float32(dtype):
    given_values = np.array([[0, 1], [1, 0], [1, 1], [0, 0]]).astype(dtype)
    acts = Activations.from_arrays(TOKENS, given_values)
    assert acts["hidden"].dtype == np.float32
    np.testing.assert_array_equal(acts["hidden"], given_values.astype(np.float32))


def test_recordings_are_copied_and_sent_to_other_processes_whole():
    acts = Activations.from_arrays(
        list("abc"), {"hidden": np.eye(3), ("cell", 1): 2 * np.eye(3)}, surprisal=[np.nan, 1, 2]
    )
    for other in (copy.deepcopy(acts), pickle.loads(pickle.dumps(acts))):
        assert other.text == acts.text and other.network == acts.network and list(other) == list(acts)
        np.testing.assert_array_equal(other["cell", 1], acts["cell", 1])
        np.testing.assert_array_equal(other.surprisal, acts.surprisal)
        assert not other["hidden"].flags.writeable


def test_lists_and_arrays_of_other_packages_are_taken():
    from_list = Activations.from_arrays(TOKENS, VALUES.tolist())
    from_jax = Activations.from_arrays(TOKENS, jnp.asarray(VALUES, jnp.bfloat16))
    np.testing.assert_array_equal(from_list["hidden"], VALUES.astype(np.float32))
    np.testing.assert_array_equal(from_jax["hidden"], VALUES.astype(ml_dtypes.bfloat16).astype(np.float32))


@pytest.mark.parametrize("order", ["C", "F"])
def test_values_are_copied_and_cannot_be_changed(order):
    mine = np.array(VALUES, np.float32, order=order)
    surprisal = np.ones(4, np.float32)
    likeliest = predictions()
    acts = Activations.from_arrays(TOKENS, {"hidden": mine}, surprisal=surprisal, predictions=likeliest)
    mine[:] = 7
    surprisal[:] = 7
    np.testing.assert_array_equal(acts["hidden"], VALUES.astype(np.float32))
    assert (acts.surprisal == 1).all()
    assert acts["hidden"].flags.c_contiguous
    for array in (acts["hidden"], acts.surprisal, likeliest.tokens, likeliest.probabilities):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 0
    with pytest.raises(TypeError):
        acts.values["cell", 0] = mine
    with pytest.raises(AttributeError):
        acts.network = "another"


def test_a_read_only_view_of_an_array_that_can_change_is_copied():
    mine = np.array(VALUES, np.float32)
    view = mine.view()
    view.flags.writeable = False
    acts = Activations.from_arrays(TOKENS, view)
    mine[:] = 7
    np.testing.assert_array_equal(acts["hidden"], VALUES.astype(np.float32))


def test_signals_and_layers_are_found_by_name_and_number():
    arrays = {("hidden", 0): VALUES, ("hidden", 2): VALUES[:, :2], ("cell", 0): VALUES * 300}
    acts = Activations.from_arrays(Text(TOKENS, (0, 2)), arrays, network="mine")
    assert acts.signals == ("hidden", "cell")
    assert acts.layers == (0, 2)
    assert acts.tokens == TOKENS
    assert len(acts) == 4
    assert list(acts) == list(arrays)
    assert acts.network == "mine"
    assert acts["hidden"] is acts["hidden", 2] is acts["hidden", -1]
    assert acts["hidden", -2] is acts["hidden", np.int64(0)]
    assert acts.key("cell") == ("cell", 0)
    assert (acts.neurons("hidden"), acts.neurons("hidden", 0)) == (2, 3)
    assert "hidden[2]: (4, 2)" in repr(acts)


@pytest.mark.parametrize(
    ("key", "message"),
    [
        ("gate", "no signal 'gate'. Recorded are: hidden, cell"),
        (("hidden", 1), r"no layer 1. It is recorded for the layers \[0, 2\]"),
        (("hidden", -3), "no layer -3"),
        (("hidden", True), "no layer True"),
        (("hidden", 0.0), "no layer 0.0"),
        (("hidden", None), "no layer None"),
        (3, r"acts\[signal, layer\], got 3"),
        (("hidden", 0, 1), r"acts\[signal, layer\], got \('hidden', 0, 1\)"),
    ],
)
def test_an_unknown_signal_or_layer_is_named_with_those_there_are(key, message):
    acts = Activations.from_arrays(TOKENS, {("hidden", 0): VALUES, ("hidden", 2): VALUES, "cell": VALUES})
    with pytest.raises(KeyError, match=message):
        acts[key]


def spoiled(value, dtype=np.float64):
    values = VALUES.astype(dtype)
    values[2, 1] = value
    return values


@pytest.mark.parametrize(
    ("values", "message"),
    [
        (spoiled(np.nan), "1 values that are not finite .* first at token 2, neuron 1"),
        (spoiled(np.inf), "first at token 2, neuron 1"),
        (spoiled(-np.inf, np.float16), "first at token 2, neuron 1"),
        (spoiled(1e39), "too large for float32"),
        (VALUES[:3], r"\(4 tokens, neurons\), got \(3, 3\)\.$"),
        (VALUES.T, r"got \(3, 4\). It looks transposed: give values.T"),
        (VALUES[:, 0], r"got \(4,\)"),
        (VALUES[None], r"got \(1, 4, 3\)"),
        (VALUES[:, :0], r"got \(4, 0\)"),
        (1.0, r"got \(\)"),
        (VALUES * 1j, "real numbers, got dtype complex128"),
        (VALUES.astype(str), "real numbers, got dtype <U"),
        (VALUES.astype(object), "real numbers, got dtype object"),
        (VALUES.astype("m8[s]"), "real numbers, got dtype timedelta64"),
        (np.zeros((4, 3), "f4,f4"), "real numbers, got dtype"),
        (None, "real numbers, got dtype object"),
        ([[1.0], [1.0, 2.0], [1.0], [1.0]], "is not an array"),
        ({}, "empty mapping"),
        ({"": VALUES}, "key of values .* got ''"),
        ({"two\nlines": VALUES}, "key of values"),
        ({"\ud800": VALUES}, "key of values"),
        ({0: VALUES}, "key of values .* got 0"),
        ({("hidden",): VALUES}, "key of values"),
        ({("hidden", -1): VALUES}, "layer from 0, got"),
        ({("hidden", 0.0): VALUES}, "layer from 0, got"),
        ({("hidden", True): VALUES}, "layer from 0, got"),
        ({"hidden": VALUES, ("hidden", 0): VALUES}, "given twice"),
        ({"hidden": VALUES, "cell": spoiled(np.nan)}, r"values\['cell', 0\]"),
    ],
)
def test_values_that_do_not_fit_are_refused_with_the_reason(values, message):
    with pytest.raises(ValueError, match=message):
        Activations.from_arrays(TOKENS, values)


@pytest.mark.parametrize(
    ("tokens", "error", "message"),
    [
        ((), ValueError, "empty"),
        ("one .", TypeError, "got the string 'one .'"),
        (("one", None), TypeError, "token 1 is None"),
    ],
)
def test_tokens_that_are_no_text_are_refused(tokens, error, message):
    with pytest.raises(error, match=message):
        Activations.from_arrays(tokens, np.zeros((len(tokens), 2)))


@pytest.mark.parametrize(
    ("surprisal", "message"),
    [
        (np.ones(3), r"shape \(4,\), one value a token, got \(3,\)"),
        (np.ones((4, 1)), r"got \(4, 1\)"),
        ([np.nan, 1, np.inf, 1], "infinite at token 2"),
        ([np.nan, 1, 1e39, 1], "infinite at token 2"),
        (["a"] * 4, "real numbers"),
        (np.ones(4) * 1j, "real numbers"),
    ],
)
def test_a_surprisal_that_does_not_fit_is_refused(surprisal, message):
    with pytest.raises(ValueError, match=message):
        Activations.from_arrays(TOKENS, VALUES, surprisal=surprisal)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"tokens": ((0,),) * 4}, r"same shape .* got \(4, 1\) and \(4, 2\)"),
        ({"tokens": (0,) * 4, "probabilities": (1.0,) * 4}, "same shape"),
        ({"tokens": ((0, 2),) * 4}, r"0\.\.1, got int64 up to 2"),
        ({"tokens": ((0, -1),) * 4}, "indices into the vocabulary"),
        ({"tokens": ((0.0, 1.0),) * 4}, "got float64"),
        ({"probabilities": ((0.6, -0.1),) * 4}, "below, above, or NaN"),
        ({"probabilities": ((1.6, 0.1),) * 4}, "below, above, or NaN"),
        ({"probabilities": ((np.nan, 0.1),) * 4}, "below, above, or NaN"),
    ],
)
def test_predictions_that_do_not_fit_are_refused(arguments, message):
    with pytest.raises(ValueError, match=message):
        predictions(**arguments)


def test_predictions_for_another_number_of_tokens_are_refused():
    with pytest.raises(ValueError, match="4 tokens, but predictions for 3"):
        Activations.from_arrays(TOKENS, VALUES, predictions=predictions(((0, 1),) * 3, ((0.6, 0.4),) * 3))


def test_predictions_are_read_as_tokens_with_probabilities():
    likeliest = predictions(tokens=((1, 0),) * 4, probabilities=((0.75, 0.25),) * 4)
    assert likeliest.at(2) == [("one", 0.75), ("<unk>", 0.25)]
    assert likeliest.tokens.dtype == np.int32
    assert likeliest.probabilities.dtype == np.float32


def test_networks_without_a_name_are_told_apart_by_their_sizes():
    first = Activations.from_arrays(TOKENS, VALUES)
    same = Activations.from_arrays(("x",), VALUES[:1])
    other = Activations.from_arrays(TOKENS, VALUES[:, :2])
    assert first.network == same.network != other.network


def test_every_range_is_that_of_a_logistic_function_or_a_tanh():
    assert set(SIGNAL_RANGES.values()) == {(0.0, 1.0), (-1.0, 1.0)}
    assert "cell" not in SIGNAL_RANGES
    assert "pre_activation" not in SIGNAL_RANGES


def test_a_fingerprint_depends_on_where_its_parts_end():
    assert fingerprint(b"ab", b"c") == fingerprint(b"ab", b"c")
    assert len({fingerprint(b"ab", b"c"), fingerprint(b"a", b"bc"), fingerprint(b"abc")}) == 3


def assert_same(loaded, saved):
    assert loaded.text == saved.text
    assert loaded.network == saved.network
    assert list(loaded) == list(saved)
    for key in saved:
        np.testing.assert_array_equal(loaded[key], saved[key], strict=True)
    assert (loaded.surprisal is None) == (saved.surprisal is None)
    if saved.surprisal is not None:
        np.testing.assert_array_equal(loaded.surprisal, saved.surprisal, strict=True)
    assert (loaded.predictions is None) == (saved.predictions is None)
    if saved.predictions is not None:
        np.testing.assert_array_equal(loaded.predictions.tokens, saved.predictions.tokens, strict=True)
        np.testing.assert_array_equal(loaded.predictions.probabilities, saved.predictions.probabilities, strict=True)
        assert loaded.predictions.vocabulary == saved.predictions.vocabulary


def test_everything_comes_back_from_a_file(tmp_path):
    saved = Activations.from_arrays(
        Text(TOKENS, (0, 2), "|"),
        {("update_gate", 1): VALUES, "a/b": VALUES[:, :1], ("a/b", 10): VALUES * 1e-40, "surprisal": VALUES},
        surprisal=[np.nan, 0, np.nan, 12.5],
        predictions=predictions(),
        network="netz ✓",
    )
    saved.save(tmp_path / "recording")
    assert_same(Activations.load(str(tmp_path / "recording")), saved)


@given(
    tokens=st.lists(st.text(st.characters(exclude_categories=())), min_size=1, max_size=8),
    joiner=st.text(st.characters(exclude_categories=()), max_size=2),
)
def test_any_tokens_come_back_from_a_file(tmp_path_factory, tokens, joiner):
    path = tmp_path_factory.mktemp("tokens") / "recording"
    saved = Activations.from_arrays(Text(tuple(tokens), joiner=joiner), np.zeros((len(tokens), 1)))
    saved.save(path)
    assert_same(Activations.load(path), saved)


def test_halves_of_a_surrogate_pair_stay_two_characters(tmp_path):
    tokens = ("\ud83d\ude00", "\U0001f600", "\ud83d", "\0", "")
    saved = Activations.from_arrays(tokens, np.zeros((5, 1)))
    saved.save(tmp_path / "recording")
    assert Activations.load(tmp_path / "recording").tokens == tokens


class Trap:
    """Unpickling it would leave a file behind."""

    def __init__(self, path):
        self.path = path

    def __reduce__(self):
        return open, (str(self.path), "w")


def test_a_pickle_is_refused_unread(tmp_path):
    path = tmp_path / "recording"
    path.write_bytes(pickle.dumps(Trap(tmp_path / "sprung")))
    with pytest.raises(ValueError, match="not a safetensors file"):
        Activations.load(path)
    np.save(tmp_path / "array.npy", np.array([Trap(tmp_path / "sprung")]), allow_pickle=True)
    with pytest.raises(ValueError, match="not a safetensors file"):
        Activations.load(tmp_path / "array.npy")
    assert not (tmp_path / "sprung").exists()


@pytest.mark.parametrize("content", [b"", b"{}", b"\x08\0\0\0\0\0\0\0{}garbage", b"\xff" * 64])
def test_garbage_is_refused(tmp_path, content):
    (tmp_path / "recording").write_bytes(content)
    with pytest.raises(ValueError, match=r"recording is (not a safetensors file|.* of another format)"):
        Activations.load(tmp_path / "recording")


def test_a_truncated_file_is_refused(tmp_path):
    Activations.from_arrays(TOKENS, VALUES).save(tmp_path / "recording")
    whole = (tmp_path / "recording").read_bytes()
    (tmp_path / "recording").write_bytes(whole[:-5])
    with pytest.raises(ValueError, match="not a safetensors file"):
        Activations.load(tmp_path / "recording")


def test_a_folder_and_a_folder_that_is_not_there_are_named(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"There is no file .*: it is a folder"):
        Activations.load(tmp_path)
    missing = new_file(tmp_path / "none" / "recording", "x", {}, {})
    with pytest.raises(FileNotFoundError, match=r"There is no folder .*none: make it first"), missing:
        raise AssertionError


def test_another_safetensors_file_is_refused(tmp_path):
    save_file({"hidden/0": VALUES}, tmp_path / "weights")
    with pytest.raises(ValueError, match="of another format"):
        Activations.load(tmp_path / "weights")


def test_a_file_whose_head_does_not_fit_is_refused(tmp_path):
    path = tmp_path / "recording"
    Activations.from_arrays(TOKENS, VALUES).save(path)
    kind = {"format": "rnn_widgets activations 1"}
    arrays = load_file(path)
    head = json.loads(arrays["head"].tobytes())
    for change in ({"tokens": ["one"]}, {"documents": [3]}, {"signals": [["cell", 0]]}, {"joiner": 1}, {"tokens": 4}):
        damaged = np.frombuffer(json.dumps(head | change).encode(), np.uint8)
        save_file(arrays | {"head": damaged}, path, metadata=kind)
        with pytest.raises(ValueError, match="is damaged"):
            Activations.load(path)
    save_file(arrays | {"head": np.frombuffer(b"no JSON", np.uint8)}, path, metadata=kind)
    with pytest.raises(ValueError, match="is damaged"):
        Activations.load(path)


def test_a_missing_file_or_folder_is_named(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"no file .*absent"):
        Activations.load(tmp_path / "absent")
    with pytest.raises(FileNotFoundError, match="no file"):
        Activations.load(tmp_path)
    with pytest.raises(OSError, match="absent"):
        Activations.from_arrays(TOKENS, VALUES).save(tmp_path / "absent" / "recording")
