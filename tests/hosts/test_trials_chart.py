"""The picture of a search's trials in JupyterLab, while the search goes on."""

from tests.hosts import books
from tests.hosts.pages import open_in_lab, page_of

SHOWN = """
import rnn_widgets as rw
from rnn_widgets.models import Recipe, Trial

found = rw.Search(Recipe.load("char-rnn"), {"model.cell": rw.OneOf(("lstm", "gru"))})
rw.TrialsChart(found)
"""
SEARCHED = """
found.add(Trial(0, "finished", 2.5, 1, 1.0, {"model.cell": "lstm"}))
found.add(Trial(1, "finished", 2.25, 1, 1.0, {"model.cell": "gru"}))
found.add(Trial(2, "pruned", 3.0, 1, 1.0, {"model.cell": "lstm"}, "Others did better."))
found.add(Trial(3, "failed", float("nan"), 0, 1.0, {"model.cell": "gru"}, "Too large."))
"""


def test_the_trials_are_drawn_named_and_told_apart_by_a_key(browser, lab, lab_folder):
    book = books.write(lab_folder / "trials.ipynb", SHOWN, SEARCHED)
    with page_of(browser) as page:
        open_in_lab(page, lab, book.name)
        page.wait_for_selector("text=lowest so far: 2.250 in trial 1")
        page.wait_for_selector(".bqplot path.dot >> nth=3")
        labels, ticks = page.locator(".bqplot .axislabel"), page.locator(".bqplot .tick text")
        assert {"trial", "held-out bits per token"} <= set(labels.all_text_contents())
        assert {"0", "3", "2.4", "failed"} <= set(ticks.all_text_contents())
        page.select_option(".widget-dropdown select", "model.cell")
        page.wait_for_selector(".bqplot .axislabel:text-is('model.cell')")
        page.wait_for_selector(".bqplot path.dot >> nth=3")
        assert {"lstm", "gru", "failed"} <= set(ticks.all_text_contents())
        for number, said in ((2, "Others did better."), (3, "Too large.")):
            page.locator(".bqplot path.dot").nth(number).hover()
            page.wait_for_selector(f".bqplot_tooltip_div:has-text('{said}')", state="visible")
