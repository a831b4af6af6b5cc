"""Colours of the bqplot pictures: readable on light and dark, and told apart without red and green."""

TRACE = "#3d8fd1"
FEATURE = "#e07b1a"
MARKER = "#8a8f98"
BAND = "#e07b1a"
TRAINING = "#3d8fd1"
HELD_OUT = "#e07b1a"
