"""Long documents that are read in stretches side by side."""

from __future__ import annotations

from pathlib import Path

import jax
import numpy as np
import pytest

from rnn_widgets import Activations
from rnn_widgets.models import Architecture, LanguageModel, Network, record
from rnn_widgets.models.borders import SHORTEST, cut
from rnn_widgets.text import Vocabulary

LETTERS = "abcdefgh "
TOLERANCE = 1e-5
NEURONS = 12


def letters(length: int) -> str:
    return "".join(np.random.default_rng(0).choice(list(LETTERS), length))


def model_of(cell: str) -> LanguageModel:
    vocabulary = Vocabulary.from_tokens(LETTERS)
    network = Network(Architecture(cell, len(vocabulary), 6, NEURONS, layers=2), jax.random.key(3))
    return LanguageModel(network, vocabulary, "characters")


@pytest.fixture(scope="module")
def lstm() -> LanguageModel:
    return model_of("lstm")


@pytest.fixture(scope="module")
def never_forgets() -> LanguageModel:
    """An LSTM whose first neuron adds up a little of what it reads: its forget gate is 1, to the last bit."""
    model = model_of("lstm")
    bias = np.array(model.module.layers[0].bias[...])
    bias[[0, NEURONS]] = -8.0, 40.0
    model.module.layers[0].bias[...] = bias
    return LanguageModel(model.module, model.vocabulary, "characters")


def largest_difference(found: Activations, exact: Activations) -> float:
    assert set(found) <= set(exact)
    return max(float(np.abs(found[key] - exact[key]).max()) for key in found)


def test_a_long_document_is_within_what_is_said_of_the_exact_reading(lstm: LanguageModel) -> None:
    text = letters(9_000)
    exact, found = record(lstm, text), record(lstm, text, approximate=True)
    assert found.errors is not None and exact.errors is None
    assert set(found.errors) == set(found) and max(found.errors.values()) <= TOLERANCE
    assert 0 < largest_difference(found, exact) <= 10 * TOLERANCE
    np.testing.assert_allclose(found.surprisal, exact.surprisal, atol=1e-4)
    assert "approximate, within" in repr(found)


def test_what_a_network_never_forgets_is_read_again_to_the_end(never_forgets: LanguageModel) -> None:
    text = letters(5_000)
    exact = record(never_forgets, text)
    assert np.abs(np.diff(exact["hidden", 0][::1000, 0])).max() > 100 * TOLERANCE
    found = record(never_forgets, text, approximate=True)
    assert largest_difference(found, exact) < TOLERANCE / 10


def test_the_cell_state_is_right_if_it_is_named_and_left_out_if_not(lstm: LanguageModel) -> None:
    text = letters(5_000)
    exact = record(lstm, text)
    assert record(lstm, text, approximate=True).signals == tuple(name for name in exact.signals if name != "cell")
    named = record(lstm, text, approximate=True, signals=["cell"])
    assert named.signals == ("cell",)
    np.testing.assert_allclose(named["cell"], exact["cell"], atol=10 * TOLERANCE, rtol=10 * TOLERANCE)


def test_a_tighter_tolerance_leaves_smaller_errors(lstm: LanguageModel) -> None:
    text = letters(5_000)
    loose, tight = (record(lstm, text, approximate=True, tolerance=tolerance).errors for tolerance in (1e-2, 1e-6))
    assert loose is not None and tight is not None
    assert max(tight.values()) <= 1e-6 < max(loose.values()) <= 1e-2


@pytest.mark.parametrize("cell", ["gru", "vanilla"])
def test_other_cells_are_recorded_whole(cell: str) -> None:
    model, text = model_of(cell), letters(3_000)
    exact, found = record(model, text), record(model, text, approximate=True)
    assert list(found) == list(exact)
    assert largest_difference(found, exact) <= 10 * TOLERANCE


def test_documents_that_are_not_cut_are_exact(lstm: LanguageModel) -> None:
    documents = [letters(length) for length in (SHORTEST, 7, 300)]
    exact, found = record(lstm, documents), record(lstm, documents, approximate=True)
    assert found.errors is not None and set(found.errors.values()) == {0.0}
    assert largest_difference(found, exact) == 0


def test_errors_are_saved_with_the_recording(lstm: LanguageModel, tmp_path: Path) -> None:
    mapped = record(lstm, letters(3_000), approximate=True, file=tmp_path / "mapped.safetensors")
    mapped.save(tmp_path / "saved.safetensors")
    for path in ("mapped", "saved"):
        loaded = Activations.load(tmp_path / f"{path}.safetensors")
        assert loaded.errors == mapped.errors and loaded.errors is not None


@pytest.mark.parametrize("lanes", [8, 64])
@pytest.mark.parametrize("lengths", [[100_000], [20_000, 3, 700, 5_000], [600] * 40, [1]])
def test_stretches_cover_each_document_with_fewer_borders_than_lanes(lengths: list[int], lanes: int) -> None:
    ends = np.cumsum(lengths).tolist()
    documents = [slice(end - length, end) for end, length in zip(ends, lengths, strict=True)]
    stretches = cut(documents, lanes)
    for document, parts in zip(documents, stretches, strict=True):
        assert [part.start for part in parts] == [document.start, *(part.stop for part in parts[:-1])]
        assert parts[-1].stop == document.stop
        assert all(part.stop - part.start >= SHORTEST for part in parts[:-1])
    assert sum(len(parts) - 1 for parts in stretches) < lanes


@pytest.mark.parametrize("tolerance", [0, -1e-5, float("nan"), float("inf")])
def test_a_tolerance_is_above_zero(lstm: LanguageModel, tolerance: float) -> None:
    with pytest.raises(ValueError, match="tolerance is a finite number above 0"):
        record(lstm, "abc", approximate=True, tolerance=tolerance)
