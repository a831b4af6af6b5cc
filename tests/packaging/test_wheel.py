import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
BUNDLES = (
    "recording",
    "selection",
    "toolbar",
    "text_highlighter",
    "relevance_heatmap",
    "fourier_surface",
    "companion_driver",
)
MODELS = ("word-lstm", "char-lstm", "char-rnn")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run([sys.executable, "-m", "build", "--wheel", "--outdir", folder, ROOT], check=True)
    (path,) = folder.glob("*.whl")
    with zipfile.ZipFile(path) as archive:
        yield archive


def test_the_wheel_holds_every_bundle(wheel):
    for name in BUNDLES:
        assert wheel.getinfo(f"rnn_widgets/widgets/static/{name}.js").file_size > 0
    assert wheel.getinfo("rnn_widgets/widgets/static/widgets.css").file_size > 100


def test_the_wheel_holds_what_an_exported_page_needs(wheel):
    sizes = {
        name: wheel.getinfo(f"rnn_widgets/widgets/static/{name}")
        for name in ("page.js", "page.css", "widget_manager.js", "widget_manager_licences.txt")
    }
    assert all(entry.file_size > 500 for entry in sizes.values())
    assert sum(entry.compress_size for entry in sizes.values()) < 1_000_000


def test_the_wheel_holds_the_packaged_models_within_24_mb(wheel):
    files = [entry for entry in wheel.infolist() if entry.filename.startswith("rnn_widgets/models/packaged/")]
    names = {entry.filename for entry in files}
    for model in MODELS:
        assert f"rnn_widgets/models/packaged/{model}/config.json" in names
        assert f"rnn_widgets/models/packaged/{model}/parameters.safetensors" in names
    assert sum(entry.file_size for entry in files) <= 24_000_000


def test_the_wheel_holds_the_training_text_recipes_and_notebooks(wheel):
    assert wheel.getinfo("rnn_widgets/models/corpora/moby-dick.txt").file_size > 1_000_000
    for recipe in (*MODELS, "thesis-word-lstm", "thesis-char-rnn"):
        assert wheel.getinfo(f"rnn_widgets/models/recipes/{recipe}.toml").file_size > 0
    assert wheel.getinfo("rnn_widgets/notebooks/dashboard.ipynb").file_size > 0


def test_the_wheel_holds_nothing_that_belongs_to_the_checkout_only(wheel):
    names = wheel.namelist()
    assert not [name for name in names if name.startswith(("js/", "tests/", "benchmarks/")) or "node_modules" in name]


def test_the_wheel_needs_ranges_not_exact_versions(wheel):
    (metadata,) = [name for name in wheel.namelist() if name.endswith(".dist-info/METADATA")]
    required = [line for line in wheel.read(metadata).decode().splitlines() if line.startswith("Requires-Dist:")]
    always = [line for line in required if "extra ==" not in line]
    assert always and not [line for line in always if "==" in line]
