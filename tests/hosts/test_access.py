"""Everybody's explorer: what axe finds, what the keyboard reaches, which theme, colours and motion a host asks for."""

import pytest

import rnn_widgets as rw
from tests.hosts import books
from tests.hosts.axe import assert_all_accessible
from tests.hosts.pages import VIEWS, data, open_in_lab, open_in_voila, page_of, wait_for_data, wait_for_views
from tests.hosts.servers import voila

TEXT, HEATMAP, SURFACE, TOOLBAR, COMPANION = (
    ".rw-text-highlighter",
    ".rw-relevance-heatmap",
    ".rw-fourier-surface",
    ".rw-toolbar",
    ".rw-neuron",
)
SHOWN = "explorer = rw.explore(acts, features=[space, letter])\nexplorer"


@pytest.fixture(scope="module")
def dashboard(tmp_path_factory):
    folder = tmp_path_factory.mktemp("access")
    with voila(books.write(folder / "access.ipynb", books.RECORDED, SHOWN), folder / "server") as address:
        yield address


@pytest.fixture
def page(browser, dashboard):
    with page_of(browser) as page:
        open_in_voila(page, dashboard)
        wait_for_views(page)
        yield page


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_axe_finds_nothing_in_voila(browser, dashboard, dark):
    with page_of(browser, dark=dark) as page:
        open_in_voila(page, dashboard, dark=dark)
        wait_for_views(page)
        wait_for_data(page, TEXT, "theme", "dark" if dark else "light")
        assert_all_accessible(page)


def test_axe_finds_nothing_in_jupyterlab_whose_theme_changes_while_it_runs(browser, lab, lab_folder):
    notebook = books.write(lab_folder / "access.ipynb", books.RECORDED, SHOWN)
    with page_of(browser) as page:
        open_in_lab(page, lab, notebook.name)
        wait_for_views(page)
        assert_all_accessible(page)
        for theme, name in (("JupyterLab Dark", "dark"), ("JupyterLab Light", "light"), ("JupyterLab Dark", "dark")):
            page.evaluate("theme => jupyterapp.commands.execute('apputils:change-theme', { theme })", theme)
            for view in VIEWS:
                wait_for_data(page, view, "theme", name)
        assert_all_accessible(page)


def test_each_picture_has_a_role_and_a_name(page):
    for view, said in ((HEATMAP, "Heat map"), (SURFACE, "neurons")):
        assert said in page.get_attribute(f"{view} canvas", "aria-label")
    figures = page.locator(f"{COMPANION} .bqplot[role=img]")
    names = [figure.get_attribute("aria-label") for figure in figures.all()]
    assert [name.split()[0] for name in names] == ["Activation", "Spectrum"]
    assert all(f"euron {data(page, HEATMAP, 'neuron')}" in name for name in names)


def tab_to(page, selector):
    """Presses Tab until the element has the focus, which must then be seen."""
    for _ in range(120):
        page.keyboard.press("Tab")
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            ring = "() => { const { outlineStyle: s, outlineWidth: w } = getComputedStyle(document.activeElement); "
            style, width = page.evaluate(ring + "return [s, w]; }")
            assert style != "none" and float(width.removesuffix("px")) >= 2, f"no focus is seen on {selector}"
            return
    raise AssertionError(f"The Tab key does not reach {selector}.")


def test_everything_is_reached_and_done_by_keyboard(page, browser):
    page.evaluate("() => { document.activeElement.blur(); window.scrollTo(0, 0); }")
    tab_to(page, f"{TOOLBAR} select[name=feature]")
    page.keyboard.press("ArrowDown")
    wait_for_data(page, HEATMAP, "feature", rw.features.regex("[a-z]").name)
    page.keyboard.press("ArrowUp")
    wait_for_data(page, HEATMAP, "feature", rw.features.regex(" ").name)
    tab_to(page, f"{TOOLBAR} select[name=signal]")
    page.keyboard.press("ArrowDown")
    wait_for_data(page, TEXT, "signal", "input_gate")
    page.keyboard.press("ArrowUp")
    tab_to(page, f"{TOOLBAR} select[name=palette]")
    page.keyboard.press("ArrowDown")
    page.wait_for_function("() => document.querySelector('.rw-toolbar select[name=palette]').value === 'red-blue'")
    tab_to(page, f"{TOOLBAR} input[name=pattern]")
    page.keyboard.type("[aeiou]")
    page.keyboard.press("Enter")
    wait_for_data(page, HEATMAP, "feature", rw.features.regex("[aeiou]").name)

    tab_to(page, f"{TEXT} .rw-text")
    for _ in range(3):
        page.keyboard.press("ArrowRight")
    wait_for_data(page, TEXT, "token", 2)
    tab_to(page, f"{TEXT} .rw-tools button[aria-expanded]")
    page.keyboard.press("Space")
    tab_to(page, f"{TEXT} .rw-table-box")
    page.keyboard.press("Escape")
    assert page.locator(f"{TEXT} .rw-table-box").is_hidden()
    assert page.evaluate("() => document.activeElement.textContent") == "Show as table"

    tab_to(page, f"{HEATMAP} canvas")
    rows, neuron = data(page, HEATMAP, "rows"), data(page, HEATMAP, "neuron")
    down = rows.index(neuron) < len(rows) - 1
    page.keyboard.press("ArrowDown" if down else "ArrowUp")
    chosen = rows[rows.index(neuron) + (1 if down else -1)]
    wait_for_data(page, TEXT, "neuron", chosen)

    tab_to(page, f"{SURFACE} select[name=mode]")
    page.keyboard.press("ArrowDown")
    wait_for_data(page, SURFACE, "mode", "3d")
    page.keyboard.press("ArrowUp")
    wait_for_data(page, SURFACE, "mode", "2d")
    tab_to(page, f"{SURFACE} input[name=low]")
    page.keyboard.press("Control+A")
    page.keyboard.type("0.2")
    page.keyboard.press("Tab")
    page.wait_for_selector(f"{SURFACE}[data-band^='[0.2']")
    tab_to(page, f"{SURFACE} .rw-peaks button")
    peak = data(page, SURFACE, "peaks")[0]["neuron"]
    page.keyboard.press("Enter")
    wait_for_data(page, TEXT, "neuron", peak)


