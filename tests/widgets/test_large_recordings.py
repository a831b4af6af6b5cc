"""A recording too large to be sent whole: an overview first, then the parts that a picture needs."""

import json

import numpy as np
import pytest

import rnn_widgets as rw
from rnn_widgets.widgets import Recording
from rnn_widgets.widgets.parts import LARGE_CELLS
from tests.widgets.decoding import block_of, decode, encoding_of

TOKENS, NEURONS = 20_500, 800


@pytest.fixture(scope="module")
def large():
    assert TOKENS * NEURONS > LARGE_CELLS
    rng = np.random.default_rng(0)
    hidden = rng.uniform(-0.5, 0.5, (TOKENS, NEURONS)).astype(np.float32)
    hidden[:, 7] += 0.5 * np.sin(2 * np.pi * 0.25 * np.arange(TOKENS))
    hidden[12_345, 3] = 0.99
    tokens = [f"w{index % 97} " for index in range(TOKENS)]
    predictions = rw.Predictions(np.tile([[1, 0]], (TOKENS, 1)), np.tile([[0.75, 0.25]], (TOKENS, 1)), ("a", "b"))
    return rw.Activations.from_arrays(
        tokens, {"hidden": hidden, "gate": abs(hidden[:, :4])}, surprisal=np.ones(TOKENS), predictions=predictions
    )


@pytest.fixture
def ask(large, wire):
    recording = Recording(large)

    def part(*name):
        text = json.dumps(name)
        wire.ask(recording, {"get": [text]})
        return wire.parts(recording).get(text)

    yield part
    recording.close()


def test_it_offers_an_overview_in_place_of_what_is_too_large(large):
    recording = Recording(large)
    assert {info["signal"]: info["large"] for info in recording.signals} == {"hidden": True, "gate": False}
    assert {"overview_hidden_0", "means_hidden_0", "relevance_hidden_0", "values_gate_0"} <= set(recording.offers)
    assert not {"values_hidden_0", "spectrum_hidden_0", "predictions"} & set(recording.offers)
    assert "fetched_predictions" in recording.offers
    recording.require_all()
    assert all(getattr(recording, name) for name in recording.offers if not name.startswith("fetched_"))
    recording.close()


def test_views_open_without_the_whole_array(large):
    explorer = rw.explore(large, features=[rw.features.regex("w3 ")])
    recording = explorer.text.recording
    assert not any(name.startswith("values_hidden") for name in recording.trait_names())
    explorer.close()


def test_the_overview_keeps_a_single_spike(large):
    recording = Recording(large)
    recording.require("overview_hidden_0", "means_hidden_0")
    overview = decode(recording.overview_hidden_0)
    size = block_of(recording.overview_hidden_0)
    assert overview.shape == (NEURONS, -(-TOKENS // size)) and overview.shape[1] <= 1024
    assert encoding_of(recording.overview_hidden_0) == "bytes"
    assert overview[3, 12_345 // size] == pytest.approx(0.99, abs=0.01)
    np.testing.assert_allclose(decode(recording.means_hidden_0)[0], large["hidden"].mean(axis=0), atol=1e-6)
    recording.close()


def test_a_row_and_its_spectrum_are_exact(large, ask):
    np.testing.assert_array_equal(decode(ask("row", "hidden", 0, 7))[0], large["hidden"][:, 7])
    amplitudes = decode(ask("amplitudes", "hidden", 0, 7))[0]
    alone = rw.Activations.from_arrays(large.tokens, large["hidden"][:, 7:8])
    np.testing.assert_allclose(amplitudes, rw.spectrum(alone).amplitude[0], rtol=1e-6)


def test_a_region_is_exact_where_it_fits_and_pooled_where_not(large, ask):
    exact = decode(ask("region", "hidden", 0, [[5, 8], [2, 3]], 100, 160, 64))
    np.testing.assert_allclose(exact, large["hidden"][100:160, [5, 6, 7, 2]].T, atol=1.5 / 255)
    pooled = decode(ask("region", "hidden", 0, [[3, 4]], 12_000, 13_000, 10))
    assert pooled.shape == (1, 10) and pooled[0, 3] == pytest.approx(0.99, abs=0.01)


def test_spectra_come_in_chunks_pooled_over_frequencies(ask):
    chunk = ask("spectra", "hidden", 0, 0, 64)
    largest, size = decode(chunk), block_of(chunk)
    assert largest.shape[0] == 64
    assert largest[7].argmax() == TOKENS // 4 // size
    assert largest[7].max() == pytest.approx(0.5, rel=0.02)


def test_predictions_come_as_text(ask):
    listed = decode(ask("predictions", 256, 512)).astype(np.uint8).tobytes()
    assert json.loads(listed) == [[["b", 0.75], ["a", 0.25]]] * 256


@pytest.mark.parametrize(
    "name",
    [
        ("row", "hidden", 0, NEURONS),
        ("row", "hidden", 0, -1),
        ("row", "hidden", 0, 1.5),
        ("row", "hidden", 3, 0),
        ("row", "hidden"),
        ("region", "hidden", 0, [], 0, 10, 10),
        ("region", "hidden", 0, [[0, 3]], 10, 10, 10),
        ("region", "hidden", 0, [[0, 3]], 0, 10, 10**9),
        ("region", "hidden", 0, [[NEURONS, NEURONS + 1]], 0, 9, 9),
        ("spectra", "hidden", 0, 5, 5),
        ("predictions", -5, 4),
        ("secrets", 0),
        5,
    ],
)
def test_what_is_not_there_is_not_answered_and_hurts_nobody(large, wire, name, caplog):
    recording = Recording(large)
    good = json.dumps(["row", "hidden", 0, 1])
    wire.ask(recording, {"get": [json.dumps(name), good, "not json", 7]})
    assert list(wire.parts(recording)) == [good]
    recording.close()


def test_an_export_keeps_parts_by_name(large):
    recording = Recording(large)
    name = json.dumps(["row", "hidden", 0, 7])
    recording.keep(name)
    recording.keep(name)
    np.testing.assert_array_equal(decode(recording.fetched[name])[0], large["hidden"][:, 7])
    with pytest.raises(ValueError, match="There is no part"):
        recording.keep(json.dumps(["row", "hidden", 0, NEURONS]))
    recording.close()


def test_a_brushed_stretch_becomes_a_feature(acts, wire):
    recording = Recording(acts)
    wire.ask(recording, {"add_spans": {"name": "first words", "spans": [[0, 5], [7, 9]]}})
    assert wire.answers(recording)[-1] == {"spans": "first words", "added": "first words"}
    assert np.flatnonzero(recording.mask("first words")).tolist() == [0, 1, 2, 3, 4, 7, 8]
    recording.close()


@pytest.mark.parametrize(
    "spans", [[[3, 3]], [[0, 10**6]], [[0.5, 2]], [["a", 2]], [[1]], 5, [None], [[0, 5], [9]]], ids=repr
)
def test_a_stretch_that_is_none_is_refused(acts, wire, spans):
    recording = Recording(acts)
    wire.ask(recording, {"add_spans": {"name": "bad", "spans": spans}})
    assert recording.feature_names == []
    recording.close()
