"""Resized, hidden, shown twice, thirty at once, zoomed, and closed two hundred times."""

import pytest

from tests.hosts import books
from tests.hosts.pages import PATIENCE_MS, open_in_lab, page_of, wait_for_data, wait_for_views
from tests.hosts.test_access import HEATMAP, SHOWN, SURFACE, TEXT

CYCLES = """
import comm
from ipywidgets.widgets.widget import _instances

place, told = ipywidgets.VBox(), ipywidgets.Label()
go, end = ipywidgets.Button(description="Open views"), ipywidgets.Button(description="Close views")
selection = rw.Selection()
kept = rw.TextHighlighter(acts, selection=selection)
shown, opened = [], 0


def count():
    told.value = f"{len(_instances)} widgets, {len(comm.get_comm_manager().comms)} comms"


def open_views(_):
    global opened
    opened += 1
    # One in ten with graphics, whose opening takes a software renderer most of a second.
    surface = rw.FourierSurface(acts, mode="2d" if opened % 10 else "3d")
    views = (rw.TextHighlighter(acts), rw.RelevanceHeatmap(acts, features=[space]), surface)
    shown.extend(views)
    place.children = views
    count()


def close_views(_):
    place.children = []
    while shown:
        shown.pop().close()
    count()


go.on_click(open_views)
end.on_click(close_views)
ipywidgets.VBox([go, end, told, place])
"""

TWICE = """
surface = rw.FourierSurface(acts, features=[space])
text = rw.TextHighlighter(acts, selection=surface.selection)
end = ipywidgets.Button(description="Close the surface")
end.on_click(lambda _: surface.close())
ipywidgets.VBox([ipywidgets.HBox([surface, surface]), text, end])
"""

THIRTY = """
first = rw.TextHighlighter(acts, features=[space])
views = [first]
for kind in (rw.TextHighlighter, rw.RelevanceHeatmap, rw.FourierSurface):
    views += [kind(acts, selection=first.selection, height=200) for _ in range(10)]
for view in views[-3:]:
    view.mode = "3d"
ipywidgets.VBox(views[1:])
"""

# How many WebGL contexts the page holds that are not given back.
CONTEXTS = """
const made = [];
for (const { prototype } of [HTMLCanvasElement, OffscreenCanvas]) {
    const { getContext } = prototype;
    prototype.getContext = function (kind, ...rest) {
        const context = getContext.call(this, kind, ...rest);
        if (kind === "webgl2" && context) made.push(new WeakRef(context));
        return context;
    };
}
window.contexts = () => new Set(made.map((one) => one.deref()).filter((one) => one && !one.isContextLost())).size;
"""

# What ipywidgets keeps of the notebook, through the renderer that shows its widgets.
MODELS = """async () => {
    const { rendermime } = jupyterapp.shell.currentWidget.content;
    const renderer = rendermime.createRenderer("application/vnd.jupyter.widget-view+json");
    const manager = await (renderer._manager.promise ?? renderer._manager);
    const comms = jupyterapp.shell.currentWidget.sessionContext.session.kernel._comms.size;
    return [Object.keys(manager._models).length, comms];
}"""


@pytest.fixture
def show(browser, lab, lab_folder):
    """Opens a page with a notebook of these cells."""
    opened = []

    def showing(name, source):
        manager = page_of(browser)
        opened.append(manager)
        page = manager.__enter__()
        page.add_init_script(CONTEXTS)
        open_in_lab(page, lab, books.write(lab_folder / f"{name}.ipynb", books.RECORDED, source).name)
        return page

    yield showing
    for manager in opened:
        manager.__exit__(None, None, None)


def wait_for_sharpness(page, ratio):
    """Until each picture has as many device pixels as the screen gives it."""
    page.wait_for_function(
        """([views, ratio]) => {
            const all = [...document.querySelectorAll(views)].filter(one => one.clientWidth);
            return all.length && all.every(one => Math.abs(one.width / one.clientWidth - ratio) < 0.02);
        }""",
        arg=[f"{HEATMAP} .rw-plot canvas, {SURFACE} .rw-plot canvas", ratio],
    )


def overflowing(page):
    return page.eval_on_selector_all(
        ".rw-view",
        "all => all.filter(one => one.scrollWidth > one.clientWidth + 1).map(one => one.className + one.scrollWidth)",
    )


def test_views_follow_the_size_of_the_page_and_collapsed_cells(show):
    page = show("sizes", SHOWN)
    wait_for_views(page)
    for width in (1600, 900):
        page.set_viewport_size({"width": width, "height": 800})
        wait_for_sharpness(page, 1)
        assert overflowing(page) == []
    page.evaluate("() => jupyterapp.commands.execute('notebook:hide-all-cell-outputs')")
    page.wait_for_selector(HEATMAP, state="hidden")
    page.set_viewport_size({"width": 1280, "height": 800})
    page.evaluate("() => jupyterapp.commands.execute('notebook:show-all-cell-outputs')")
    page.wait_for_selector(HEATMAP, state="visible")
    wait_for_sharpness(page, 1)
    assert overflowing(page) == []


