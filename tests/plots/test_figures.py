"""Figures of results, whatever they show."""

import dataclasses
import subprocess
import sys
from io import BytesIO

import matplotlib
import matplotlib.figure
import nbclient
import nbformat
import numpy as np

import rnn_widgets as rw
from rnn_widgets import analysis, features
from rnn_widgets.activations import Activations
from rnn_widgets.naming import visible
from rnn_widgets.plots.figure import plain

SPACE = features.regex(" ")


def results(acts):
    return {
        "Relevance": rw.relevance(acts, SPACE),
        "Findings": rw.find_neurons(acts, [SPACE, features.regex('"')]),
        "Description": rw.describe(acts, 1),
        "Spectrum": rw.spectrum(acts),
        "Coherence": rw.coherence(acts, 1, SPACE),
        "Spectrogram": rw.spectrogram(acts, 2, window=64),
        "RhythmOrigins": rw.rhythm_origins(acts, 2),
        "Projection": rw.project(acts),
        "Groups": rw.groups(acts, n=3),
        "SimilarStates": rw.similar_states(acts, 3, 5, threshold=0.1),
    }


def test_every_result_is_frozen_a_table_and_a_figure(acts):
    found = results(acts)
    kinds = {name: kind for name in analysis.__all__ if hasattr(kind := getattr(analysis, name), "to_frame")}
    assert set(found) == set(kinds)
    for name, result in found.items():
        assert dataclasses.fields(result) and type(result).__dataclass_params__.frozen, name
        arrays = [value for value in vars(result).values() if isinstance(value, np.ndarray)]
        own = [array for array in arrays if array.base is None]
        assert not any(array.flags.writeable for array in own), name
        assert repr(result).startswith(f"{name}(")
        assert len(result.to_frame().columns) > 1
        figure = result.plot()
        assert isinstance(figure, matplotlib.figure.Figure)
        kept = BytesIO()
        figure.savefig(kept, format="pdf")
        assert kept.getvalue().startswith(b"%PDF")


MADE = """
import numpy as np
import rnn_widgets as rw
acts = rw.Activations.from_arrays(list("to be or not"), np.eye(12, 4))
found = rw.relevance(acts, rw.features.regex("o"))
"""


def test_a_notebook_shows_a_figure_once_at_its_size_whether_pyplot_is_there_or_not():
    cells = [MADE, "found.plot()", "import matplotlib.pyplot as plt\nfound.plot()", "found.plot(ax=plt.subplots()[1]);"]
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
    nbclient.NotebookClient(notebook, kernel_name="python3").execute()
    shown = [[output for output in cell.outputs if "image/png" in output.get("data", {})] for cell in notebook.cells]
    assert [len(pictures) for pictures in shown] == [0, 1, 1, 1]
    for pictures in shown[1:3]:
        assert pictures[0].metadata["image/png"] == {"width": 640, "height": 320}


def test_all_is_drawn_into_the_panel_that_is_given_and_its_look_is_kept(acts):
    around = matplotlib.figure.Figure()
    left, right = around.subplots(1, 2)
    assert rw.relevance(acts, SPACE).plot(ax=left) is around
    assert rw.spectrum(acts).plot(ax=right) is around
    assert left.get_xlabel() == "neuron" and right.get_ylabel() == "amplitude"
    with matplotlib.rc_context({"figure.facecolor": "black", "axes.labelcolor": "white"}):
        figure = rw.relevance(acts, SPACE).plot()
    assert figure.get_facecolor() == (0, 0, 0, 1)
    assert figure.axes[0].xaxis.label.get_color() == "white"


def test_no_text_becomes_a_formula_and_no_character_goes_unseen():
    text = "$\\frac{$\n\t\x07 §"
    figure = matplotlib.figure.Figure()
    label = figure.text(0.5, 0.5, plain(text))
    figure.draw_without_rendering()
    shown, is_formula = label._preprocess_math(label.get_text())
    assert not is_formula
    assert shown == "$\\frac{$¶⇥\\x07 §"
    assert visible(" ") == "␣" and visible("a b", spaces=False) == "a b" and visible("") == "∅"


def test_names_of_features_and_tokens_may_be_anything(acts):
    wild = features.mask(SPACE.mask(acts.text), name="$\\undefined{$ <b>\n")
    for result in (rw.relevance(acts, wild), rw.find_neurons(acts, wild), rw.coherence(acts, 1, wild)):
        result.plot().savefig(BytesIO(), format="svg")


def test_without_matplotlib_a_plot_says_what_to_install_and_all_else_works():
    code = f"""
import importlib.util
there = importlib.util.find_spec
importlib.util.find_spec = lambda name, package=None: None if name == "matplotlib" else there(name, package)
{MADE}
print(found)
try:
    found.plot()
except ImportError as error:
    print(error)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("Relevance(")
    assert "pip install 'rnn-widgets[plot]'" in done.stdout


def test_a_figure_needs_no_pyplot_and_leaves_no_window_open():
    code = f"{MADE}\nimport sys\nfound.plot()\nprint('matplotlib.pyplot' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


def test_what_has_nothing_to_show_says_so():
    silent = Activations.from_arrays(list("ab" * 100), np.zeros((200, 3), np.float32))
    found = rw.find_neurons(silent, features.regex("a"))
    assert len(found.plot(0).axes) == 1
    grouped = rw.groups(silent).plot()
    assert "no neuron changes" in [text.get_text() for ax in grouped.axes for text in ax.texts]
    none = rw.similar_states(silent, 3, 5)
    assert none.message in none.plot().axes[0].texts[0].get_text()
    assert "nothing was reported yet" in [text.get_text() for text in rw.History().plot().axes[0].texts]
    rw.describe(silent, 0).plot(0)
    rw.spectrum(silent).plot()
    rw.rhythm_origins(silent, 0).plot()
    rw.project(silent).plot()
