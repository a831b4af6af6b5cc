"""The pictures of states and of groups in an exported page: linked, clickable, and without a kernel."""

import ipywidgets
import numpy as np

import rnn_widgets as rw
from tests.hosts.axe import assert_accessible
from tests.hosts.exported import opened
from tests.hosts.pages import wait_for_data

SPACES = rw.features.regex(" ")
TOOLBAR, TEXT, STATES, GROUPS = ".rw-toolbar", ".rw-text-highlighter", ".rw-projection", ".rw-groups"


def made():
    """Three kinds of neurons, of which one follows spaces, and one neuron that never changes."""
    tokens = list("one fish, two fish, red fish. ") * 6
    random = np.random.default_rng(0)
    kinds = np.stack([SPACES.mask(rw.Text(tuple(tokens))), *random.normal(size=(2, len(tokens)))])
    values = (kinds[np.arange(12) % 3] + 0.1 * random.normal(size=(12, len(tokens)))).T
    values[:, 7] = 0.5
    return rw.Activations.from_arrays(tokens, {"hidden": values, "cell": values[:, :8]})


def click(page, view, across, up):
    """Clicks in the plot area of the picture below a caption, at shares from its left and its foot."""
    area = page.locator(f".rw-pictures:has({view}) .plotarea_events")
    area.scroll_into_view_if_needed()
    box = area.bounding_box()
    page.mouse.click(box["x"] + across * box["width"], box["y"] + (1 - up) * box["height"])


def test_a_click_chooses_a_token_or_a_neuron_and_every_view_follows(browser, tmp_path):
    acts = made()
    text = rw.TextHighlighter(acts, features=[SPACES], token=3)
    states, groups = rw.ProjectionChart(acts, text.selection), rw.GroupsChart(acts, text.selection, n=3)
    toolbar = rw.widgets.Toolbar(acts, text.selection)
    summary = rw.to_html(ipywidgets.VBox([toolbar, text, states, groups]), tmp_path / "page.html")
    with opened(browser, summary.path, TEXT, STATES, GROUPS) as page:
        page.wait_for_selector(".rw-pictures .bqplot path.dot >> nth=150")
        labels = page.locator(".rw-pictures .axislabel").all_text_contents()
        assert {states.figure.axes[0].label, states.figure.axes[1].label, "group"} <= set(labels)
        assert f"orange: the {int(SPACES.mask(acts.text).sum())} with" in page.inner_text(STATES)
        assert page.locator(".rw-pictures text.label").all_text_contents() == ["“␣”"]

        coordinates = rw.project(acts).coordinates
        token = int(coordinates[:, 0].argmax())
        left, right, low, high = states.children[0].limits
        x, y = coordinates[token]
        click(page, STATES, (x - left) / (right - left), (y - low) / (high - low))
        for view in (TEXT, STATES, GROUPS):
            wait_for_data(page, view, "token", token)
        page.wait_for_selector(f"{STATES} >> text=token {token}")

        found = rw.groups(acts, n=3)
        place = 8
        click(page, GROUPS, (place + 0.5) / 11, 0.3)
        neuron = int(found.order[place])
        for view in (TEXT, STATES, GROUPS):
            wait_for_data(page, view, "neuron", neuron)
        page.wait_for_selector(f"{GROUPS} >> text=Neuron {neuron} · group {found.labels[neuron]} of 0–2")
        assert "Not shown, because never changing: 1 neuron." in page.inner_text(GROUPS)
        assert page.locator(f".rw-pictures:has({GROUPS}) .bqplot image").get_attribute("href").startswith("blob:")
        for view in (STATES, GROUPS):
            assert_accessible(page, f".rw-pictures:has({view})")

        page.select_option(f"{TOOLBAR} select[name=signal]", "cell")
        for view in (STATES, GROUPS):
            page.wait_for_selector(f"{view} >> text=This is hidden · layer 0. The picture of cell · layer 0 needs the")
