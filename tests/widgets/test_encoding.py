import numpy as np
import pytest

from rnn_widgets.widgets.encoding import CLIPPED, FLOAT16_CELLS, FLOAT32_CELLS, encode
from tests.widgets.decoding import decode, encoding_of


def normal(rows, columns, seed=0):
    return np.random.default_rng(seed).normal(size=(rows, columns)).astype(np.float32)


def test_numbers_that_are_read_travel_exactly():
    array = normal(7, 31)
    data = encode(array)
    assert encoding_of(data) == "float32"
    np.testing.assert_array_equal(decode(data), array)


def test_activations_travel_as_float16_within_its_rounding():
    array = normal(7, 31) * 3
    data = encode(array, large=True)
    assert encoding_of(data) == "float16" and len(data) == 16 + 2 * array.size
    np.testing.assert_allclose(decode(data), array, rtol=2.0**-11, atol=2.0**-25)


def test_values_beyond_float16_travel_exactly():
    array = normal(3, 5) * 1e6
    data = encode(array, large=True)
    assert encoding_of(data) == "float32"
    np.testing.assert_array_equal(decode(data), array)


def test_many_numbers_travel_as_float16():
    array = normal(101, FLOAT32_CELLS // 100)
    data = encode(array)
    assert encoding_of(data) == "float16"
    np.testing.assert_allclose(decode(data), array, rtol=2.0**-11, atol=2.0**-25)


def test_more_activations_than_a_screen_travel_as_bytes_within_half_a_step():
    rows = 40
    array = normal(rows, FLOAT16_CELLS // rows + 1) * np.geomspace(1e-3, 1e3, rows, dtype=np.float32)[:, np.newaxis]
    array[3, 17] = 1e5
    data = encode(array, large=True)
    assert encoding_of(data) == "bytes" and len(data) == 16 + 8 * rows + array.size
    decoded = decode(data)
    low, high = decoded.min(axis=1, keepdims=True), decoded.max(axis=1, keepdims=True)
    inside = (array >= low) & (array <= high)
    assert (np.abs(decoded - array) <= (high - low) / 255 * 0.501)[inside].all()
    assert (1 - inside.mean(axis=1) < 2.1 * CLIPPED).all(), "only the outermost values are clipped"
    assert high[3] < 10 * np.median(np.abs(array[3])), "one outlier must not flatten its row"
    assert (decoded[array > high] == np.broadcast_to(high, array.shape)[array > high]).all()


@pytest.mark.parametrize("period", [2, 3, 4, 5, 50])
def test_a_rhythm_survives_as_bytes_whatever_its_period(period):
    columns = 8192
    array = np.tile((np.arange(columns) % period == 1).astype(np.float32), (FLOAT16_CELLS // columns + 1, 1))
    np.testing.assert_allclose(decode(encode(array, large=True)), array, atol=1e-6)


def test_one_strong_cell_of_a_bounded_signal_survives_as_bytes():
    array = np.random.default_rng(0).uniform(-0.01, 0.01, (400, 10_001)).astype(np.float32)
    array[7, 1234] = 0.95
    assert decode(encode(array, large=True, bounded=True))[7, 1234] == pytest.approx(0.95)
    assert decode(encode(array, large=True))[7, 1234] < 0.02


def test_a_constant_row_of_bytes_is_itself():
    array = np.full((2, FLOAT16_CELLS // 2 + 1), 0.25, np.float32)
    np.testing.assert_array_equal(decode(encode(array, large=True)), array)


def test_masks_are_one_exact_byte_a_cell():
    mask = normal(3, 10) > 0
    data = encode(mask.astype(np.float32), exact_bytes=True)
    assert encoding_of(data) == "bytes" and len(data) == 16 + 3 * 8 + 30
    np.testing.assert_array_equal(decode(data), mask)
    assert decode(encode(np.zeros((0, 10), np.float32), exact_bytes=True)).shape == (0, 10)


@pytest.mark.parametrize("large", [False, True])
def test_nan_stays_nan(large):
    array = np.array([[np.nan, 1.5]], np.float32)
    np.testing.assert_array_equal(decode(encode(array, large=large)), array)


def test_the_order_of_the_memory_does_not_matter():
    array = normal(4, 6)
    assert encode(array.T) == encode(np.ascontiguousarray(array.T))
