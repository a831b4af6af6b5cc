"""Settings of the property tests (no deadline: the machine may be busy), and a measure of work without a clock."""

import sys
from collections.abc import Callable

import pytest
from hypothesis import settings

settings.register_profile("busy machine", deadline=None, max_examples=60)
settings.load_profile("busy machine")


@pytest.fixture
def lines_run() -> Callable[[Callable[[], object]], int]:
    """How many lines of the package's own Python a call runs: it grows with every loop that is not the arrays' own."""

    def measure(call: Callable[[], object]) -> int:
        count = 0

        def trace(frame, event, _argument):
            nonlocal count
            if "rnn_widgets" not in frame.f_code.co_filename:
                return None
            count += event == "line"
            return trace

        before = sys.gettrace()
        sys.settrace(trace)
        try:
            call()
        finally:
            sys.settrace(before)
        return count

    return measure
