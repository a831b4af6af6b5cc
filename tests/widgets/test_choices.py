import numpy as np
import pytest
from traitlets import TraitError

import rnn_widgets as rw
from tests.widgets.conftest import LETTER_O, SPACE


@pytest.fixture
def selection(acts, features):
    return rw.RelevanceHeatmap(acts, features=features).selection


def test_without_a_choice_the_first_feature_and_its_best_neuron_are_chosen(acts, features):
    selection = rw.RelevanceHeatmap(acts, features=features).selection
    assert (selection.signal, selection.layer, selection.feature) == ("hidden", 0, SPACE.name)
    assert selection.neuron == rw.relevance(acts, SPACE).top(1)[0]
    assert (selection.token, selection.neurons, selection.band) == (None, [], None)


def test_the_last_layer_and_a_signal_that_is_there_are_chosen(make_acts):
    assert rw.TextHighlighter(make_acts(layers=(3, 4, 5))).layer == 2
    assert rw.TextHighlighter(make_acts(signals=("cell", "input_gate"))).signal == "cell"


def test_a_feature_that_comes_later_proposes_its_neuron_where_none_was_chosen(acts):
    text = rw.TextHighlighter(acts)
    assert (text.neuron, text.feature) == (0, None)
    rw.RelevanceHeatmap(acts, features=[SPACE], selection=text.selection)
    assert (text.neuron, text.feature) == (rw.relevance(acts, SPACE).top(1)[0], SPACE.name)


def test_a_choice_that_was_made_stays(acts, features):
    mine = rw.Selection(neuron=4, token=7, neurons=[1, 1, 2], feature=LETTER_O.name, signal="cell", band=(0.1, 0.2))
    view = rw.RelevanceHeatmap(acts, features=features, selection=mine)
    assert view.selection is mine
    assert (mine.neuron, mine.token, mine.neurons, mine.feature) == (4, 7, [1, 2], LETTER_O.name)
    assert (mine.signal, mine.layer, mine.band) == ("cell", 0, (0.1, 0.2))


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("neuron", 6, "There is no neuron 6: there are 6 neurons, numbered 0..5."),
        ("neuron", -1, "a whole number from 0"),
        ("neuron", 1.5, "a whole number from 0"),
        ("neuron", True, "a whole number from 0"),
        ("token", 57, "There is no token 57: there are 57 tokens, numbered 0..56."),
        ("neurons", [1, 9], "There is no neuron 9"),
        ("neurons", [-1], "a whole number from 0"),
        ("feature", "vowels", "There is no feature 'vowels'. Features are: '\" \"', '\"o\"'."),
        ("signal", "forget_gate", "There is no signal 'forget_gate'. Recorded are: hidden, cell."),
        ("layer", 1, "There is no layer 1. Recorded are the layers [0]"),
        ("band", (0.3, 0.1), "0 <= low <= high <= 0.5 cycles per token, got (0.3, 0.1)"),
        ("band", (0.3, 0.6), "0 <= low <= high <= 0.5"),
        ("band", (float("nan"), 0.3), "0 <= low <= high <= 0.5"),
        ("band", 0.3, "band"),
    ],
)
def test_what_is_not_there_cannot_be_chosen(selection, wire, name, value, said):
    before = getattr(selection, name)
    wire.sent.clear()
    with pytest.raises(TraitError) as raised:
        setattr(selection, name, value)
    assert said in str(raised.value)
    assert getattr(selection, name) == before
    assert wire.sent == []


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("neuron", 6, "There is no neuron 6"),
        ("token", 57, "There is no token 57"),
        ("feature", "vowels", "There is no feature 'vowels'"),
        ("signal", "forget_gate", "There is no signal 'forget_gate'"),
        ("layer", 4, "no layer 4"),
    ],
)
def test_a_first_choice_must_be_there_too(acts, name, value, said):
    with pytest.raises(ValueError, match=said):
        rw.TextHighlighter(acts, **{name: value})
    selection = rw.Selection(**{name: value})
    with pytest.raises(ValueError, match=said):
        rw.TextHighlighter(acts, selection=selection)
    assert getattr(selection, name) == value


