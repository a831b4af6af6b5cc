"""The texts of a view's pictures, and where they stand."""

from __future__ import annotations

from itertools import combinations
from typing import Any

from playwright.sync_api import Page

SCRIPT = """
window.labels = new Map();
const isPicture = ({ className }) => /rw-(canvas|axis)/.test(className);
const fill = CanvasRenderingContext2D.prototype.fillText;
const clear = CanvasRenderingContext2D.prototype.clearRect;
CanvasRenderingContext2D.prototype.clearRect = function (...parts) {
    if (isPicture(this.canvas)) window.labels.set(this.canvas, []);
    return clear.apply(this, parts);
};
CanvasRenderingContext2D.prototype.fillText = function (text, x, y) {
    if (isPicture(this.canvas)) {
        const size = this.measureText(text), at = this.getTransform();
        const corners = [[-size.actualBoundingBoxLeft, -size.actualBoundingBoxAscent],
            [size.actualBoundingBoxRight, size.actualBoundingBoxDescent]]
            .map(([right, down]) => at.transformPoint(new DOMPoint(x + right, y + down)));
        const [xs, ys] = [corners.map(({ x }) => x), corners.map(({ y }) => y)];
        window.labels.get(this.canvas).push({ text, left: Math.min(...xs), right: Math.max(...xs),
            top: Math.min(...ys), bottom: Math.max(...ys) });
    }
    return fill.call(this, text, x, y);
};
"""
"""Runs before any other script; of each canvas it keeps the labels that were drawn last."""

Label = dict[str, Any]


def labels_of(page: Page) -> list[Label]:
    """Text and box of each label, in CSS pixels of its picture at a pixel ratio of 1."""
    labels: list[Label] = page.evaluate("() => [...window.labels.values()].flat()")
    return labels


def assert_whole(labels: list[Label], size: dict[str, float]) -> None:
    """No label is cut off at an edge of the picture."""
    for label in labels:
        assert label["left"] >= -0.5 and label["right"] <= size["width"] + 0.5, (label, size)
        assert label["top"] >= -0.5 and label["bottom"] <= size["height"] + 0.5, (label, size)


def assert_apart(labels: list[Label]) -> None:
    """No label covers another."""
    for one, other in combinations(labels, 2):
        assert not _overlap(one, other), (one, other)


def _overlap(one: Label, other: Label) -> bool:
    return all(
        min(one[high], other[high]) - max(one[low], other[low]) > 0.5
        for low, high in (("left", "right"), ("top", "bottom"))
    )
