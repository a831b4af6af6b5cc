"""Processes find each other before JAX connects them, because JAX aborts a process that waits in vain."""

from __future__ import annotations

import json
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

_WELCOME = "welcome"
_LONGEST = 1000
_MOMENT = 0.1
_TO_SPEAK = 2.0


def meet(host: str, port: int, processes: int, process: int, seconds: float) -> None:
    """Returns when all processes are there: 0 waits at host and port, where the others come to it.

    Raises:
        TimeoutError: if they are not all there after so many seconds; the message says which are missing.
        ValueError: if two say the same number, or another number of processes.
        OSError: if process 0 cannot listen at this port.
    """
    deadline = time.monotonic() + seconds
    if process > 0:
        _come(host, port, {"processes": processes, "process": process}, deadline, seconds)
    elif processes > 1:
        with _listening(host, port) as door:
            _receive(door, processes, deadline, seconds)


def loopback(host: str) -> bool:
    """Whether only processes of this machine can reach the host."""
    return host in ("localhost", "::1") or host.startswith("127.")


def _receive(door: socket.socket, processes: int, deadline: float, seconds: float) -> None:
    guests: list[socket.socket] = []
    try:
        _await(guests, door, processes, deadline, seconds)
    except (TimeoutError, ValueError) as refusal:
        _answer(guests, str(refusal))
        raise
    _answer(guests, _WELCOME)


def _await(guests: list[socket.socket], door: socket.socket, processes: int, deadline: float, seconds: float) -> None:
    missing = set(range(1, processes))
    while missing:
        door.settimeout(max(_MOMENT, deadline - time.monotonic()))
        try:
            guest, _ = door.accept()
        except TimeoutError:
            raise TimeoutError(
                f"After {seconds:g} seconds these of the {processes} processes are missing: "
                f"{', '.join(map(str, sorted(missing)))}. Start each with its own number and the same coordinator."
            ) from None
        told = _heard(guest, _TO_SPEAK)
        number = told.get("process") if isinstance(told, dict) else None
        if not isinstance(told, dict) or not isinstance(number, int):
            guest.close()
            continue
        guests.append(guest)
        if told.get("processes") != processes:
            raise ValueError(
                f"Process {number} says that there are {told.get('processes')} processes, and process 0 that there are "
                f"{processes}: give all the same number."
            )
        if number not in missing:
            raise ValueError(f"Two processes say that they are number {number}: give each its own number.")
        missing.remove(number)


def _come(host: str, port: int, self_description: dict[str, int], deadline: float, seconds: float) -> None:
    with _connected(host, port, deadline, seconds) as guest:
        guest.sendall(json.dumps(self_description).encode() + b"\n")
        # process 0 may have been started later, and waits as long from then on
        answer = _heard(guest, 2 * seconds + _TO_SPEAK)
    if answer == _WELCOME:
        return
    if isinstance(answer, str):
        raise (TimeoutError if answer.startswith("After ") else ValueError)(answer)
    raise OSError(
        f"What answers at {host}:{port} is no process 0 that waits for the others, or it ended meanwhile: give the "
        "coordinator that process 0 was given, or start it anew."
    )


def _connected(host: str, port: int, deadline: float, seconds: float) -> socket.socket:
    while True:
        try:
            return socket.create_connection((host, port), timeout=max(_MOMENT, deadline - time.monotonic()))
        except OSError as error:
            if time.monotonic() + _MOMENT > deadline:
                raise TimeoutError(
                    f"The coordinator, process 0 at {host}:{port}, did not answer for {seconds:g} seconds "
                    f"({error.strerror or error}). Start it, and give all processes its address."
                ) from None
            time.sleep(_MOMENT)


@contextmanager
def _listening(host: str, port: int) -> Iterator[socket.socket]:
    try:
        if loopback(host):
            door = socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET)
        elif socket.has_dualstack_ipv6():
            door = socket.create_server(("", port), family=socket.AF_INET6, dualstack_ipv6=True)
        else:
            door = socket.create_server(("", port))
    except OSError as error:
        raise OSError(
            f"Process 0 cannot listen at port {port} ({error.strerror or error}): give another coordinator."
        ) from None
    with door:
        yield door


def _heard(guest: socket.socket, seconds: float) -> Any:
    """A line of JSON from somebody who may be anybody; None if it is none, or none comes in time."""
    guest.settimeout(seconds)
    try:
        with guest.makefile("rb") as lines:
            return json.loads(lines.readline(_LONGEST))
    except (OSError, ValueError):
        return None


def _answer(guests: list[socket.socket], answer: str) -> None:
    """Answers all, even if one is gone: JAX will find that out."""
    for guest in guests:
        with guest, suppress(OSError):
            guest.sendall(json.dumps(answer).encode() + b"\n")
