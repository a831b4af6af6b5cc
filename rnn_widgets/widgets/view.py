"""The base of the widgets that show a recording."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import ExitStack
from typing import Any, ClassVar

import traitlets as t
from anywidget import WidgetTrait

from rnn_widgets.activations import Activations, Neurons, neuron_numbers
from rnn_widgets.features import Feature
from rnn_widgets.widgets.base import Guarded, bundle
from rnn_widgets.widgets.options import CHOICES, QUIET, public_traits, refuse_unknown, take_choices
from rnn_widgets.widgets.parts import is_large
from rnn_widgets.widgets.recording import Recording
from rnn_widgets.widgets.selection import Selection

PALETTES = ("orange-blue", "red-blue", "purple-green")
"""Names of the colour maps; the first is the default, the second the original system's."""


class View(Guarded):
    """A widget that shows a `Recording` and follows a `Selection`.

    Args:
        acts: the activations; views of the same object share one recording and so one copy of each array.
        selection: share that of another view (`other.selection`), or one of your own; a new one if not given.
        neurons: limits the view to some neurons of the layer.
        features: appended to the recording's features, for every view of it.
        options: the traits of the view, `layout`, and the first choice: neuron, token, feature, signal, layer, band.

    Raises:
        TypeError: for an unknown option; the message names the nearest one.
        ValueError: for a neuron, token, feature, signal or layer that is not in the recording.
        traitlets.TraitError: for an option's value that is not valid.
    """

    _css = bundle("widgets.css")

    recording = WidgetTrait().tag(sync=True)
    selection = WidgetTrait().tag(sync=True)
    limit = t.List(t.Int(), default_value=None, allow_none=True).tag(sync=True)
    palette = t.Enum(PALETTES, PALETTES[0]).tag(sync=True)

    browser_writes = frozenset({"palette"})

    arrays: ClassVar[tuple[str, ...]] = ()
    """Which arrays of the chosen signal and layer the first picture needs."""

    def __init_subclass__(cls, **options: Any) -> None:
        """Lets the page write what its selects choose from: every trait that has a list of values."""
        super().__init_subclass__(**options)
        choices = {name for name, trait in vars(cls).items() if isinstance(trait, t.Enum)}
        cls.browser_writes = cls.browser_writes | choices

    def __init__(
        self,
        acts: Activations | Recording,
        selection: Selection | None = None,
        neurons: Neurons | None = None,
        features: Iterable[Feature] = (),
        **options: Any,
    ) -> None:
        self._check_options(options)
        choices = take_choices(options)
        with ExitStack() as undo:
            recording = Recording.of(acts)
            if recording is not acts:
                undo.callback(recording.close_unheld)
            names = recording.add_features(features, rename=True)
            chosen = _chosen(selection, choices)
            if selection is None:
                undo.callback(chosen.close_unheld)
            chosen.bind(recording, next(iter(names), None))
            neurons_there = recording.acts.neurons(chosen.signal, chosen.layer)
            limit = None if neurons is None else neuron_numbers(neurons, neurons_there).tolist()
            suffix = f"{chosen.signal}_{chosen.layer}"
            # Arrays of a large recording take seconds: the page opens first, and asks for what it shows.
            first = () if is_large(recording.acts, (chosen.signal, chosen.layer)) else self.arrays
            recording.require("masks", *(f"{name}_{suffix}" for name in first))
            super().__init__(recording=recording, selection=chosen, limit=limit, **options)
            undo.pop_all()
        recording.hold(self, made_for_views=recording is not acts)
        chosen.hold(self, made_for_views=selection is None)

    @t.validate("selection")
    def _valid_selection(self, proposal: Any) -> Selection:
        selection = proposal["value"]
        if not isinstance(selection, Selection):
            raise t.TraitError(f"selection is a Selection, got {selection!r}.")
        if self.recording is not None:
            selection.bind(self.recording)
        return selection

    @t.observe("selection")
    def _hold_selection(self, change: Any) -> None:
        if isinstance(change["old"], Selection):
            change["new"].hold(self)
            change["old"].release(self)

    def keep_all(self) -> None:
        """Sends every array of the recording now, so that the notebook's saved widget state holds them all."""
        self.recording.require_all()

    def close(self) -> None:
        """Takes the view off every page; the recording and the selection go with the last view that holds them."""
        recording, selection = self.recording, self.selection
        super().close()
        if isinstance(selection, Selection):
            selection.release(self)
        if isinstance(recording, Recording):
            recording.release(self)

    def _check_options(self, options: dict[str, Any]) -> None:
        known = {*public_traits(type(self)), *CHOICES} - {"recording", "selection", "limit"} - QUIET
        refuse_unknown(type(self), options, known, known, also=("neurons", "features", "selection"))


def _delegate(name: str) -> property:
    def read(view: View) -> object:
        return getattr(view.selection, name)

    def write(view: View, value: object) -> None:
        setattr(view.selection, name, value)

    return property(read, write, doc=f"Shorthand for `selection.{name}`.")


for _name in (*CHOICES, "neurons"):
    setattr(View, _name, _delegate(_name))


def _chosen(selection: Selection | None, choices: dict[str, Any]) -> Selection:
    if not (selection is None or isinstance(selection, Selection)):
        raise TypeError(f"selection= takes a Selection, such as another view's .selection, got {selection!r}.")
    try:
        if selection is None:
            return Selection(**choices)
        for name, value in choices.items():
            setattr(selection, name, value)
    except t.TraitError as error:
        raise ValueError(error.args[0]) from None
    return selection
