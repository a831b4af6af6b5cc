"""A browser without a window, which opens a page and sends back what the page makes."""

from __future__ import annotations

import os
import secrets
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Event, Thread

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "microsoft-edge", "msedge")
PLACES = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    r"C:\Program Files\Google\Chrome\Application\chrome.exe",
    r"C:\Program Files (x86)\Microsoft\Edge\Application\msedge.exe",
)
ENDING_SECONDS = 10

_ARGUMENTS = (
    "--headless=new",
    "--no-first-run",
    "--no-default-browser-check",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-extensions",
    "--disable-sync",
    "--no-proxy-server",
    "--hide-scrollbars",
    "--mute-audio",
    # The 3-D view is drawn alike with and without a graphics card.
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
)


def find_browser() -> str:
    """The path of an installed Chromium, Chrome or Edge.

    Raises:
        FileNotFoundError: if there is none.
    """
    for name in NAMES:
        if path := shutil.which(name):
            return path
    for place in PLACES:
        if Path(place).is_file():
            return place
    raise FileNotFoundError(
        "Pictures are drawn by a browser, and there is none: install Chromium, Chrome or Edge so that it is found on "
        "PATH (on Debian `apt-get install chromium`), or save the picture with the buttons PNG and SVG below the view."
    )


def answer_of(page: str, *, scale: float, width: int, seconds: float) -> str:
    """What a page sends back when a browser has opened it.

    Args:
        page: its text.
        scale: device pixels per CSS pixel.
        width: of the window, in CSS pixels.
        seconds: how long to wait.

    Raises:
        FileNotFoundError: if no browser is installed.
        TimeoutError: if the page did not answer in time.
        OSError: if the browser ended without an answer, or the page failed.
    """
    browser = find_browser()
    with _served(page) as place, tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        command = [
            browser,
            *_ARGUMENTS,
            f"--user-data-dir={profile}",
            f"--force-device-scale-factor={scale:g}",
            f"--window-size={width},1200",
            # Chromium refuses its sandbox to root, as whom containers run.
            *(["--no-sandbox"] if sys.platform == "linux" and os.geteuid() == 0 else []),
            place.address,
        ]
        log = Path(profile, "log.txt")
        with log.open("wb") as output:
            process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=output, stderr=output)
            try:
                place.wait(process, seconds)
            finally:
                _end(process)
        if place.answered.is_set() and not place.failed:
            return place.answer
        if place.failed:
            raise OSError(f"The picture could not be made: {place.answer}")
        if process.returncode is None or place.timed_out:
            raise TimeoutError(f"{browser} did not draw the picture within {seconds:g} seconds.")
        raise OSError(f"{browser} ended without a picture. It wrote:\n{log.read_text(errors='replace')[-1000:]}")


class _Place:
    """Where one page stands, and what it sent back."""

    def __init__(self, page: str) -> None:
        self.page = page.encode("utf-8")
        self.path = f"/{secrets.token_urlsafe(16)}"
        self.address = ""
        self.answer = ""
        self.failed = self.timed_out = False
        self.answered = Event()

    def wait(self, process: subprocess.Popen[bytes], seconds: float) -> None:
        waited = 0.0
        while not self.answered.wait(0.1) and process.poll() is None:
            waited += 0.1
            if waited > seconds:
                self.timed_out = True
                return


@contextmanager
def _served(page: str) -> Iterator[_Place]:
    """Serves the page on this machine alone, under an address that nobody can guess."""
    place = _Place(page)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            found = self.path == place.path
            self._reply(200 if found else 404, place.page if found else b"")

        def do_POST(self) -> None:
            path, _, query = self.path.partition("?")
            if path != place.path:
                return self._reply(404, b"")
            place.answer = self.rfile.read(int(self.headers["Content-Length"])).decode("utf-8")
            place.failed = query == "failed"
            self._reply(200, b"")
            place.answered.set()
            return None

        def _reply(self, status: int, content: bytes) -> None:
            self.send_response(status)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, format: str, *args: object) -> None:
            """Stays silent: what the browser asks for is nothing to report."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        place.address = f"http://127.0.0.1:{server.server_address[1]}{place.path}"
        serving = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.1}, daemon=True)
        serving.start()
        try:
            yield place
        finally:
            server.shutdown()
            serving.join()


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(ENDING_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
