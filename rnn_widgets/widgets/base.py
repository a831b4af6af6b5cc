"""What all our widgets have in common: where their bundles are, and what a browser may write."""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar
from weakref import WeakSet

import traitlets as t
from anywidget import AnyWidget

from rnn_widgets.activations import Activations
from rnn_widgets.widgets.options import OwnsLayout

STATIC = Path(__file__).parent / "static"


def bundle(name: str) -> str:
    """Text of a built front-end file.

    Raises:
        FileNotFoundError: if the front end was not built; the message says how to build it.
    """
    path = STATIC / name
    if not path.is_file():
        raise FileNotFoundError(
            f"{path} is missing: the front end of rnn_widgets is not built. Install the package with pip, or run "
            "`npm ci && npm run build` in the folder js."
        )
    return path.read_text(encoding="utf-8")


def described(widget: object, acts: Activations) -> str:
    """A widget of a recording in one short line, with the shape of each signal."""
    shapes = [f"{signal}[{layer}]: {acts[signal, layer].shape}" for signal, layer in acts]
    more = f", and {len(shapes) - 3} more" if len(shapes) > 3 else ""
    return f"{type(widget).__name__}({', '.join(shapes[:3])}{more})"


class Guarded(OwnsLayout, AnyWidget):
    """A widget of which a browser may write only the traits named in `browser_writes`."""

    browser_writes: ClassVar[frozenset[str]] = frozenset()

    def set_state(self, sync_data: dict[str, object]) -> None:
        """Takes what a browser sent; a value that is not valid is answered with the one that stays."""
        allowed = {name: value for name, value in sync_data.items() if name in self.browser_writes}
        try:
            super().set_state(allowed)
        except t.TraitError:
            self.send_state(list(allowed))
            raise


class SharedModel(Guarded):
    """A widget without a view of its own, which views share.

    One that was made for a view, not by the user, is closed with the last view that holds it.
    """

    # anywidget's own is a string; ipywidgets takes None for a model that no page shows.
    _view_name = t.Unicode(None, allow_none=True).tag(sync=True)  # type: ignore[assignment]

    def __init__(self, **traits: object) -> None:
        self._holders: WeakSet[Guarded] = WeakSet()
        self._made_for_views = False
        super().__init__(**traits)

    def hold(self, view: Guarded, *, made_for_views: bool = False) -> None:
        self._holders.add(view)
        self._made_for_views = self._made_for_views or made_for_views

    def close_unheld(self) -> None:
        """Closes what was made for a view that then could not be made; what other views hold stays."""
        if not self._holders:
            self.close()

    def release(self, view: Guarded) -> None:
        self._holders.discard(view)
        if self._made_for_views and not self._holders:
            self.close()
