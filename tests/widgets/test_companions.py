import ipywidgets
import numpy as np
import pytest
from ipywidgets.widgets.widget import _instances

import rnn_widgets as rw
from rnn_widgets.models.history import Report


@pytest.fixture
def acts():
    tokens = list("to be, or not to be") * 3
    return rw.Activations.from_arrays(tokens, np.random.default_rng(0).uniform(-1, 1, (len(tokens), 6)))


def report(step, held_out):
    return Report(step=step, epoch=step / 10, loss=5 - step / 10, accuracy=step / 100, held_out_loss=held_out)


def test_the_learning_curve_shows_the_history_and_follows_it():
    history = rw.History([report(10, 4.5), report(20, float("nan"))])
    curve = rw.LearningCurve(history)
    training, held_out = curve.children[0].marks
    assert training.x.tolist() == [10, 20] and training.y.tolist() == [4.0, 3.0]
    assert held_out.x.tolist() == [10] and held_out.y.tolist() == [4.5]
    history.report(report(30, 2.5))
    assert training.x.tolist() == [10, 20, 30] and held_out.y.tolist() == [4.5, 2.5]
    assert curve.children[1].marks[0].y.tolist() == [10.0, 20.0, 30.0]


def test_a_closed_learning_curve_is_left_alone():
    history = rw.History([report(10, 4.5)])
    curve = rw.LearningCurve(history)
    training = curve.children[0].marks[0]
    curve.close()
    history.report(report(20, 4.0))
    assert training.x.tolist() == [10]


def test_the_companion_shares_the_selection_it_is_given(acts):
    text = rw.TextHighlighter(acts)
    companion = rw.NeuronCompanion(acts, selection=text.selection)
    assert companion.selection is text.selection


def test_the_explorer_links_its_parts_and_closes_them(acts):
    explorer = rw.explore(acts, features=[rw.features.regex("o"), rw.features.regex(" ")])
    parts = (explorer.toolbar, explorer.text, explorer.heatmap, explorer.surface)
    assert {id(part.selection) for part in (*parts, explorer.companion)} == {id(explorer.selection)}
    assert explorer.selection.feature == rw.features.regex("o").name
    assert explorer.selection.neuron == rw.relevance(acts, rw.features.regex("o")).top(1)[0]
    explorer.close()
    assert all(part.comm is None for part in (*parts, explorer.companion))


def test_an_explorer_without_features_still_shows_the_text(acts):
    explorer = rw.explore(acts)
    assert explorer.selection.feature is None
    explorer.close()


def test_explore_says_what_it_takes():
    with pytest.raises(TypeError, match="Expected Activations"):
        rw.explore("a text")


def history():
    return rw.History([report(10, 4.5)])


MAKERS = [
    lambda acts, **options: rw.explore(acts, features=[rw.features.regex("o")], **options),
    rw.NeuronCompanion,
    lambda acts, **options: rw.LearningCurve(history(), **options),
]


@pytest.mark.parametrize("options", [{}, {"layout": {"width": "50%"}}], ids=["plain", "layout"])
@pytest.mark.parametrize("make", MAKERS, ids=["explore", "NeuronCompanion", "LearningCurve"])
def test_closing_leaves_no_widget_open(acts, make, options):
    before = set(_instances)
    widget = make(acts, **options)
    assert set(_instances) > before
    widget.close()
    assert set(_instances) == before
    widget.close()
    assert set(_instances) == before


@pytest.mark.parametrize("make", MAKERS, ids=["explore", "NeuronCompanion", "LearningCurve"])
def test_closing_leaves_the_users_layout_open(acts, make):
    layout = ipywidgets.Layout(width="50%")
    before = set(_instances)
    make(acts, layout=layout).close()
    assert layout.comm is not None and set(_instances) == before


@pytest.mark.parametrize("make", MAKERS[:2], ids=["explore", "NeuronCompanion"])
def test_closing_leaves_the_users_selection_and_recording_open(acts, make):
    selection, recording = rw.Selection(), rw.widgets.Recording(acts)
    before = set(_instances)
    make(recording, selection=selection).close()
    assert selection.comm is not None and recording.comm is not None and set(_instances) == before


@pytest.mark.parametrize("make", MAKERS[:2], ids=["explore", "NeuronCompanion"])
def test_the_first_choice_is_taken(acts, make):
    widget = make(acts, neuron=2, token=5, band=(0.1, 0.2), layout={"width": "50%"})
    assert (widget.selection.neuron, widget.selection.token, widget.selection.band) == (2, 5, (0.1, 0.2))
    assert widget.layout.width == "50%"


@pytest.mark.parametrize("make", MAKERS[:2], ids=["explore", "NeuronCompanion"])
@pytest.mark.parametrize(
    ("option", "hint"),
    [("neuro", "Did you mean 'neuron'"), ("top", "Options are: band"), ("children", "no option 'children'")],
)
def test_an_unknown_option_is_refused_and_leaves_no_widget(acts, make, option, hint):
    before = set(_instances)
    with pytest.raises(TypeError, match=hint):
        make(acts, neuron=2, **{option: 1})
    assert set(_instances) == before
