"""What a benchmark ran on."""

from __future__ import annotations

import os
import platform
from importlib.metadata import version
from pathlib import Path


def machine(*packages: str) -> str:
    """Processor, cores, and the versions of Python and of the packages."""
    parts = [_processor(), f"{os.cpu_count()} cores", f"Python {platform.python_version()}"]
    return ", ".join([*parts, *(f"{package} {version(package)}" for package in packages)])


def _processor() -> str:
    information = Path("/proc/cpuinfo")
    if not information.is_file():
        return platform.processor() or platform.machine()
    parted = (line.partition(":") for line in information.read_text().splitlines())
    told = {name.strip(): value.strip() for name, _, value in parted}
    # one name stands for many generations, of which some have vectors twice as wide
    vectors = [
        name for name, flag in (("AVX-512", "avx512f"), ("AVX2", "avx2")) if flag in told.get("flags", "").split()
    ]
    generation = [f"family {told['cpu family']}"] if "cpu family" in told else []
    detail = ", ".join([*generation, *vectors[:1]])
    name = told.get("model name") or platform.processor() or platform.machine()
    return f"{name} ({detail})" if detail else name
