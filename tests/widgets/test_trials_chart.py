"""The picture of a search's trials: what stands in it, where, and what it says."""

from math import nan

import numpy as np
import pytest
from ipywidgets.widgets.widget import _instances

import rnn_widgets as rw
from rnn_widgets.models import Recipe, Trial

RATE, CELL, ROWS = "training.learning_rate", "model.cell", "training.rows"
SPACE = {RATE: rw.Uniform(1e-4, 1e-1, log=True), CELL: rw.OneOf(("lstm", "gru")), ROWS: rw.Whole(1, 3)}


def trial(number, state, loss, rate=0.01, cell="lstm", rows=2, reason=""):
    return Trial(number, state, loss, 3, 1.0, {RATE: rate, CELL: cell, ROWS: rows}, reason)


TRIALS = (
    trial(0, "finished", 2.5, rate=0.001),
    trial(1, "failed", nan, rate=0.09, cell="gru", reason="The loss is nan at step 50: training diverged. " * 2),
    trial(2, "pruned", 3.0, rows=1, reason="Others did better after epoch 1."),
    trial(3, "finished", 2.0, cell="gru"),
    trial(4, "finished", 2.25, rows=3),
)


def searched(*trials):
    found = rw.Search(Recipe.load("char-rnn"), SPACE)
    found.add(*trials)
    return found


def parts(chart):
    """The control, the key, the figure, and the marks by what they show."""
    control, key, figure = chart.children
    return control, key, figure, dict(zip(("lowest", "finished", "pruned", "failed"), figure.marks, strict=True))


def test_every_trial_stands_where_it_ended():
    _, key, figure, marks = parts(rw.TrialsChart(searched(*TRIALS)))
    assert marks["finished"].x.tolist() == [0, 3, 4] and marks["finished"].y.tolist() == [2.5, 2.0, 2.25]
    assert marks["pruned"].x.tolist() == [2] and marks["pruned"].y.tolist() == [3.0]
    assert marks["failed"].x.tolist() == [1]
    assert marks["lowest"].x.tolist() == [0, 3, 4] and marks["lowest"].y.tolist() == [2.5, 2.0, 2.0]
    for words in ("3 finished", "1 pruned", "1 failed", "lowest so far: 2.000 in trial 3"):
        assert words in key.value
    assert [axis.label for axis in figure.axes[:2]] == ["trial", "held-out bits per token"]


def test_failed_trials_stand_above_every_loss_beside_the_word_failed():
    _, _, figure, marks = parts(rw.TrialsChart(searched(*TRIALS)))
    losses, strip = marks["finished"].scales["y"], marks["failed"].scales["y"]
    assert (3.0 - losses.min) / (losses.max - losses.min) < marks["failed"].y[0] - 0.05
    axis = figure.axes[2]
    assert axis.scale is strip and axis.visible and axis.tick_values.tolist() == marks["failed"].y.tolist()
    assert axis.tick_labels == {str(marks["failed"].y[0]): "failed"}
    _, _, figure, marks = parts(rw.TrialsChart(searched(TRIALS[0], TRIALS[2])))
    assert not figure.axes[2].visible and marks["finished"].scales["y"].max < 3.1


@pytest.mark.parametrize(
    ("across", "finished", "failed", "ticks"),
    [
        (RATE, [0.001, 0.01, 0.01], [0.09], [0.0001, 0.001, 0.01, 0.1]),
        (CELL, ["lstm", "gru", "lstm"], ["gru"], None),
        (ROWS, [2, 2, 3], [2], [1, 2, 3]),
    ],
)
def test_trials_are_shown_across_a_searched_key(across, finished, failed, ticks):
    chart = rw.TrialsChart(searched(*TRIALS))
    control = chart.children[0]
    assert control.options == ("trial", *SPACE)
    control.value = across
    _, key, figure, marks = parts(chart)
    assert marks["finished"].x.tolist() == finished and marks["finished"].y.tolist() == [2.5, 2.0, 2.25]
    assert marks["failed"].x.tolist() == failed and marks["lowest"].x.size == 0
    assert figure.axes[0].label == across and "so far" not in key.value and "lowest: 2.000 in trial 3" in key.value
    if ticks is None:
        assert figure.axes[0].scale.domain == ["lstm", "gru"]
    else:
        assert figure.axes[0].tick_values.tolist() == pytest.approx(ticks)
    control.value = "trial"
    assert parts(chart)[3]["lowest"].y.tolist() == [2.5, 2.0, 2.0]


