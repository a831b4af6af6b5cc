"""Searching for the values of a recipe with the lowest held-out loss."""

from rnn_widgets.models.search.loop import search
from rnn_widgets.models.search.result import Search, Trial
from rnn_widgets.models.search.space import OneOf, Range, Space, Uniform, Whole
from rnn_widgets.models.search.written import load_space, parse_range

__all__ = ["OneOf", "Range", "Search", "Space", "Trial", "Uniform", "Whole", "load_space", "parse_range", "search"]
