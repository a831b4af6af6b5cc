"""JupyterLab and voila as a user starts them, in folders of their own."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.ports import free_port

START_SECONDS = 120
# A kernel is given the numbers of ports that are free before it starts. Where another process is faster to take one of
# them, the kernel ends and voila's page never does. Files have no such race.
SOCKET_FILES = "--KernelManager.transport=ipc"
_logs: dict[str, Path] = {}


def log_of(address: str) -> str:
    """The end of what the server at an address of `voila` or `jupyterlab` wrote."""
    return f"The server at {address} wrote:\n{_logs[address].read_text(errors='replace')[-3000:]}"


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
    folders = {f"JUPYTER_{kind}_DIR": str(scratch / kind.lower()) for kind in ("CONFIG", "DATA")}
    folders["JUPYTERLAB_SETTINGS_DIR"] = str(scratch / "settings")
    log = _logs[address] = scratch / "server.log"
    # a socket's path has about 100 characters at most: the kernels' connection files stand near the root
    short = tempfile.TemporaryDirectory(prefix="kernels-", ignore_cleanup_errors=True)
    with log.open("wb") as output, short as folders["JUPYTER_RUNTIME_DIR"]:
        server = subprocess.Popen(
            [sys.executable, "-m", *command, SOCKET_FILES],
            env={**os.environ, **folders, "IPYTHONDIR": str(scratch / "ipython")},
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        try:
            _wait(server, address, probe)
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


def _wait(server: subprocess.Popen[bytes], address: str, probe: str) -> None:
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until:
        if server.poll() is not None:
            break
        try:
            with urllib.request.urlopen(address + probe, timeout=5):
                return
        except urllib.error.HTTPError:
            return
        except OSError:
            time.sleep(0.3)
    raise RuntimeError(f"It did not start. {log_of(address)}")
