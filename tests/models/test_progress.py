from __future__ import annotations

from collections.abc import Callable

import jax
import jax.numpy as jnp
import pytest

from rnn_widgets.models.history import Report
from rnn_widgets.models.progress import counted_progress, training_progress


@pytest.fixture(autouse=True)
def wide_and_plain(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    for name in ("FORCE_COLOR", "TTY_COMPATIBLE", "TTY_INTERACTIVE"):
        monkeypatch.delenv(name, raising=False)


def test_the_training_bar_shows_loss_held_out_loss_and_speed(capsys: pytest.CaptureFixture[str]) -> None:
    with training_progress("word-lstm", 100, wanted=True) as show:
        show(Report(50, 1.0, 4.25, 0.3, held_out_loss=4.5, held_out_accuracy=0.3, tokens_per_second=12345))
        show(Report(60, 1.2, 4.125, 0.3, tokens_per_second=2345))
    shown = " ".join(capsys.readouterr().err.split())
    assert "word-lstm" in shown and "60/100 steps" in shown
    assert "loss 4.125 bits held-out 4.500 bits 2,345 tokens/s" in shown


def test_the_training_bar_says_while_something_is_compiled(capsys: pytest.CaptureFixture[str]) -> None:
    def shown_at_its_end(work: Callable[[], object]) -> str:
        with training_progress("word-lstm", 100, wanted=True):
            work()
        return capsys.readouterr().err

    def stop_while_compiling() -> None:
        jax.monitoring.record_event_duration_secs("/jax/core/compile/jaxpr_trace_duration", 0.1)

    assert "0/100 steps    compiling" in shown_at_its_end(stop_while_compiling)
    assert "compiling" not in shown_at_its_end(lambda: jax.jit(lambda x: x + 3)(1.0))


def test_a_bar_goes_on_from_what_an_earlier_run_reached(capsys: pytest.CaptureFixture[str]) -> None:
    earlier = [Report(50, 1.0, 4.25, 0.3, held_out_loss=4.5), Report(60, 1.2, 4.125, 0.3, tokens_per_second=2345)]
    with training_progress("word-lstm", 100, wanted=True, done=60, history=earlier):
        pass
    assert "60/100 steps loss 4.125 bits held-out 4.500 bits" in " ".join(capsys.readouterr().err.split())


def test_bars_are_quiet_where_nobody_looks_and_for_short_work(capsys: pytest.CaptureFixture[str]) -> None:
    with training_progress("word-lstm", 100) as show:
        show(Report(50, 1.0, 4.25, 0.3))
    with counted_progress("recording", 10**9) as advance:
        advance(10)
    captured = capsys.readouterr()
    assert captured.out == captured.err == ""


def test_the_counting_bar_counts_tokens(capsys: pytest.CaptureFixture[str]) -> None:
    with counted_progress("recording", 500, wanted=True) as advance:
        advance(200)
        advance(300)
    assert "500/500 tokens" in " ".join(capsys.readouterr().err.split())


def test_the_counting_bar_says_when_something_is_compiled(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("TTY_COMPATIBLE", "TTY_INTERACTIVE"):
        monkeypatch.setenv(name, "1")
    function = jax.jit(lambda values: jnp.sin(values) + 1)
    with counted_progress("recording", 500, wanted=True) as advance:
        function(jnp.ones(7))
        advance(500)
    shown = capsys.readouterr().err
    assert "0/500 tokens  compiling" in shown
    assert "compiling" not in shown[shown.rindex("500/500 tokens") :]
