from __future__ import annotations

import numpy as np
import pytest

from rnn_widgets.models.data import Batches, Numbered, side_by_side, split, streams, windows
from rnn_widgets.text import Text, Vocabulary

TEXT = Text(tuple(f"t{n}" for n in range(100)), (0, 10, 11, 60))
VOCABULARY = Vocabulary.from_tokens(TEXT.tokens)
NUMBERED = Numbered.from_text(TEXT, VOCABULARY)


def pairs(batches: Batches) -> list[tuple[int, int]]:
    """What is predicted from what, as token indices."""
    place = {index: t for t, index in enumerate(NUMBERED.tokens.tolist())}
    predicted = batches.weights.astype(bool)
    read, wanted = batches.inputs[predicted], batches.targets[predicted]
    return sorted((place[a], place[b]) for a, b in zip(read.tolist(), wanted.tolist(), strict=True))


def within_documents() -> list[tuple[int, int]]:
    return [(t, t + 1) for t in range(99) if t + 1 not in TEXT.documents]


def test_side_by_side_predicts_every_token_but_each_documents_first_once() -> None:
    for rows, steps in ((1, 7), (2, 16), (16, 256)):
        assert pairs(side_by_side(NUMBERED, rows, steps)) == within_documents()


def test_streams_predict_nothing_across_documents_and_reset_the_state_at_each() -> None:
    batches = streams(NUMBERED, 3, 8, np.random.default_rng(0))
    assert batches.inputs.shape == (5, 8, 3)
    assert set(pairs(batches)) <= set(within_documents()) and len(pairs(batches)) >= 90
    first = {int(index) for index in NUMBERED.tokens[list(TEXT.documents)]}
    real = batches.keep == 0
    assert {int(index) for index in batches.inputs[real]} <= first


def test_streams_of_another_epoch_are_cut_elsewhere() -> None:
    one, other = (streams(NUMBERED, 3, 8, np.random.default_rng(seed)) for seed in (0, 1))
    assert (one.inputs != other.inputs).any()


def test_windows_start_from_zero_and_hold_consecutive_tokens() -> None:
    batches = windows(NUMBERED, 4, 9, np.random.default_rng(0))
    assert batches.inputs.shape == (2, 9, 4)
    assert (batches.keep[:, 0] == 0).all()
    np.testing.assert_array_equal(batches.inputs[:, 1:], batches.targets[:, :-1])
    assert len(pairs(batches)) == len(set(pairs(batches)))


def test_a_text_is_split_where_a_document_starts() -> None:
    train, held_out = split(TEXT, 0.35)
    assert len(train) == 60 and train.documents == (0, 10, 11)
    assert held_out.tokens == TEXT.tokens[60:] and held_out.documents == (0,)
    train, held_out = split(Text(TEXT.tokens), 0.35)
    assert len(train) == 65 and train.tokens + held_out.tokens == TEXT.tokens


@pytest.mark.parametrize("share", [0.0, 1.0, -0.5])
def test_a_share_that_is_none_is_refused(share: float) -> None:
    with pytest.raises(ValueError, match="between 0 and 1"):
        split(TEXT, share)
