from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from rnn_widgets.terminal.colours import LEGIBLE, Palette, Scale, contrast, rgb, scale_of

THEMES = ("dark", "light")
DEPTHS = ("truecolor", "256", "16")
STRENGTHS = np.linspace(-1, 1, 401).tolist()


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("depth", DEPTHS)
def test_letters_are_legible_on_every_colour(theme, depth):
    palette = Palette(theme, depth)
    for strength in STRENGTHS:
        style = palette.style(strength)
        assert contrast(rgb(style.color), rgb(style.bgcolor)) >= LEGIBLE, strength


def test_contrast_is_the_one_of_the_guidelines():
    assert contrast((0, 0, 0), (255, 255, 255)) == pytest.approx(21)
    assert contrast((119, 119, 119), (255, 255, 255)) == pytest.approx(4.48, abs=0.005)


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("depth", DEPTHS)
def test_positive_is_red_negative_is_blue_and_stronger_is_further_from_the_paper(theme, depth):
    palette = Palette(theme, depth)
    paper = rgb(palette.background(0.0))
    for sign, warm in ((1, True), (-1, False)):
        colours = [rgb(palette.background(sign * part)) for part in np.linspace(0, 1, 51)]
        distances = [sum(abs(a - b) for a, b in zip(colour, paper, strict=True)) for colour in colours]
        assert all(before <= after for before, after in pairwise(distances))
        red, _, blue = colours[-1]
        assert (red > blue) == warm
        assert abs(red - blue) > 100


@pytest.mark.parametrize("theme", THEMES)
def test_truecolor_letters_keep_one_colour_over_the_whole_scale(theme):
    assert len({Palette(theme, "truecolor").style(strength).color for strength in STRENGTHS}) == 1


def test_gates_have_one_side_states_two_and_unbounded_signals_the_limits_of_what_is_shown():
    gate = np.array([[0.2, 0.7]], np.float32)
    state = np.array([[-0.3, 0.7]], np.float32)
    cell = np.array([[-3.0, 40.0]], np.float32)
    assert scale_of("forget_gate", gate, gate) == Scale(0, 1)
    assert scale_of("hidden", state, state) == Scale(-1, 1)
    assert scale_of("cell", cell, cell) == Scale(-40, 40)
    assert scale_of("cell", cell, cell[:, :1]) == Scale(-3, 3)
    assert scale_of("cell", abs(cell), abs(cell)) == Scale(0, 40)
    assert scale_of("hidden", cell, cell) == Scale(-40, 40)
    assert scale_of("cell", 0 * cell, 0 * cell).strength(0 * cell).tolist() == [[0, 0]]


def test_strength_is_part_of_the_limit_and_clipped():
    assert Scale(-2, 2).strength(np.array([-5, -1, 0, 0.5, 3])).tolist() == [-1, -0.5, 0, 0.25, 1]
    assert Scale(0, 1).strength(np.array([-0.1, 0.25, 2])).tolist() == [0, 0.25, 1]
