import numpy as np
import pytest
from traitlets import TraitError

import rnn_widgets as rw
from rnn_widgets.widgets import Toolbar
from tests.widgets.conftest import LETTER_O, SPACE

VIEWS = [rw.TextHighlighter, rw.RelevanceHeatmap, rw.FourierSurface, Toolbar]


@pytest.mark.parametrize("view_class", VIEWS)
def test_every_view_works_alone(view_class, acts):
    view = view_class(acts)
    assert view.selection.neuron == 0
    assert view._esm.strip() and "innerHTML" not in view._esm
    state = view.get_state()
    assert state["recording"] == f"anywidget:{view.recording.model_id}"
    assert state["selection"] == f"anywidget:{view.selection.model_id}"


def test_shorthands_read_and_write_the_selection(acts, features):
    view = rw.TextHighlighter(acts, features=features)
    view.neuron, view.token, view.neurons, view.feature = 3, 5, [1], LETTER_O.name
    view.signal, view.layer, view.band = "cell", 0, (0.1, 0.3)
    selection = view.selection
    assert (selection.neuron, selection.token, selection.neurons, selection.feature) == (3, 5, [1], LETTER_O.name)
    assert (selection.signal, selection.layer, selection.band) == ("cell", 0, (0.1, 0.3))
    selection.neuron = 2
    assert view.neuron == 2
    with pytest.raises(TraitError, match="no neuron 6"):
        view.neuron = 6


def test_first_choices_are_options(acts, features):
    view = rw.FourierSurface(acts, features=features, neuron=2, feature=LETTER_O.name, signal="cell", band=(0.2, 0.4))
    assert (view.neuron, view.feature, view.signal, view.band) == (2, LETTER_O.name, "cell", (0.2, 0.4))


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"heigth": 300}, "TextHighlighter has no option 'heigth'. Did you mean 'height'?"),
        ({"neuorns": [1]}, "Did you mean 'neurons'?"),
        ({"selecton": None}, "Did you mean 'selection'?"),
        (
            {"zzzz": 1},
            "Options are: arrangement, band, colour, feature, height, layer, layout, neuron, palette, signal, token.",
        ),
        ({"_esm": "x"}, "has no option '_esm'"),
        ({"limit": [1]}, "has no option 'limit'"),
    ],
)
def test_an_unknown_option_is_named_with_the_nearest_one(acts, options, said):
    with pytest.raises(TypeError) as raised:
        rw.TextHighlighter(acts, **options)
    assert said in str(raised.value)


def test_an_option_of_the_wrong_kind_is_refused(acts):
    with pytest.raises(TraitError, match="mode"):
        rw.FourierSurface(acts, mode="4d")
    with pytest.raises(TraitError, match="top"):
        rw.RelevanceHeatmap(acts, top=0)


def test_views_take_activations(acts):
    with pytest.raises(TypeError, match=r"Expected Activations .* got ndarray"):
        rw.TextHighlighter(np.zeros((3, 4)))
    with pytest.raises(TypeError, match="selection= takes a Selection"):
        rw.TextHighlighter(acts, selection="neuron 3")


@pytest.mark.parametrize(
    ("neurons", "meant"),
    [
        (3, [3]),
        (slice(2, 5), [2, 3, 4]),
        (slice(4, 99), [4, 5]),
        ([5, slice(0, 2), 5], [5, 0, 1]),
        (range(3), [0, 1, 2]),
        (np.array([4, 2]), [4, 2]),
        (np.int64(2), [2]),
    ],
)
def test_neurons_limits_a_view(acts, neurons, meant):
    view = rw.RelevanceHeatmap(acts, neurons=neurons)
    assert view.limit == meant and all(type(neuron) is int for neuron in view.limit)


@pytest.mark.parametrize(
    ("neurons", "error", "said"),
    [
        (6, ValueError, r"no neuron 6: the layer has 6 neurons, numbered 0\.\.5"),
        ([0, -1], ValueError, "no neuron -1"),
        ([], ValueError, "names none of the layer's 6 neurons"),
        (slice(8, 9), ValueError, "names none"),
        ([1.5], TypeError, r"a number from 0 to 5, got 1\.5"),
        (1.5, TypeError, r"a number from 0 to 5, got 1\.5"),
        ("3", TypeError, "a number from 0 to 5, got '3'"),
    ],
)
def test_neurons_that_are_not_there_are_refused(acts, neurons, error, said):
    with pytest.raises(error, match=said):
        rw.RelevanceHeatmap(acts, neurons=neurons)


