"""Figures by frequency hold the numbers of the results."""

from math import pi

import numpy as np
import pytest

import rnn_widgets as rw
from rnn_widgets import features
from rnn_widgets.analysis.origins import RhythmOrigin, RhythmOrigins
from rnn_widgets.plots.figure import BLUE, VERMILLION
from rnn_widgets.plots.rhythms import ORIGINS

SPACE = features.regex(" ", name="space")


def above(ax):
    (top,) = ax.child_axes
    return [float(label.get_text()) for label in top.get_xticklabels()]


def test_a_spectrum_shows_the_strongest_neurons_and_their_periods(acts):
    spectrum = rw.spectrum(acts)
    ax = spectrum.plot(n=1).axes[0]
    assert [line.get_label() for line in ax.lines] == ["neuron 2, period 8"]
    assert ax.lines[0].get_ydata().max() == pytest.approx(spectrum.amplitude[2, 1:].max())
    assert 2 in above(ax) and 4 in above(ax)


def test_a_spectrum_shows_the_neurons_and_the_band_that_are_asked_for(acts):
    spectrum = rw.spectrum(acts)
    ax = spectrum.plot(neurons=[0, 3], band=(0.2, 0.22)).axes[0]
    inside = (spectrum.frequencies >= 0.2) & (spectrum.frequencies <= 0.22)
    assert len(ax.lines) == 2
    for line, neuron in zip(ax.lines, (0, 3), strict=True):
        assert line.get_xdata() == pytest.approx(spectrum.frequencies[inside])
        assert line.get_ydata() == pytest.approx(spectrum.amplitude[neuron, inside])
    with pytest.raises(ValueError, match="There is no neuron"):
        spectrum.plot(neurons=[6])
    with pytest.raises(ValueError, match="band"):
        spectrum.plot(band=(0.4, 0.3))


def test_lines_are_dots_broad_peaks_bars_and_the_rest_rings(acts, drawn):
    lines = rw.spectrum(acts).lines()
    ax = lines.plot().axes[0]
    rows = [label.get_text() for label in ax.get_yticklabels()]
    assert rows[0] == "2"
    (dot,) = [point.tolist() for line in drawn(ax, VERMILLION) for point in line if len(line) == 1 and point[1] == 0]
    assert dot[0] == pytest.approx(1 / 8, abs=1e-4)
    rings = {str(rows[int(line[0, 1])]) for line in drawn(ax, "o") if len(line) == 1} - {"2"}
    assert rings == {str(line.neuron) for line in lines if line.kind == "background"}
    assert len(drawn(ax, BLUE)) == sum(line.kind == "broad peak" for line in lines)
    assert len(lines.plot(n=1).axes[0].get_yticklabels()) == 1


def test_coherence_stands_over_what_chance_reaches_and_has_phases_where_it_is_more(acts):
    found = rw.coherence(acts, 1, SPACE)
    first, second = found.plot().axes
    assert first.lines[0].get_ydata() == pytest.approx(found.coherence)
    assert first.lines[2].get_ydata() == pytest.approx([found.level()] * 2)
    more = found.adjusted <= found.q
    assert more.any()
    assert second.lines[1].get_xydata() == pytest.approx(np.column_stack([found.frequencies, found.phase])[more])
    assert second.get_ylim() == (-pi, pi)
    nothing = rw.coherence(acts, 0, SPACE).plot().axes[1]
    assert "no more than chance" in [text.get_text() for text in nothing.texts]


def test_a_spectrogram_shows_a_band_of_all_windows(acts):
    found = rw.spectrogram(acts, 2, window=64)
    mesh = found.plot().axes[0].collections[0]
    np.testing.assert_allclose(mesh.get_array(), found.amplitude[:, 1:].T)
    some = found.plot(band=(0.1, 0.15)).axes[0]
    inside = (found.frequencies >= 0.1) & (found.frequencies <= 0.15)
    assert some.collections[0].get_array().shape == (inside.sum(), len(found.tokens))
    with pytest.raises(ValueError, match="windows of 64 tokens resolve"):
        found.plot(band=(0.001, 0.002))
    with pytest.raises(ValueError, match=r"A band is \(low, high\)"):
        found.plot(band=(0.4, 0.3))


def test_rhythms_stand_beside_those_of_untrained_twins():
    nan = float("nan")
    rhythms = (
        RhythmOrigin("line", 0.1, 10.0, 0.8, 0.01, None, nan, nan, nan, 0.2, 4.0, "made"),
        RhythmOrigin("broad peak", 0.25, 4.0, 0.3, 0.02, "space", 0.25, 0.2, 0.01, 0.3, 0.0, "from the text"),
    )
    ax = RhythmOrigins(rhythms, 7, "hidden", 0, 500, 10, 20, 0.05).plot().axes[0]
    assert [label.get_text() for label in ax.get_yticklabels()] == ["line, period 10", "broad peak, period 4"]
    for row, rhythm in enumerate(rhythms):
        colour = ORIGINS[rhythm.verdict]["color"]
        assert [rhythm.strength, row] in [
            line.get_xydata()[0].tolist() for line in ax.lines if line.get_color() == colour
        ]
    assert ax.lines[-1].get_xydata().tolist() == [[0.2, 0], [0.3, 1]]
