"""The walls between the package's rooms: who may import whom, and what nobody may do."""

import ast
import graphlib
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

import rnn_widgets

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "rnn_widgets"

# activations is helped by arrays and storage, features by patterns and tagging. "" is the package's own __init__.
LEAVES = {"text", "arrays", "storage", "patterns", "naming"}
NOUNS = {"text", "activations", "features"}
MAY_IMPORT = {
    **{leaf: set() for leaf in LEAVES},
    "tagging": {"text"},
    "activations": {"text", "arrays", "storage"},
    "features": {"text", "patterns", "tagging"},
    "plots": {"naming"},
    "analysis": NOUNS | {"tagging", "naming", "plots"},
    "models": NOUNS | {"plots"},
    "widgets": NOUNS | {"analysis", "naming"},
    "terminal": NOUNS | {"analysis"},
    "cli": NOUNS | {"", "models", "widgets", "terminal", "analysis"},
    "": NOUNS | {"models", "widgets", "terminal", "analysis"},
}
NETWORK_PACKAGES = {"jax", "jaxlib", "flax", "optax", "orbax", "optuna"}
PAPER_PACKAGES = {"matplotlib"}
SCREEN_PACKAGES = {"anywidget", "ipywidgets", "bqplot", "IPython", "traitlets"}
HOMES_OF_PACKAGES = {
    **{package: {"models"} for package in NETWORK_PACKAGES},
    **{package: {"widgets"} for package in SCREEN_PACKAGES},
    **{package: {"plots"} for package in PAPER_PACKAGES},
    "re2": {"patterns"},
    "rich": {"models", "terminal"},
}
EXECUTES_DATA = {"pickle", "cPickle", "cloudpickle", "dill", "joblib", "marshal", "shelve"}


class Import(NamedTuple):
    """One imported module, wherever in a file it stands."""

    target: str
    at_top: bool
    for_types_only: bool


def python_files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*.py") if "node_modules" not in path.parts)


def module_name(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


TREES = {path: ast.parse(path.read_bytes()) for path in python_files(PACKAGE)}
MODULES = {module_name(path): path for path in TREES}


def targets(node: ast.AST, path: Path) -> Iterator[str]:
    if isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names)
    elif isinstance(node, ast.ImportFrom):
        base = node.module or ""
        if node.level:
            above = module_name(path).split(".") if path.name == "__init__.py" else module_name(path).split(".")[:-1]
            base = ".".join([*above[: len(above) - node.level + 1], *filter(None, [node.module])])
        inner = [f"{base}.{alias.name}" for alias in node.names]
        yield from (name if name in MODULES else base for name in inner)
    elif isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant):
        called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        if called in {"import_module", "__import__"} and isinstance(node.args[0].value, str):
            yield node.args[0].value


def is_type_checking(node: ast.AST) -> bool:
    return isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test)


def imports(path: Path) -> list[Import]:
    found: list[Import] = []

    def visit(node: ast.AST, at_top: bool, for_types_only: bool) -> None:
        found.extend(Import(target, at_top, for_types_only) for target in targets(node, path))
        for child in ast.iter_child_nodes(node):
            inside = isinstance(child, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda))
            visit(child, at_top and not inside, for_types_only or is_type_checking(node))

    visit(TREES[path], at_top=True, for_types_only=False)
    return found


def room(module: str) -> str:
    return module.split(".")[1] if "." in module else ""


def own(module: str) -> bool:
    return module.split(".")[0] == "rnn_widgets"


@pytest.mark.parametrize("module", MODULES)
def test_every_module_imports_only_from_rooms_it_may_enter(module):
    assert room(module) in MAY_IMPORT, f"{room(module)} is a new room: say in MAY_IMPORT whom it may import."
    entered = {room(found.target) for found in imports(MODULES[module]) if own(found.target)}
    assert entered - {room(module)} <= MAY_IMPORT[room(module)]


@pytest.mark.parametrize("module", MODULES)
def test_networks_and_screens_stay_in_their_rooms(module):
    for found in imports(MODULES[module]):
        homes = HOMES_OF_PACKAGES.get(found.target.split(".")[0])
        assert homes is None or room(module) in homes, f"{module} imports {found.target}."


def test_the_command_and_the_package_load_rooms_only_when_used():
    for module in ("rnn_widgets", "rnn_widgets.cli"):
        loaded = {room(found.target) for found in imports(MODULES[module]) if found.at_top and not found.for_types_only}
        assert not loaded & {"models", "widgets", "terminal"}, module


