from __future__ import annotations

import numpy as np
import pytest

from rnn_widgets.terminal import parse_neurons
from rnn_widgets.terminal.neurons import merged


@pytest.mark.parametrize(
    ("spec", "windows"),
    [
        ("595:599,12", [[595, 596, 597, 598], [12]]),
        ("3", [[3]]),
        (" 3 , 4,9", [[3, 4], [9]]),
        (":2,669:", [[0, 1], [669, 670, 671]]),
        (7, [[7]]),
        (slice(1, 3), [[1, 2]]),
        ([5, slice(8, 10), np.int64(6)], [[5], [8, 9], [6]]),
        (range(3), [[0, 1, 2]]),
    ],
)
def test_intervals_mean_what_python_slices_mean(spec, windows):
    assert parse_neurons(spec, 672) == windows


@pytest.mark.parametrize(
    ("spec", "message"),
    [
        ("", "Cannot read"),
        ("595-599", "595-599.*start:stop"),
        ("1,,2", "Cannot read"),
        ("-1", "Cannot read"),
        ("672", r"no neuron 672.*0\.\.671"),
        ([-1], "no neuron -1"),
        ("670:673", "beyond the last neuron"),
        ("5:5", "holds no neuron"),
        ([], "names no neuron"),
        ([1.5], "indices or slices, got 1.5"),
        ([True], "indices or slices, got True"),
    ],
)
def test_what_cannot_be_meant_is_refused(spec, message):
    with pytest.raises(ValueError, match=message):
        parse_neurons(spec, 672)


def test_windows_that_share_a_neuron_become_one():
    assert merged([[5, 6, 7], [20, 21], [7, 8, 9], [0]]) == [[5, 6, 7, 8, 9], [20, 21], [0]]
    assert merged([[1, 2], [4, 5], [2, 3, 4]]) == [[1, 2, 3, 4, 5]]