def test_the_browser_writes_only_what_a_view_offers_to_choose(acts, wire):
    view = rw.FourierSurface(acts)
    before = view.get_state()
    wire.write(view, recording="anywidget:x", selection="anywidget:x", limit=[0], _esm="alert(1)", height=999)
    assert view.get_state() == before
    wire.write(view, mode="3d", palette="red-blue")
    assert (view.mode, view.palette) == ("3d", "red-blue")


def test_a_bad_choice_from_the_browser_is_answered_with_the_old_one(acts, wire):
    view = rw.FourierSurface(acts)
    wire.write(view, palette="of a later version")
    assert view.palette == "orange-blue"
    assert wire.to(view, "update")[-1]["state"] == {"palette": "orange-blue"}


def test_a_selection_made_for_a_view_ends_with_it(acts):
    view = rw.TextHighlighter(acts)
    other = rw.FourierSurface(acts, selection=view.selection)
    selection = view.selection
    view.close()
    assert selection.comm is not None
    other.close()
    assert selection.comm is None


def test_a_selection_of_the_users_own_stays(acts):
    selection = rw.Selection()
    rw.TextHighlighter(acts, selection=selection).close()
    assert selection.comm is not None


def test_linked_views_of_one_network_share_one_selection(make_acts, features):
    acts = make_acts(network="n")
    other_text = make_acts(network="n", tokens=list("no more of that") * 9, seed=1)
    text = rw.TextHighlighter(acts, features=features)
    heatmap, surface = rw.RelevanceHeatmap(acts), rw.FourierSurface(other_text)
    old = surface.selection
    assert rw.link(text, heatmap, surface) == []
    assert text.selection is heatmap.selection is surface.selection
    assert old.comm is None, "a selection that no view holds any more is closed"
    surface.neuron = 4
    assert text.neuron == heatmap.neuron == 4
    text.token = 100
    assert surface.token == 100


def test_linked_views_of_different_networks_share_neither_neuron_nor_layer(make_acts):
    one = rw.TextHighlighter(make_acts(network="a"), features=[SPACE])
    other = rw.TextHighlighter(make_acts(network="b", layers=(3, 3)), features=[LETTER_O])
    links = rw.link(one, other)
    shared = {link.source[1] for link in links}
    assert one.selection is not other.selection
    assert shared == {"band", "token", "signal", "feature"}
    assert all(link.source == (one.selection, link.target[1]) for link in links)
    assert one.recording.feature_names == [SPACE.name, LETTER_O.name]
    assert other.recording.feature_names == [LETTER_O.name, SPACE.name]


def test_networks_that_read_different_texts_do_not_share_the_token(make_acts):
    one = rw.TextHighlighter(make_acts(network="a"))
    other = rw.TextHighlighter(make_acts(network="b", tokens=list("another text"), signals=("hidden",)))
    assert {link.source[1] for link in rw.link(one, other)} == {"band", "feature"}


def test_a_feature_added_later_reaches_the_linked_network(make_acts):
    one, other = rw.TextHighlighter(make_acts(network="a")), rw.TextHighlighter(make_acts(network="b"))
    rw.link(one, other)
    other.recording.add_features([SPACE])
    assert one.recording.feature_names == [SPACE.name]


def test_features_that_do_not_fit_the_other_text_are_not_shared(make_acts):
    acts, other = make_acts(network="a"), make_acts(network="b", tokens=list("short"))
    marked = rw.features.mask(np.arange(len(acts)) % 3 == 0, name="thirds")
    links = rw.link(rw.TextHighlighter(acts, features=[marked]), rw.TextHighlighter(other))
    assert "feature" not in {link.source[1] for link in links}


def test_link_takes_views(acts):
    with pytest.raises(TypeError, match="link takes views such as TextHighlighter"):
        rw.link(rw.TextHighlighter(acts), acts)


def test_another_selection_must_fit_the_recording(make_acts):
    view = rw.TextHighlighter(make_acts(signals=("hidden",)))
    with pytest.raises(TraitError, match="selection is a Selection"):
        view.selection = view.recording
    with pytest.raises(ValueError, match="no neuron 40"):
        view.selection = rw.Selection(neuron=40)
    assert view.neuron == 0
