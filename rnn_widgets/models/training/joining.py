"""How a process joins the others that train with it."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import jax

from rnn_widgets.models.training.processes import together
from rnn_widgets.models.training.rendezvous import loopback, meet

_SECONDS = 60.0


def join_processes(
    coordinator: str | None = None,
    processes: int | None = None,
    process: int | None = None,
    *,
    seconds: float = _SECONDS,
) -> None:
    """Connects this process to the others, before JAX computes anything; `train` then trains in all of them.

    Without arguments JAX asks the cluster (Slurm, Open MPI, Kubernetes, Cloud TPU) which process this is.

    Args:
        coordinator: HOST:PORT, where process 0 listens and all can reach it.
        processes: how many there are.
        process: which this is, from 0.
        seconds: to wait for the others.

    Raises:
        ValueError: if the arguments do not fit, those of the processes contradict each other, or no cluster is found.
        TimeoutError: if the coordinator or one of the others cannot be reached.
        OSError: if the coordinator cannot listen at its port.
    """
    given = {"coordinator": coordinator, "processes": processes, "process": process}
    missing = [name for name, value in given.items() if value is None]
    if coordinator is not None and processes is not None and process is not None:
        host, port = _address(coordinator)
        if not 0 <= process < processes:
            raise ValueError(
                f"process is a number from 0 to {processes - 1}, one less than there are processes, got {process}."
                if processes > 0
                else f"processes is at least 1, got {processes}."
            )
        meet(host, port, processes, process, seconds)
        # JAX would listen to every network
        bind = coordinator if loopback(host) else None
        with _said_on_standard_error():
            _initialize(seconds, coordinator, processes, process, bind)
    elif len(missing) == len(given):
        try:
            with _said_on_standard_error():
                _initialize(seconds)
        except ValueError as error:
            raise ValueError(
                f"JAX knows no cluster here ({error}): give coordinator (HOST:PORT of process 0), processes (how many "
                "there are) and process (which this is, from 0)."
            ) from error
    else:
        raise ValueError(
            f"coordinator, processes and process belong together: {' and '.join(missing)} "
            f"{'is' if len(missing) == 1 else 'are'} missing."
        )


def _initialize(
    seconds: float,
    coordinator: str | None = None,
    processes: int | None = None,
    process: int | None = None,
    bind: str | None = None,
) -> None:
    # JAX would catch SIGTERM and do nothing, so that `kill` and a cluster's scheduler could not end the process
    jax.config.update("jax_enable_preemption_service", False)  # type: ignore[no-untyped-call]
    jax.distributed.initialize(
        coordinator,
        processes,
        process,
        coordinator_bind_address=bind,
        initialization_timeout=int(seconds),
        shutdown_timeout_seconds=int(seconds),
    )
    with together():
        pass


def _address(coordinator: str) -> tuple[str, int]:
    host, _, port = coordinator.rpartition(":")
    if not host or not port.isdecimal() or not 0 < int(port) < 65536:
        raise ValueError(f"coordinator is HOST:PORT with a port from 1 to 65535, got {coordinator!r}.")
    return host.strip("[]"), int(port)


@contextmanager
def _said_on_standard_error() -> Iterator[None]:
    """What libraries say about connections is no result, so it does not belong to standard output."""
    sys.stdout.flush()
    kept = os.dup(1)
    os.dup2(2, 1)
    try:
        yield
    finally:
        os.dup2(kept, 1)
        os.close(kept)
