"""Each widget in other people's layouts and links; two models side by side; values that are refused."""

import pytest

from tests.hosts import books
from tests.hosts.pages import data, open_in_lab, page_of, stop_kernel, wait_for_data
from tests.hosts.test_access import HEATMAP, SURFACE, TEXT

EVERYWHERE = """
text, heat, surface = rw.TextHighlighter(acts, features=[space]), rw.RelevanceHeatmap(acts), rw.FourierSurface(acts)
companion, toolbar = rw.NeuronCompanion(acts), rw.widgets.Toolbar(acts)
output = ipywidgets.Output()
with output:
    display(companion)
tab = ipywidgets.Tab([text, heat], titles=["Text", "Heat map"], selected_index=1)
folds = ipywidgets.Accordion([surface], titles=["Surface"], selected_index=0)
app = ipywidgets.AppLayout(header=toolbar, center=ipywidgets.HBox([tab, folds]), footer=output)
app
"""

LINKED = """
one, two = rw.TextHighlighter(acts, neuron=1, token=3), rw.RelevanceHeatmap(acts, features=[space, letter])
neuron, token = ipywidgets.IntSlider(max=23, description="neuron"), ipywidgets.BoundedIntText(max=227)
token.add_class("linked-token")
links = [
    ipywidgets.jslink((neuron, "value"), (one.selection, "neuron")),
    ipywidgets.jsdlink((one.selection, "token"), (token, "value")),
    ipywidgets.jslink((one.selection, "neuron"), (two.selection, "neuron")),
]
rows = ipywidgets.Text("proposed", description="rows")
links.append(ipywidgets.jslink((rows, "value"), (two, "rows")))
pinned = ipywidgets.interactive(lambda n: setattr(one.selection, "neurons", list(range(n))), n=(0, 3))
seen = ipywidgets.Label()
tell = lambda change: setattr(seen, "value", f"Python sees {change.name} {change.new}.")
one.selection.observe(tell, "token")
two.observe(tell, "columns")
said = ipywidgets.Label()


def assign(_):
    answers = []
    for name, value in (("neuron", 99), ("token", "x"), ("band", (0.4, 0.1)), ("feature", "none such"), ("layer", 7)):
        try:
            setattr(one.selection, name, value)
        except Exception as error:
            answers.append(f"{type(error).__name__}: {error}")
    try:
        two.rows = "some"
    except Exception as error:
        answers.append(f"{type(error).__name__}: {error}")
    said.value = " / ".join(answers)


bad = ipywidgets.Button(description="Assign bad values")
bad.on_click(assign)
ipywidgets.VBox([neuron, token, rows, pinned, one, two, seen, bad, said])
"""

SIDE_BY_SIDE = """
other = recorded(20, 1, 3)
left, right = rw.RelevanceHeatmap(acts, features=[space, letter]), rw.RelevanceHeatmap(other)
surface = rw.FourierSurface(other, selection=right.selection)
for name, view in (("left", left), ("right", right)):
    view.add_class(name)
links = rw.link(left, right)
ipywidgets.VBox([left, right, surface])
"""


@pytest.fixture(scope="module")
def show(browser, lab, lab_folder):
    """Opens a page with a notebook of these cells and waits until the views named are there."""
    opened = []

    def showing(name, source, *views):
        manager = page_of(browser)
        page = manager.__enter__()
        opened.append(manager)
        open_in_lab(page, lab, books.write(lab_folder / f"{name}.ipynb", books.RECORDED, source).name)
        for view in views:
            page.wait_for_selector(f"{view}[aria-busy=false]", state="visible")
        return page

    yield showing
    for manager in opened:
        manager.__exit__(None, None, None)


def wait_for_width(page, view):
    """Until the view's picture is drawn as wide as it stands on the page."""
    page.wait_for_function(
        "picture => { const { width, clientWidth } = document.querySelector(picture);"
        " return clientWidth > 200 && width === clientWidth; }",
        arg=f"{view} .rw-plot canvas",
    )


def test_each_widget_stands_alone_in_any_layout(show):
    page = show("everywhere", EVERYWHERE, ".rw-toolbar", HEATMAP, SURFACE, ".rw-companion")
    page.wait_for_selector(".rw-neuron .bqplot path.line")
    assert page.locator(TEXT).is_hidden()
    page.click(".lm-TabBar-tab:has-text('Text')")
    page.wait_for_selector(f"{TEXT} [data-token='20']", state="visible")
    assert page.locator(HEATMAP).is_hidden()
    page.click(".lm-TabBar-tab:has-text('Heat map')")
    wait_for_width(page, HEATMAP)
    page.click(".widget-accordion [class*=Collapse-header]")
    page.wait_for_selector(SURFACE, state="hidden")
    page.click(".widget-accordion [class*=Collapse-header]")
    wait_for_width(page, SURFACE)


