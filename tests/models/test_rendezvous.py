"""Processes that look for each other, here threads; and what is said if one of them is not found."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable

import pytest

from rnn_widgets.models.training.joining import join_processes
from rnn_widgets.models.training.rendezvous import meet
from tests.ports import free_port

HOST = "127.0.0.1"


def together(*calls: Callable[[], None]) -> list[Exception | None]:
    """What each raised, all called at once."""
    raised: list[Exception | None] = [None] * len(calls)

    def call(number: int) -> None:
        try:
            calls[number]()
        except Exception as error:
            raised[number] = error

    threads = [threading.Thread(target=call, args=(number,)) for number in range(len(calls))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return raised


def coming(port: int, *described: tuple[int, int], seconds: float = 20.0) -> list[Callable[[], None]]:
    """A call of `meet` for each (number of processes, process)."""
    return [lambda pair=pair: meet(HOST, port, *pair, seconds) for pair in described]


def test_all_that_come_go_on() -> None:
    assert together(*coming(free_port(), (3, 2), (3, 0), (3, 1))) == [None] * 3
    meet(HOST, free_port(), 1, 0, 0.1)


def test_who_is_missing_is_said_to_all_who_came() -> None:
    raised = together(*coming(free_port(), (4, 0), (4, 2), seconds=1.0))
    for error in raised:
        assert isinstance(error, TimeoutError)
        assert str(error).startswith("After 1 seconds these of the 4 processes are missing: 1, 3. Start each")


@pytest.mark.parametrize(
    ("described", "message"),
    [
        ([(3, 0), (3, 1), (3, 1)], "Two processes say that they are number 1: give each its own number."),
        ([(2, 0), (3, 2)], "Process 2 says that there are 3 processes, and process 0 that there are 2"),
    ],
)
def test_contradictions_are_said_to_all(described: list[tuple[int, int]], message: str) -> None:
    for error in together(*coming(free_port(), *described)):
        assert isinstance(error, ValueError) and str(error).startswith(message)


def test_a_coordinator_that_is_not_there_is_named() -> None:
    port = free_port()
    with pytest.raises(
        TimeoutError, match=rf"process 0 at {HOST}:{port}, did not answer for 0\.3 seconds \(.*refused\)"
    ):
        meet(HOST, port, 2, 1, 0.3)


def test_a_port_that_somebody_else_has_is_no_coordinator() -> None:
    with socket.create_server((HOST, 0)) as other:
        port = other.getsockname()[1]
        with pytest.raises(OSError, match=rf"Process 0 cannot listen at port {port} \(.*in use.*\): give another"):
            meet(HOST, port, 2, 0, 5.0)

        def answer() -> None:
            guest, _ = other.accept()
            with guest:
                guest.recv(1000)
                guest.sendall(b"HTTP/1.1 400 Bad Request\r\n")

        raised = together(answer, lambda: meet(HOST, port, 2, 1, 5.0))
    assert raised[0] is None and "is no process 0 that waits for the others" in str(raised[1])


def test_a_stranger_at_the_door_is_passed_over() -> None:
    port = free_port()

    def knock() -> None:
        while True:
            try:
                with socket.create_connection((HOST, port)) as stranger:
                    stranger.sendall(b"GET / HTTP/1.1\r\n")
                    assert stranger.recv(1) == b""
                    return
            except ConnectionRefusedError:
                continue

    def knock_and_come() -> None:
        knock()
        meet(HOST, port, 2, 1, 20.0)

    assert together(*coming(port, (2, 0)), knock_and_come) == [None, None]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("localhost", 2, 0), r"coordinator is HOST:PORT with a port from 1 to 65535, got 'localhost'"),
        (("localhost:99999", 2, 0), r"with a port from 1 to 65535, got 'localhost:99999'"),
        (("localhost:1234", 2, 2), r"process is a number from 0 to 1, .* got 2"),
        (("localhost:1234", 0, 0), r"processes is at least 1, got 0"),
        (("localhost:1234", None, 0), r"belong together: processes is missing"),
    ],
)
def test_arguments_that_do_not_fit_are_refused_before_anybody_waits(
    arguments: tuple[str, int | None, int], message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        join_processes(*arguments)
