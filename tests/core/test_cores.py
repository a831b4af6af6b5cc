"""Work in parts keeps its order, and what goes wrong in a part is said."""

import os
import threading
import time

import pytest

from rnn_widgets.analysis.cores import on_all_cores


def test_results_come_in_the_order_of_the_parts_whoever_is_ready_first():
    def work(part):
        time.sleep(0.02 if part == 0 else 0)
        return part * 10

    assert on_all_cores(work, range(8)) == [0, 10, 20, 30, 40, 50, 60, 70]
    assert on_all_cores(work, []) == []


def test_an_error_in_one_part_reaches_the_caller():
    with pytest.raises(ZeroDivisionError):
        on_all_cores(lambda part: 1 // part, [2, 1, 0])


def test_a_pinned_process_works_on_its_core_alone():
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {min(before)})
    try:
        threads = set(on_all_cores(lambda _: (time.sleep(0.005), threading.get_ident())[1], range(6)))
    finally:
        os.sched_setaffinity(0, before)
    assert len(threads) == 1