# What a browser does at a zoom level: fewer CSS pixels, each of more device pixels.
@pytest.mark.parametrize("zoom", [0.5, 1.5, 2])
def test_views_are_whole_and_sharp_at_any_zoom(browser, lab, lab_folder, zoom):
    notebook = books.write(lab_folder / "zoomed.ipynb", books.RECORDED, SHOWN)
    size = {"width": int(1280 / zoom), "height": int(800 / zoom)}
    context = browser.new_context(viewport=size, device_scale_factor=zoom)
    page = context.new_page()
    page.set_default_timeout(PATIENCE_MS)
    open_in_lab(page, lab, notebook.name)
    page.wait_for_selector(f"{SURFACE}[aria-busy=false]", state="visible")
    wait_for_sharpness(page, zoom)
    assert overflowing(page) == []
    context.close()


def test_two_displays_of_one_widget_are_one_widget_and_close_together(show):
    page = show("twice", TWICE)
    page.wait_for_function(f"() => document.querySelectorAll('{SURFACE}[aria-busy=false]').length === 2")
    page.locator(f"{SURFACE} select[name=mode]").first.select_option("3d")
    page.wait_for_function(f"() => document.querySelectorAll('{SURFACE}[data-mode=\"3d\"]').length === 2")
    page.click("button:has-text('Close the surface')")
    page.wait_for_function(f"() => document.querySelectorAll('{SURFACE}').length === 0")
    page.click(f"{TEXT} [data-token='5']")
    wait_for_data(page, TEXT, "token", 5)


def test_thirty_views_share_one_recording_and_one_context(show):
    page = show("thirty", THIRTY)
    page.wait_for_function("() => document.querySelectorAll('.rw-view[aria-busy=false]').length === 30")
    page.wait_for_function(f"() => document.querySelectorAll('{SURFACE}[data-mode=\"3d\"]').length === 3")
    page.locator(f"{TEXT} [data-token='9']").first.click()
    page.wait_for_function("() => document.querySelectorAll('.rw-view[data-token=\"9\"]').length === 30")
    assert page.evaluate("() => window.contexts()") <= 1


# Opens and closes the views so many times, each time until they are drawn and gone.
CYCLE = """
window.cycled = 0;
window.cycle = async (times) => {
    const button = (text) => [...document.querySelectorAll("button")].find((one) => one.textContent === text);
    const until = async (ready) => { while (!ready()) await new Promise(requestAnimationFrame); };
    const views = (state) => document.querySelectorAll(`.rw-view${state}`).length;
    for (let turn = 0; turn < times; turn++) {
        button("Open views").click();
        await until(() => views("[aria-busy=false]") === 3);
        button("Close views").click();
        await until(() => views("") === 0);
        window.cycled += 1;
    }
};
"""


def test_two_hundred_cycles_leave_nothing_behind(show):
    page = show("cycles", CYCLES)
    page.wait_for_selector("button:has-text('Open views')")
    page.evaluate(CYCLE)
    session = page.context.new_cdp_session(page)
    session.send("Performance.enable")

    def cycle(until, times):
        page.evaluate("times => void window.cycle(times)", times)
        page.wait_for_function(f"() => window.cycled === {until}", timeout=600_000)

    def ours():
        """How many elements of ours the browser holds, in the page or not."""
        prototype = session.send("Runtime.evaluate", {"expression": "HTMLElement.prototype"})["result"]["objectId"]
        elements = session.send("Runtime.queryObjects", {"prototypeObjectId": prototype})["objects"]["objectId"]
        count = """function () {
            return this.filter((one) => {
                try { return one.getAttribute("class")?.includes("rw-"); } catch { return false; }
            }).length;
        }"""
        call = {"objectId": elements, "functionDeclaration": count, "returnByValue": True}
        found = session.send("Runtime.callFunctionOn", call)["result"]["value"]
        session.send("Runtime.releaseObject", {"objectId": elements})
        return found

    def left():
        page.wait_for_timeout(500)
        for _ in range(3):
            session.send("HeapProfiler.collectGarbage")
        metrics = {item["name"]: item["value"] for item in session.send("Performance.getMetrics")["metrics"]}
        widgets_in_python = page.inner_text(".widget-label:has-text('comms')")
        return metrics, (ours(), page.evaluate(MODELS), widgets_in_python)

    cycle(20, 20)
    metrics, things = left()
    cycle(200, 180)
    metrics_after, things_after = left()
    assert things_after == things
    # JupyterLab's own come and go by some twenty; one of ours for each cycle would be twice as many as this.
    assert metrics_after["JSEventListeners"] - metrics["JSEventListeners"] < 90
    # ipywidgets itself forgets no view's two empty outer elements.
    assert metrics_after["Nodes"] - metrics["Nodes"] < 8 * 180
    # A browser never forgets a module that it has imported, and every widget instance brings its own.
    assert metrics_after["JSHeapUsedSize"] - metrics["JSHeapUsedSize"] < 2_000_000 * 180
    assert page.evaluate("() => window.contexts()") <= 1
