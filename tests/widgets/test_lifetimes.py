"""What stays open when a widget could not be made, and how widgets call themselves."""

import gc

import pytest
from ipywidgets.widgets.widget import _instances
from traitlets import TraitError

import rnn_widgets as rw


@pytest.mark.parametrize(
    ("make", "error"),
    [
        (lambda acts: rw.TextHighlighter(acts, height=-1), TraitError),
        (lambda acts: rw.TextHighlighter(acts, palette="grey"), TraitError),
        (lambda acts: rw.RelevanceHeatmap(acts, neuron=99), ValueError),
        (lambda acts: rw.FourierSurface(acts, neurons=99), ValueError),
        (lambda acts: rw.TextHighlighter(acts, layout=3), TraitError),
        (lambda acts: rw.NeuronCompanion(acts, neuron=99), ValueError),
        (lambda acts: rw.NeuronCompanion(acts, layout=3), TraitError),
        (lambda acts: rw.explore(acts, token=-3), ValueError),
        (lambda acts: rw.explore(acts, layout=3), TraitError),
        (lambda acts: rw.explore(acts, palette="grey"), TraitError),
        (lambda acts: rw.LearningCurve(rw.History(), layout=3), TraitError),
    ],
)
def test_nothing_stays_open_where_a_widget_could_not_be_made(acts, make, error):
    gc.collect()
    before = set(_instances)
    with pytest.raises(error):
        make(acts)
    assert set(_instances) == before


def test_what_other_views_hold_stays_open_where_one_could_not_be_made(acts):
    view = rw.TextHighlighter(acts)
    selection = rw.Selection()
    with pytest.raises(TraitError):
        rw.FourierSurface(acts, selection=selection, height=-1)
    assert view.recording.comm is not None and selection.comm is not None


def test_the_learning_curve_refuses_an_option_that_it_does_not_know():
    with pytest.raises(TypeError, match=r"LearningCurve has no option 'layuot'\. Did you mean 'layout'\?"):
        rw.LearningCurve(rw.History(), layuot={"width": "50%"})


def test_one_palette_is_given_to_all_views_of_an_explorer(acts):
    explorer = rw.explore(acts, palette="red-blue")
    parts = (explorer.toolbar, explorer.text, explorer.heatmap, explorer.surface)
    assert {part.palette for part in parts} == {"red-blue"}


def test_explorer_and_companion_call_themselves_by_what_they_show(make_acts):
    assert repr(rw.NeuronCompanion(make_acts(signals=("hidden",)))) == "NeuronCompanion(hidden[0]: (57, 6))"
    assert (
        repr(rw.explore(make_acts(layers=(6, 4))))
        == "Explorer(hidden[0]: (57, 6), hidden[1]: (57, 4), cell[0]: (57, 6), and 1 more)"
    )
