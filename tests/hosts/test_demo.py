"""`rnn-widgets demo`, which `make demo` runs: the dashboard of all packaged networks."""

import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest

import rnn_widgets as rw
from tests.hosts.pages import data, page_of, token_strengths, wait_for_data, wait_for_views
from tests.ports import free_port

HEATMAP = ".rw-relevance-heatmap"


@pytest.fixture(scope="module")
def address():
    command = Path(sys.executable).with_name("rnn-widgets")
    arguments = [command, "demo", "--no-browser", "--port", str(free_port())]
    with subprocess.Popen(arguments, stdout=subprocess.PIPE, text=True, start_new_session=True) as demo:
        try:
            yield re.search(r"http://127\.0\.0\.1:\d+\S*", demo.stdout.readline()).group()
        finally:
            demo.send_signal(signal.SIGINT)


def test_the_dashboard_shows_each_network_and_a_text_of_ones_own(address, browser):
    with page_of(browser) as page:
        page.goto(address)
        wait_for_views(page)
        words = recorded("word-lstm", "Call me", 400, 0)
        wait_for_data(page, HEATMAP, "proposed", rw.relevance(words, rw.features.regex(" ")).top(4))

        page.get_by_role("button", name="Character LSTM").click()
        characters = recorded("char-lstm", "Call me ", 900, 0)
        proposed = rw.relevance(characters, rw.features.regex(" ")).top(4)
        wait_for_data(page, HEATMAP, "proposed", proposed)

        page.get_by_label("It begins with").fill("The sea ")
        page.get_by_role("button", name="Write").click()
        written = recorded("char-lstm", "The sea ", 900, 0)
        wait_for_data(page, HEATMAP, "proposed", rw.relevance(written, rw.features.regex(" ")).top(4))
        assert set(token_strengths(page)) <= set(range(len(written)))
        assert data(page, HEATMAP, "columns") == written.tokens.count(" ")

        page.get_by_label("It begins with").fill("")
        page.get_by_role("button", name="Write").click()
        begun = recorded("char-lstm", "", 900, 0)
        wait_for_data(page, HEATMAP, "proposed", rw.relevance(begun, rw.features.regex(" ")).top(4))


def recorded(name, prompt, length, seed):
    model = rw.load_model(name)
    return rw.record(model, rw.generate(model, prompt, length=length, seed=seed))
