"""JupyterLab and voila as a user starts them, in folders of their own."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

START_SECONDS = 120


@contextmanager
def jupyterlab(notebooks: Path, scratch: Path, app: str = "jupyterlab") -> Iterator[str]:
    """Serves the folder with JupyterLab, or with the `app` "notebook"; gives the address of the server's root."""
    port = free_port()
    command = [
        app,
        "--no-browser",
        "--allow-root",
        "--ip=127.0.0.1",
        f"--port={port}",
        "--IdentityProvider.token=",
        f"--ServerApp.root_dir={notebooks}",
        "--expose-app-in-browser",
    ]
    settings = scratch / "settings" / "@jupyterlab" / "apputils-extension"
    settings.mkdir(parents=True)
    (settings / "notification.jupyterlab-settings").write_text('{"fetchNews": "false", "checkForUpdates": false}')
    with _served(command, f"http://127.0.0.1:{port}", "/api/status", scratch) as address:
        yield address


@contextmanager
def voila(notebook: Path, scratch: Path, *options: str) -> Iterator[str]:
    """Serves one notebook as a dashboard; gives its address."""
    port = free_port()
    command = ["voila", str(notebook), "--no-browser", f"--port={port}", "--Voila.ip=127.0.0.1", *options]
    with _served(command, f"http://127.0.0.1:{port}", "/voila/static/voila.js", scratch) as address:
        yield address


@contextmanager
def _served(command: list[str], address: str, probe: str, scratch: Path) -> Iterator[str]:
    scratch.mkdir(parents=True, exist_ok=True)
    folders = {f"JUPYTER_{kind}_DIR": str(scratch / kind.lower()) for kind in ("CONFIG", "DATA", "RUNTIME")}
    folders["JUPYTERLAB_SETTINGS_DIR"] = str(scratch / "settings")
    log = scratch / "server.log"
    with log.open("wb") as output:
        server = subprocess.Popen(
            [sys.executable, "-m", *command],
            env={**os.environ, **folders, "IPYTHONDIR": str(scratch / "ipython")},
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        try:
            _wait(server, address + probe, log)
            yield address
        finally:
            _end(server)


def _end(server: subprocess.Popen[bytes]) -> None:
    """Ends the server's whole process group, kernels included."""
    for kind in (signal.SIGTERM, signal.SIGKILL):
        try:
            os.killpg(server.pid, kind)
            server.wait(10)
        except subprocess.TimeoutExpired:
            continue
        except ProcessLookupError:
            return


def _wait(server: subprocess.Popen[bytes], url: str, log: Path) -> None:
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until:
        if server.poll() is not None:
            break
        try:
            with urllib.request.urlopen(url, timeout=5):
                return
        except urllib.error.HTTPError:
            return
        except OSError:
            time.sleep(0.3)
    raise RuntimeError(f"The server at {url} did not start. It wrote:\n{log.read_text(errors='replace')[-3000:]}")


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])