def test_pointing_at_a_trial_says_its_values_and_why_it_ended():
    marks = parts(rw.TrialsChart(searched(*TRIALS)))[3]
    assert marks["finished"].names[1].splitlines() == [
        "Trial 3 finished",
        "2.000 bits per token",
        "learning_rate = 0.01",
        "cell = gru",
        "rows = 2",
    ]
    assert "Others did better after epoch 1." in marks["pruned"].names[0]
    failed = marks["failed"].names[0].splitlines()
    assert failed[0] == "Trial 1 failed" and not any("bits" in line for line in failed)
    assert "diverged" in marks["failed"].names[0] and max(map(len, failed)) <= 60


def test_it_follows_the_search_until_it_is_closed():
    found = searched(*TRIALS[:2])
    chart = rw.TrialsChart(found)
    finished = parts(chart)[3]["finished"]
    found.add(TRIALS[3])
    assert finished.y.tolist() == [2.5, 2.0]
    chart.close()
    found.add(TRIALS[4])
    assert finished.y.tolist() == [2.5, 2.0]


def test_a_chart_that_came_before_its_search_is_updated_by_it():
    chart = rw.TrialsChart()
    control, key, figure, marks = parts(chart)
    assert figure.axes[0].tick_values.tolist() == [0, 1]
    assert control.options == ("trial",) and "0 finished" in key.value
    chart.update(searched())
    assert marks["finished"].x.size == 0
    chart.update(searched(*TRIALS))
    assert control.options == ("trial", *SPACE) and marks["finished"].y.tolist() == [2.5, 2.0, 2.25]
    chart.close()


@pytest.mark.parametrize("count", [1, 2, 7, 11, 60, 1000])
def test_axes_count_in_round_numbers_and_never_in_parts_of_a_trial(count):
    losses = 2 + np.arange(count) / count
    figure = parts(rw.TrialsChart(searched(*(trial(n, "finished", float(loss)) for n, loss in enumerate(losses)))))[2]
    across, up = (axis.tick_values for axis in figure.axes[:2])
    assert (across == across.astype(int)).all() and 2 <= len(across) <= 8 and across[-1] <= max(count - 1, 1)
    steps = np.diff(up)
    assert 2 <= len(up) <= 8 and float(f"{steps[0]:.1g}") == pytest.approx(steps[0]) and np.allclose(steps, steps[0])
    assert up[0] >= figure.axes[1].scale.min and up[-1] <= figure.axes[1].scale.max


def test_closing_leaves_no_widget_open_whatever_was_shown():
    before = set(_instances)
    chart = rw.TrialsChart(searched(*TRIALS))
    for across in (CELL, RATE, "trial"):
        chart.children[0].value = across
    chart.close()
    assert set(_instances) == before
    chart.close()
    with pytest.raises(TypeError, match=r"TrialsChart has no option 'layuot'\. Did you mean 'layout'\?"):
        rw.TrialsChart(searched(), layuot={})
    assert set(_instances) == before


def test_nothing_of_a_users_becomes_markup():
    found = rw.Search(Recipe.load("char-rnn"), {CELL: rw.OneOf(("<b>", "lstm"))})
    found.add(Trial(0, "failed", nan, 0, 1.0, {CELL: "<b>"}, "<script>"))
    assert "<b>" not in rw.TrialsChart(found).children[1].value
