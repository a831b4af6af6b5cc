"""Figures of neurons beside each other hold the numbers of the results."""

from dataclasses import replace

import numpy as np
import pytest

import rnn_widgets as rw
from rnn_widgets import features
from rnn_widgets.analysis.finding.use import Use
from rnn_widgets.plots.neurons import MARKS

SPACE = features.regex(" ", name="space")
QUOTE = features.regex('"', name="quote")


def row_names(ax):
    return [label.get_text() for label in ax.get_yticklabels()]


def test_relevance_stands_over_each_neuron_and_the_top_ones_are_named(acts):
    found = rw.relevance(acts, SPACE, method="auc")
    ax = found.plot(3).axes[0]
    ends = {segment[1][0]: segment[1][1] for lines in ax.collections for segment in lines.get_segments()}
    assert [ends[neuron] for neuron in range(6)] == pytest.approx(found.effects)
    assert {text.get_text() for text in ax.texts} == {str(neuron) for neuron in found.top(3)}
    assert ax.get_ylabel() == "effect, 2 AUC − 1" and "space" in ax.get_title()
    assert {segment[1][1] for lines in ax.collections for segment in lines.get_segments()} == set(
        found.effects.tolist()
    )


def test_findings_stand_in_the_order_of_the_table_with_their_verdicts(acts):
    found = rw.find_neurons(acts, [SPACE, QUOTE])
    frame = found.to_frame().head(8)
    figure = found.plot(8)
    (ax,) = figure.axes
    assert row_names(ax) == [f"{row.neuron} · {row.feature}" for row in frame.itertuples()]
    shown = {
        int(row): (effect, verdict)
        for verdict, mark in MARKS.items()
        for line in ax.lines
        if line.get_color() == mark["color"] and line.get_markersize() == 5
        for effect, row in line.get_xydata()
    }
    assert {verdict for _, verdict in shown.values()} == set(frame["verdict"]) == {"responds", "chance"}
    for row, (effect, verdict) in shown.items():
        assert verdict == frame["verdict"][row]
        np.testing.assert_allclose(effect, frame["effect"][row])
    assert ax.get_ylim()[0] > ax.get_ylim()[1], "the first row is on top"
    told = [text.get_text() for text in figure.legends[0].get_texts()]
    assert told == ["responds", "chance", "beyond the token"]


def test_what_clamps_cost_stands_beside_the_findings(acts):
    found = rw.find_neurons(acts, SPACE)
    nothing = np.full((1, 6), np.nan)
    bits = np.array([[np.nan, 0.5, np.nan, 0.2, 0.1, np.nan]])
    use = Use(bits, bits - 0.05, bits + 0.05, nothing.copy(), np.where(np.isfinite(bits), 0.01, np.nan))
    used = replace(found, use=use)
    frame = used.to_frame()
    effects, clamps = used.plot().axes
    assert row_names(effects) == [str(neuron) for neuron in frame["neuron"]]
    shown = [point for line in clamps.lines if line.get_marker() == "o" for point in line.get_xydata().tolist()]
    assert shown == [[bits[0, neuron], row] for row, neuron in enumerate(frame["neuron"]) if neuron in (1, 3, 4)]
    intervals = {ends[0, 1]: ends[:, 0] for ends in clamps.collections[0].get_segments() if len(ends)}
    assert len(intervals) == 3
    for effect, row in shown:
        assert intervals[row] == pytest.approx([effect - 0.05, effect + 0.05])


def ablation(neurons=30):
    random = np.random.default_rng(0)
    at = random.normal(size=neurons)
    exact = random.random(neurons) < 0.7
    ends = np.where(exact, at, np.nan)
    return rw.Ablation(
        neurons=np.arange(neurons, dtype=np.int64),
        at_feature=at,
        elsewhere=np.zeros(neurons),
        low=ends - 0.1,
        high=ends + 0.1,
        p_random=np.where(exact, 0.5, np.nan),
        exact=exact,
        sums=np.zeros((neurons, 2, 2)),
        counts=np.ones((2, 2), np.int64),
        feature="space",
        signal="hidden",
        layer=0,
        value="mean",
        interval=0.95,
    )


def test_clamps_stand_by_effect_and_estimates_are_hollow():
    found = ablation()
    ax = found.plot(12).axes[0]
    top = found.top(12)
    assert row_names(ax) == [str(neuron) for neuron in top]
    clamped, estimated = (line for line in ax.lines if line.get_marker() == "o")
    assert estimated.get_markerfacecolor() == "none"
    for line, exact in ((clamped, True), (estimated, False)):
        rows = [row for row, neuron in enumerate(top) if found.exact[neuron] == exact]
        assert line.get_xydata().tolist() == [[found.effect[top[row]], row] for row in rows]


def test_a_description_shows_features_lags_and_fullness(acts):
    told = rw.describe(acts, 1)
    figure = told.plot(4, profiles=2)
    bits, lags, fullness = figure.axes
    frame = told.to_frame().head(4)
    assert [bar.get_width() for bar in bits.patches] == pytest.approx(frame["bits"].tolist())
    best = told.findings.features.index(frame["feature"][0])
    (profile,) = (line for line in lags.lines if line.get_label() in row_names(bits)[:1])
    assert profile.get_xdata().tolist() == list(told.lags)
    assert profile.get_ydata() == pytest.approx(told.profile[best])
    assert row_names(fullness) == ["hidden"]
    assert "neuron 1" in figure.get_suptitle()


def test_a_description_draws_as_many_profiles_as_are_asked_for(acts):
    told = rw.describe(acts, 1)
    assert len(told.lags) > 2
    drawn = [line for line in told.plot(9, profiles=9).axes[1].lines if len(line.get_xdata()) == len(told.lags)]
    assert len(drawn) == 9


def test_a_description_shows_how_long_a_clamp_is_felt(acts):
    told = replace(rw.describe(acts, 1), felt=np.exp(-np.arange(20) / 4), time_constant=4.0)
    felt = told.plot().axes[3]
    assert felt.lines[0].get_ydata() == pytest.approx(told.felt)
    assert "4 tokens" in [text.get_text() for text in felt.get_legend().get_texts()]
