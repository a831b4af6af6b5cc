from __future__ import annotations

import numpy as np
import pytest

from rnn_widgets import Activations, Text
from rnn_widgets.text import tokenize_words

PASSAGE = """Call me Ishmael. Some years ago--never mind how long precisely--having little or no money in my purse, I
thought I would sail about a little and see the watery part of the world.
\t"It is a way I have," 漢字かな交じり文 and naïve """
WHOLE = ("cafe\u0301s", " ", "👩\u200d👩\u200d👧", " ")


@pytest.fixture(autouse=True)
def plain_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("NO_COLOR", "FORCE_COLOR", "COLORTERM", "COLORFGBG", "COLUMNS", "TTY_COMPATIBLE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TERM", "xterm-256color")


@pytest.fixture(scope="session")
def acts() -> Activations:
    """Three signals of 12 neurons; neuron 7 of `hidden` follows the spaces, neuron 3 does so weakly."""
    words, more = [*tokenize_words(PASSAGE), *WHOLE, "agree", "."], tokenize_words("Another document.\nIt ends")
    text = Text((*words, *more), (0, len(words)))
    spaces = np.array([token == " " for token in text.tokens])
    hidden = np.random.default_rng(0).uniform(-0.5, 0.5, (len(text), 12))
    hidden[:, 7] = np.where(spaces, 0.95, -0.85) + hidden[:, 7] / 20
    hidden[:, 3] = np.where(spaces, -0.6, 0.3) + hidden[:, 3] / 10
    return Activations.from_arrays(text, {"hidden": hidden, "output_gate": (hidden + 1) / 2, "cell": 40 * hidden})
