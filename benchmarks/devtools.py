"""A real Chromium over its DevTools protocol, with nothing of the protocol switched on that a user's browser has off.

Playwright listens to the network of its pages, so that every message of a kernel travels once more, through it: what
the tests do not mind would be a part of what is measured here.
"""

from __future__ import annotations

import json
import subprocess
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from websocket import create_connection

from tests.hosts.browser import ARGUMENTS, find_browser
from tests.ports import free_port

START_SECONDS = 30
PATIENCE_SECONDS = 300
POLL_SECONDS = 0.1
KEYS = {"ArrowLeft": 37, "ArrowUp": 38, "ArrowRight": 39, "ArrowDown": 40}


class Tab:
    """One page of the browser."""

    def __init__(self, address: str, script: str) -> None:
        self._socket = create_connection(address, suppress_origin=True, timeout=PATIENCE_SECONDS)
        self._sent = 0
        # A page in the background of a headless browser would not take the focus.
        self._call("Emulation.setFocusEmulationEnabled", enabled=True)
        self._call("Page.enable")
        self._call("Page.addScriptToEvaluateOnNewDocument", source=script)

    def open(self, url: str) -> None:
        self._call("Page.navigate", url=url)

    def show(self) -> None:
        """Brings the page before the others."""
        self._call("Page.bringToFront")

    def evaluate(self, expression: str) -> Any:
        """The value of an expression in the page, as JSON can hold it; a promise's when it is there."""
        answer = self._call("Runtime.evaluate", expression=expression, awaitPromise=True, returnByValue=True)
        if "exceptionDetails" in answer:
            raise RuntimeError(f"{expression[:200]}: {answer['exceptionDetails']}")
        return answer["result"].get("value")

    def wait_for(self, expression: str) -> None:
        """Until the expression holds; one that cannot be evaluated yet does not."""
        until = time.monotonic() + PATIENCE_SECONDS
        while not self.evaluate(f"(() => {{ try {{ return Boolean({expression}); }} catch {{ return false; }} }})()"):
            if time.monotonic() > until:
                raise TimeoutError(f"{expression} did not hold within {PATIENCE_SECONDS} seconds.")
            time.sleep(POLL_SECONDS)

    def press(self, key: str) -> None:
        for kind in ("keyDown", "keyUp"):
            code = KEYS[key]
            self._call("Input.dispatchKeyEvent", type=kind, key=key, code=key, windowsVirtualKeyCode=code)

    def close(self) -> None:
        self._call("Page.close")
        self._socket.close()

    def _call(self, method: str, **parameters: object) -> dict[str, Any]:
        self._sent += 1
        self._socket.send(json.dumps({"id": self._sent, "method": method, "params": parameters}))
        while True:
            message = json.loads(self._socket.recv())
            if message.get("id") != self._sent:
                continue
            if "error" in message:
                raise RuntimeError(f"{method}: {message['error']}")
            answer: dict[str, Any] = message["result"]
            return answer


class Chromium:
    """A browser without a window."""

    def __init__(self, port: int) -> None:
        self._base = f"http://127.0.0.1:{port}/json"
        until = time.monotonic() + START_SECONDS
        while True:
            try:
                self.version: str = self._ask("version")["Browser"].partition("/")[2]
                return
            except urllib.error.URLError:
                if time.monotonic() > until:
                    raise
                time.sleep(POLL_SECONDS)

    @contextmanager
    def tab(self, script: str) -> Iterator[Tab]:
        """A new page, in which the script runs before any other."""
        made = Tab(self._ask("new", "PUT")["webSocketDebuggerUrl"], script)
        try:
            yield made
        finally:
            made.close()

    def _ask(self, what: str, method: str = "GET") -> dict[str, Any]:
        request = urllib.request.Request(f"{self._base}/{what}", method=method)
        with urllib.request.urlopen(request) as answer:
            told: dict[str, Any] = json.load(answer)
            return told


@contextmanager
def chromium(size: tuple[int, int], options: Sequence[str]) -> Iterator[Chromium]:
    """The installed browser, with a profile of its own."""
    port = free_port()
    path = find_browser()
    if path is None:
        raise RuntimeError("There is no Chromium or Chrome: run `python tests/hosts/browser.py`.")
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        own = [f"--remote-debugging-port={port}", f"--user-data-dir={profile}", f"--window-size={size[0]},{size[1]}"]
        command = [path, *ARGUMENTS, "--headless=new", *own, *options, "about:blank"]
        browser = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            yield Chromium(port)
        finally:
            browser.terminate()
            browser.wait(START_SECONDS)
