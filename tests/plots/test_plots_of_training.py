"""Figures of trainings and searches hold their numbers."""

import numpy as np
import pytest

import rnn_widgets as rw
from rnn_widgets.models.history import Report
from rnn_widgets.models.search.result import Trial

NAN = float("nan")


def test_a_learning_curve_marks_the_best_held_out_loss(drawn):
    rows = [(10, 4.0, NAN), (20, 3.0, 3.2), (30, 2.5, 2.9), (40, 2.2, 3.1)]
    history = rw.History([Report(step, step / 40, loss, 0.5, held_out) for step, loss, held_out in rows])
    ax = history.plot().axes[0]
    assert drawn(ax, "training text")[0].tolist() == [[10, 4.0], [20, 3.0], [30, 2.5], [40, 2.2]]
    assert drawn(ax, "held-out text, best 2.900")[0].tolist() == [[20, 3.2], [30, 2.9], [40, 3.1]]
    assert [30, 2.9] in [line[0].tolist() for line in drawn(ax, "o")]


def test_trials_stand_by_number_and_by_what_they_chose(drawn):
    recipe = rw.Recipe.load("char-lstm")
    space = {
        "training.learning_rate": rw.Uniform(0.001, 0.1, log=True),
        "model.cell": rw.OneOf(("lstm", "gru")),
        "model.hidden": rw.Whole(8, 32),
    }
    found = rw.Search(recipe, space)
    rows = [("finished", 3.0, 0.01, "lstm", 8), ("pruned", 4.0, 0.1, "gru", 16), ("finished", 2.0, 0.003, "gru", 32)]
    for number, (state, loss, rate, cell, hidden) in enumerate(rows):
        values = {"training.learning_rate": rate, "model.cell": cell, "model.hidden": hidden}
        found.add(Trial(number, state, loss, 1, 1.0, values))
    by_number, by_rate, by_cell, by_hidden = found.plot().axes
    assert drawn(by_number, "finished")[0].tolist() == [[0, 3.0], [2, 2.0]]
    assert drawn(by_number, "pruned or failed")[0].tolist() == [[1, 4.0]]
    assert drawn(by_number, "lowest so far")[0][:, 1] == pytest.approx([3.0, 3.0, 2.0])
    assert by_rate.get_xscale() == "log" and by_hidden.get_xscale() == "linear"
    assert [label.get_text() for label in by_cell.get_xticklabels()] == ["gru", "lstm"]
    assert drawn(by_cell, "finished")[0].tolist() == [[1, 3.0], [0, 2.0]]
    assert by_hidden.get_xlabel() == "model.hidden"
    empty = rw.Search(recipe, space).plot()
    assert "no trial has ended yet" in [text.get_text() for text in empty.axes[0].texts]
    assert np.isfinite(by_number.get_ylim()).all()
