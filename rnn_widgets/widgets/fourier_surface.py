"""The rhythm of neurons: their amplitude spectra as a heat surface, flat or in three dimensions."""

from __future__ import annotations

import traitlets as t

from rnn_widgets.widgets.base import bundle
from rnn_widgets.widgets.view import View


class FourierSurface(View):
    """Neurons x frequency (0..0.5 cycles per token), with the strongest peaks marked and listed.

    `FourierSurface(acts, selection=None, neurons=None, **options)`. A click on a peak selects its neuron; dragging
    along the frequency axis sets `selection.band`, within which the strongest peaks are listed, one a neuron, never
    frequency 0.

    Attributes:
        mode: "2d" heat surface, or "3d".
        amplitude: "linear" or "log" scale.
        top: how many neurons and peaks are proposed.
        radius: how many neighbours are shown on either side of each proposed neuron.
        rows: neurons proposed by "feature" (the chosen one's relevance) or by "band" (their peaks), or "all".
        height: of the picture, in CSS pixels.
    """

    _esm = bundle("fourier_surface.js")

    mode = t.Enum(["2d", "3d"], "2d").tag(sync=True)
    amplitude = t.Enum(["linear", "log"], "linear").tag(sync=True)
    top = t.Int(4, min=1).tag(sync=True)
    radius = t.Int(1, min=0).tag(sync=True)
    rows = t.Enum(["feature", "band", "all"], "feature").tag(sync=True)
    height = t.Int(400, min=160).tag(sync=True)

    arrays = ("spectrum", "relevance")