def test_no_module_imports_itself_by_a_detour():
    graph = {
        module: {found.target for found in imports(path) if own(found.target)} - {module}
        for module, path in MODULES.items()
        # The package's own names are loaded when they are first used.
        if module != "rnn_widgets"
    }
    graphlib.TopologicalSorter(graph).prepare()


def test_the_wall_finds_what_it_is_for(tmp_path, monkeypatch):
    source = """
from typing import TYPE_CHECKING
from . import features
from ..models import record
if TYPE_CHECKING:
    import anywidget
def later():
    import jax.numpy as jnp
    import_module("rnn_widgets.widgets")
    class Inner:
        def deeper(self):
            from rnn_widgets import models, text
"""
    path = PACKAGE / "analysis" / "imagined.py"
    monkeypatch.setitem(TREES, path, ast.parse(source))
    assert imports(path) == [
        Import("typing", True, False),
        Import("rnn_widgets.analysis", True, False),
        Import("rnn_widgets.models", True, False),
        Import("anywidget", True, True),
        Import("jax.numpy", False, False),
        Import("rnn_widgets.widgets", False, False),
        Import("rnn_widgets.models", False, False),
        Import("rnn_widgets.text", False, False),
    ]


@pytest.mark.parametrize("module", MODULES)
def test_nothing_read_from_a_file_is_executed(module):
    assert not {found.target.split(".")[0] for found in imports(MODULES[module])} & EXECUTES_DATA
    for node in ast.walk(TREES[MODULES[module]]):
        if isinstance(node, ast.Call):
            assert getattr(node.func, "id", "") not in {"eval", "exec"}
            allowed = [ast.unparse(keyword.value) for keyword in node.keywords if keyword.arg == "allow_pickle"]
            assert set(allowed) <= {"False"}


def source_files() -> list[Path]:
    scripts = [
        path
        for pattern in ("src/**/*.ts", "tests/**/*.ts", "*.mjs")
        for path in (ROOT / "js").glob(pattern)
        if "node_modules" not in path.parts
    ]
    folders = [PACKAGE, ROOT / "tests", ROOT / "benchmarks", ROOT / "js"]
    return [path for folder in folders for path in python_files(folder)] + scripts


def test_no_file_is_longer_than_400_lines():
    too_long = {str(path.relative_to(ROOT)): len(path.read_text().splitlines()) for path in source_files()}
    assert {name: lines for name, lines in too_long.items() if lines > 400} == {}


def test_text_never_becomes_markup():
    markup = re.compile(r"\b(innerHTML|outerHTML|insertAdjacentHTML|document\.write)\b")
    sources = {path: path.read_text() for path in source_files() if path.suffix == ".ts" and "src" in path.parts}
    assert sources
    assert [path.name for path, source in sources.items() if markup.search(source)] == []


def run_python(code: str) -> str:
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.parametrize(
    "statement",
    [
        "import rnn_widgets; dir(rnn_widgets)",
        "import rnn_widgets.analysis",
        "import rnn_widgets.terminal",
        "import rnn_widgets.cli",
        "import rnn_widgets as rw; rw.Activations, rw.Text, rw.relevance, rw.spectrum, rw.features.regex('a')",
    ],
)
def test_importing_loads_neither_networks_nor_screens(statement):
    loaded = run_python(f"{statement}\nimport sys\nprint(*sys.modules)").split()
    assert "rnn_widgets" in loaded
    assert {name.split(".")[0] for name in loaded} & (NETWORK_PACKAGES | SCREEN_PACKAGES | PAPER_PACKAGES) == set()


def test_widgets_import_where_there_is_no_network_package():
    refuse = f"import sys\nsys.modules |= dict.fromkeys({sorted(NETWORK_PACKAGES)})\n"
    use = "import rnn_widgets as rw\nrw.TextHighlighter, rw.RelevanceHeatmap, rw.FourierSurface, rw.explore, rw.show"
    assert run_python(refuse + use) == ""


def test_every_public_name_is_there():
    use = "import rnn_widgets as rw\nprint(*(name for name in rw.__all__ if getattr(rw, name) is not None))"
    assert run_python(use).split() == rnn_widgets.__all__
    with pytest.raises(AttributeError, match="has no attribute 'nothing'"):
        rnn_widgets.nothing  # noqa: B018