def test_the_markers_of_other_hosts_are_followed_while_they_change(page):
    def assert_theme(name):
        for view in VIEWS:
            wait_for_data(page, view, "theme", name)

    page.evaluate("() => { document.body.removeAttribute('data-jp-theme-light'); document.body.className = ''; }")
    for kind, theme in (
        ("vscode-dark", "dark"),
        ("vscode-light", "light"),
        ("vscode-high-contrast", "dark"),
        ("vscode-high-contrast vscode-high-contrast-light", "light"),
    ):
        page.evaluate(
            """([kind, foreground, background]) => {
                document.body.className = kind;
                document.body.dataset.vscodeThemeKind = kind.split(" ").at(-1);
                document.documentElement.style.setProperty("--vscode-editor-foreground", foreground);
                document.documentElement.style.setProperty("--vscode-editor-background", background);
            }""",
            [kind, *(("#fafafa", "#101418") if theme == "dark" else ("#14181c", "#fdfdfd"))],
        )
        assert_theme(theme)
        paper = page.evaluate(f"() => getComputedStyle(document.querySelector('{TEXT}')).backgroundColor")
        assert paper == ("rgb(16, 20, 24)" if theme == "dark" else "rgb(253, 253, 253)")
    page.evaluate("() => { document.body.className = ''; delete document.body.dataset.vscodeThemeKind; }")
    for theme in ("dark", "light"):
        page.evaluate("theme => document.documentElement.setAttribute('theme', theme)", theme)  # Colab
        assert_theme(theme)
    page.evaluate("() => document.documentElement.removeAttribute('theme')")
    for theme in ("dark", "light"):
        page.evaluate("theme => { document.body.className = theme; }", theme)  # marimo
        assert_theme(theme)
    page.evaluate("() => { document.body.className = ''; }")
    page.evaluate(
        "() => { for (const view of document.querySelectorAll('.rw-view'))"
        " for (let at = view.parentElement; at; at = at.parentElement) at.style.background = 'transparent'; }"
    )
    for colour, theme in (("oklch(0.2 0.02 250)", "dark"), ("oklch(0.97 0.01 250)", "light")):
        page.evaluate("colour => { document.body.style.background = colour; }", colour)
        assert_theme(theme)
    page.evaluate("() => { document.body.style.background = 'transparent'; }")
    for scheme in ("dark", "light"):
        page.evaluate("scheme => { document.documentElement.style.colorScheme = scheme; }", scheme)
        assert_theme(scheme)
    page.evaluate("() => { document.documentElement.style.colorScheme = 'light dark'; }")
    for scheme in ("dark", "light"):
        page.emulate_media(color_scheme=scheme)
        assert_theme(scheme)


def test_colours_that_mean_something_stay_where_the_system_forces_its_own(page):
    page.emulate_media(forced_colors="active", color_scheme="dark")
    wait_for_data(page, TEXT, "theme", "dark")
    colours = page.eval_on_selector_all(
        f"{TEXT} [data-token]", "spans => spans.map(span => getComputedStyle(span).backgroundColor)"
    )
    assert len(set(colours)) > 10
    assert page.evaluate(f"() => getComputedStyle(document.querySelector('{TEXT}')).backgroundColor") == "rgb(0, 0, 0)"


def test_nothing_moves_where_less_motion_is_asked_for(page):
    page.emulate_media(reduced_motion="reduce")
    moving = page.eval_on_selector_all(
        ".rw-view, .rw-view *",
        "all => all.map(getComputedStyle).filter(style => parseFloat(style.transitionDuration) > 0"
        " || style.animationName !== 'none').length",
    )
    assert moving == 0


def test_a_palette_is_chosen_for_all_views_and_python_knows_it(page):
    def middle(view):
        return page.locator(f"{view} .rw-legend-bar").first.evaluate("bar => bar.style.backgroundImage")

    before = [middle(view) for view in (TEXT, HEATMAP, SURFACE)]
    page.select_option(f"{TOOLBAR} select[name=palette]", "purple-green")
    page.wait_for_function(
        "([view, old]) => document.querySelector(view).style.backgroundImage !== old",
        arg=[f"{SURFACE} .rw-legend-bar", before[2]],
    )
    assert all(new != old for new, old in zip([middle(view) for view in (TEXT, HEATMAP, SURFACE)], before, strict=True))
