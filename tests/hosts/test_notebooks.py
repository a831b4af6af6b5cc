"""Every notebook is stored without outputs and runs from top to bottom."""

from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

import rnn_widgets as rw

NOTEBOOKS = sorted((Path(__file__).parents[2] / "notebooks").glob("*.ipynb"))


def test_the_three_notebooks_are_there():
    assert [path.name for path in NOTEBOOKS] == ["dashboard.ipynb", "explore.ipynb", "thesis.ipynb"]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_notebook_is_stored_without_outputs(path):
    for cell in nbformat.read(path, as_version=4).cells:
        if cell.cell_type == "code":
            assert cell.outputs == [] and cell.execution_count is None


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_notebook_runs_and_shows_an_explorer(path, tmp_path):
    notebook = nbformat.read(path, as_version=4)
    NotebookClient(notebook, timeout=300, resources={"metadata": {"path": str(tmp_path)}}).execute()
    outputs = [output for cell in notebook.cells if cell.cell_type == "code" for output in cell.outputs]
    assert [output for output in outputs if "application/vnd.jupyter.widget-view+json" in output.get("data", {})]
    assert not [output for output in outputs if output.output_type == "stream" and output.name == "stderr"]


def test_what_the_thesis_notebook_tells_the_class_is_true():
    model = rw.load_model("word-lstm")
    spaces, ends = rw.features.regex(" "), rw.features.regex("[.?!]")
    texts = [rw.record(model, rw.generate(model, "Call me", length=1197, seed=seed)) for seed in (0, 1, 2)]
    assert len(texts[0]) == 1200 and 0.4 < spaces.mask(texts[0].text).mean() < 0.5

    swinging = rw.spectrum(texts[0]).peaks(band=(0.4, 0.5), n=1)[0]
    assert 0.4 <= swinging.frequency < 0.5
    assert all(peak.period > 300 for peak in rw.spectrum(texts[0]).peaks(n=3))
    marching = rw.record(model, "the old man and the white whale and the wide sea and " * 10)
    peaks = rw.spectrum(marching).peaks(band=(0.45, 0.5), n=3)
    assert [peak.frequency for peak in peaks] == [0.5, 0.5, 0.5]
    assert peaks[0].amplitude > swinging.amplitude

    assert len({rw.relevance(acts, ends, signal="output_gate").top(1)[0] for acts in texts}) == 1
    assert len({rw.relevance(acts, spaces).top(1)[0] for acts in texts}) == 2

    characters = rw.load_model("char-rnn")
    recorded = rw.record(characters, rw.generate(characters, "Call me ", length=600, seed=0))
    everything = rw.relevance(recorded, rw.features.everything(), signal="pre_activation")
    assert not everything.scores.any() and "nothing to compare with" in everything.message
