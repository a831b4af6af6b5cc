"""The real browser that the tests drive: an installed Chromium or Chrome.

`python tests/hosts/browser.py` makes sure that there is one: on Debian as root it installs the package `chromium`.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
MACOS = Path("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome")

ARGUMENTS = [
    "--no-sandbox",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # Without a graphics card only WebGL is rendered as if there were one: for all else that costs twice the time.
    "--disable-gpu-compositing",
    "--disable-gpu-rasterization",
    "--disable-accelerated-2d-canvas",
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
    "--ignore-gpu-blocklist",
]


def find_browser() -> str | None:
    for name in NAMES:
        if path := shutil.which(name):
            return path
    return str(MACOS) if MACOS.exists() else None


def ensure_browser() -> str:
    if (path := find_browser()) is None and shutil.which("apt-get") and os.geteuid() == 0:
        subprocess.run(["apt-get", "update", "-qq"], check=True)
        subprocess.run(
            ["apt-get", "install", "-y", "-qq", "chromium"],
            check=True,
            env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"},
        )
        path = find_browser()
    if path is None:
        sys.exit("The tests need Chromium or Chrome: install it, for example with `sudo apt-get install chromium`.")
    return path


@contextmanager
def launched() -> Iterator[Browser]:
    path = find_browser()
    if path is None:
        raise RuntimeError("There is no Chromium or Chrome: run `python tests/hosts/browser.py`.")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        try:
            yield browser
        finally:
            browser.close()


if __name__ == "__main__":
    print(ensure_browser())