def test_pinned_neurons_must_be_there(acts):
    with pytest.raises(ValueError, match="There is no neuron 99"):
        rw.TextHighlighter(acts, selection=rw.Selection(neurons=[0, 99]))


def test_numbers_of_numpy_are_numbers(selection):
    selection.neuron, selection.token, selection.neurons = np.int64(3), np.uint8(2), np.arange(2).tolist()
    assert (type(selection.neuron), selection.neuron, selection.token) == (int, 3, 2)


def test_a_layer_without_the_neuron_forgets_it(make_acts):
    selection = rw.TextHighlighter(make_acts(layers=(3, 6)), neuron=5).selection
    selection.neurons = [1, 4]
    selection.layer = 0
    assert (selection.neuron, selection.neurons) == (None, [1])


def test_the_last_layer_can_be_named_minus_one(make_acts):
    selection = rw.TextHighlighter(make_acts(layers=(3, 6)), layer=0).selection
    selection.layer = -1
    assert selection.layer == 1


def test_a_selection_has_no_other_names():
    with pytest.raises(TypeError, match=r"Selection has no 'neuro'\. It has: band, feature, layer, neuron"):
        rw.Selection(neuro=3)


def test_the_browser_chooses_without_being_echoed(selection, wire):
    seen = []
    wire.sent.clear()
    selection.observe(lambda change: seen.append((change["name"], change["new"])), ["neuron", "band", "neurons"])
    wire.write(selection, neuron=3, band=[0.25, 0.5], neurons=[2])
    assert (selection.neuron, selection.band, selection.neurons) == (3, (0.25, 0.5), [2])
    assert sorted(name for name, _ in seen) == ["band", "neuron", "neurons"]
    assert wire.to(selection, "echo_update") == [] and wire.to(selection, "update") == []


def test_a_bad_choice_of_the_browser_is_answered_with_the_one_that_stays(selection, wire):
    neuron = selection.neuron
    wire.sent.clear()
    wire.write(selection, neuron=99, token=3)
    assert (selection.neuron, selection.token) == (neuron, None)
    [answer] = wire.to(selection, "update")
    assert answer["state"] == {"neuron": neuron, "token": None}
    wire.write(selection, token="three")
    assert selection.token is None and wire.to(selection, "update")[1]["state"] == {"token": None}


def test_the_browser_cannot_write_anything_else(selection, wire):
    before = selection.get_state()
    wire.sent.clear()
    wire.write(selection, _esm="alert(1)", _view_name="x", _css="x", unknown=3)
    assert selection.get_state() == before and wire.sent == []


def test_a_choice_in_python_is_sent_once(selection, wire):
    wire.sent.clear()
    selection.neuron = (selection.neuron + 1) % 6
    assert [data["state"] for data in wire.to(selection, "update")] == [{"neuron": selection.neuron}]


def test_a_second_view_of_the_same_activations_starts_with_its_own_first_feature(acts):
    first, second = rw.features.regex("o"), rw.features.regex("e")
    rw.RelevanceHeatmap(acts, features=[first])
    later = rw.RelevanceHeatmap(acts, features=[second, first])
    assert later.feature == second.name
    assert later.neuron == rw.relevance(acts, second).top(1)[0]


def test_an_edited_function_of_the_same_name_becomes_a_feature_of_its_own(acts):
    def heatmap(letter):
        return rw.RelevanceHeatmap(acts, features=[rw.features.where(lambda token: token == letter, name="mine")])

    views = [heatmap(letter) for letter in "oee"]
    assert [view.feature for view in views] == ["mine", "mine (2)", "mine (2)"]
    assert views[0].recording.feature_names == ["mine", "mine (2)"]
