"""Ports for servers that tests start."""

import random
import socket

# Below the ports that systems give to connections, which come and go between the choice and a server's start.
_PORTS = range(10_000, 32_000)


def free_port() -> int:
    """A port of this machine that nothing listens on."""
    for port in random.SystemRandom().sample(_PORTS, 100):
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise OSError(f"None of 100 ports tried between {_PORTS.start} and {_PORTS.stop} is free.")