@pytest.fixture(scope="module")
def linked(show):
    return show("linked-traits", LINKED, TEXT, HEATMAP)


def test_traits_are_linked_in_the_page_and_observed_in_python(linked):
    page = linked
    slider = page.locator(".widget-slider:has-text('neuron') .noUi-handle")
    slider.focus()
    before = data(page, TEXT, "neuron")
    slider.press("ArrowRight")
    wait_for_data(page, TEXT, "neuron", before + 1)
    wait_for_data(page, HEATMAP, "neuron", before + 1)
    page.click(f"{TEXT} [data-token='7']")
    page.wait_for_function("() => document.querySelector('.linked-token input').value === '7'")
    page.wait_for_selector("text=Python sees token 7.")
    page.fill(".widget-text:has-text('rows') input", "all")
    page.keyboard.press("Enter")
    page.wait_for_function(f"() => JSON.parse(document.querySelector('{HEATMAP}').dataset.rows).length === 24")
    page.select_option(f"{HEATMAP} select[name=columns]", "all")
    page.wait_for_selector("text=Python sees columns all.")


def test_interactive_sets_what_is_pinned(linked):
    handle = linked.locator(".widget-interact .noUi-handle")
    handle.focus()
    pinned = linked.locator(f"{TEXT} [data-neuron]").count()
    handle.press("ArrowRight")
    linked.wait_for_function(
        f"count => new Set([...document.querySelectorAll('{TEXT} [data-neuron]')].map(block => block.dataset.neuron))"
        ".size > 1 || count > 1",
        arg=pinned,
    )


def test_bad_values_from_python_are_refused_in_words_and_the_page_stays(linked):
    names = ("neuron", "token", "feature", "layer")
    before = [data(linked, TEXT, name) for name in names], data(linked, HEATMAP, "rows")
    linked.click("button:has-text('Assign bad values')")
    linked.wait_for_selector("text=TraitError: There is no neuron 99")
    said = linked.inner_text(".widget-label:has-text('There is no neuron 99')")
    assert said.count("TraitError") == 6
    for word in ("0..23", "a whole number", "cycles per token", "There is no feature", "no layer 7", "proposed"):
        assert word in said
    assert ([data(linked, TEXT, name) for name in names], data(linked, HEATMAP, "rows")) == before


def test_bad_values_from_the_page_are_answered_with_the_old_ones(linked):
    before = data(linked, TEXT, "neuron")
    # As a page of another version might: a value that the select does not offer.
    linked.eval_on_selector(
        f"{HEATMAP} select[name=rows]",
        """select => {
            select.append(new Option("some", "some"));
            select.value = "some";
            select.dispatchEvent(new Event("change"));
        }""",
    )
    linked.wait_for_function(f"() => document.querySelector('{HEATMAP} select[name=rows]').value !== 'some'")
    assert data(linked, TEXT, "neuron") == before


def test_two_models_side_by_side_follow_each_other_with_and_without_a_kernel(show):
    left, right = ".left.rw-view, .left .rw-view", ".right.rw-view, .right .rw-view"
    page = show("side-by-side", SIDE_BY_SIDE, HEATMAP, SURFACE)
    page.wait_for_selector(".right canvas")

    def of(view, name):
        return page.locator(view).first.get_attribute(f"data-{name}")

    def wait(view, name, value):
        page.wait_for_function(
            "([view, name, value]) => document.querySelector(view).dataset[name] === value", arg=[view, name, value]
        )

    for alive in (True, False):
        if not alive:
            wait(left, "complete", "true")
            wait(right, "complete", "true")
            stop_kernel(page)
        neuron, token = of(right, "neuron"), of(left, "token")
        canvas = page.locator(".left canvas").first
        canvas.focus()
        for key in ("ArrowRight", "ArrowRight", "ArrowDown"):
            canvas.press(key)
        page.wait_for_function("([view, old]) => document.querySelector(view).dataset.token !== old", arg=[left, token])
        page.wait_for_function(
            "both => new Set(both.map(view => document.querySelector(view).dataset.token)).size === 1",
            arg=[[left, right]],
        )
        assert of(right, "neuron") == neuron != of(left, "neuron")
        page.fill(f"{SURFACE} input[name=low]", "0.1" if alive else "0.2")
        page.press(f"{SURFACE} input[name=low]", "Tab")
        page.wait_for_selector(f"{SURFACE}[data-band^='[0.{1 if alive else 2}']")
