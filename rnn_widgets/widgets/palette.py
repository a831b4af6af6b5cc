"""Colours of the bqplot pictures: readable on light and dark, and told apart without red and green."""

TRACE = "#3d8fd1"
FEATURE = "#e07b1a"
MARKER = "#8a8f98"
BAND = "#e07b1a"
TRAINING = "#3d8fd1"
HELD_OUT = "#e07b1a"
FINISHED = "#3d8fd1"
PRUNED = "#8a8f98"
FAILED = "#e07b1a"
# what is written: the page's own colour, because bqplot writes in orange on dark, which here means something
LABEL = "var(--jp-ui-font-color1, #8a8f98)"
