"""Names in a picture have room, the first ones first."""

from rnn_widgets.naming import names_apart

SIZES = {"letter": 0.1, "height": 0.05, "beside": 0.02}


def test_a_name_that_would_lie_upon_another_or_over_the_edge_is_left_out():
    names = [("whale", 0.1, 0.5), ("ship", 0.3, 0.52), ("sea", 0.3, 0.6), ("captain", 0.5, 0.1)]
    assert names_apart(names, 10, **SIZES) == [0, 2]
    assert names_apart(names[1:], 10, **SIZES) == [0, 1]


def test_there_are_as_many_names_as_asked_for_and_each_once_if_wanted():
    names = [("a", 0.1, 0.1), ("a", 0.1, 0.9), ("b", 0.5, 0.5)]
    assert names_apart(names, 10, **SIZES) == [0, 1, 2]
    assert names_apart(names, 10, **SIZES, once=True) == [0, 2]
    assert names_apart(names, 2, **SIZES) == [0, 1]
