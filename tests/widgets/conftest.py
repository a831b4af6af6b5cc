from dataclasses import dataclass, field

import numpy as np
import pytest
from comm import DummyComm

import rnn_widgets as rw


@dataclass
class Wire:
    """What the widgets send to the browser, and a way to answer as the browser does."""

    sent: list[tuple[str, dict]] = field(default_factory=list)
    buffers: list[list[bytes]] = field(default_factory=list)

    def to(self, widget, method):
        """The messages of one kind that the widget sent."""
        return [data for comm, data in self.sent if comm == widget.model_id and data.get("method") == method]

    def times(self, widget, name):
        """How often a trait was sent."""
        return sum(name in data["state"] or [name] in data["buffer_paths"] for data in self.to(widget, "update"))

    def answers(self, widget):
        return [data["content"] for data in self.to(widget, "custom")]

    def parts(self, widget):
        """The parts of a large recording that the widget sent, by name."""
        found = {}
        for (comm, data), buffers in zip(self.sent, self.buffers, strict=True):
            if comm == widget.model_id and "got" in data.get("content", {}):
                found |= dict(zip(data["content"]["got"], buffers, strict=True))
        return found

    @staticmethod
    def write(widget, **state):
        widget.comm.handle_msg({"content": {"data": {"method": "update", "state": state}}, "buffers": []})

    @staticmethod
    def ask(widget, content):
        widget.comm.handle_msg({"content": {"data": {"method": "custom", "content": content}}, "buffers": []})


@pytest.fixture
def wire(monkeypatch):
    """Without a kernel a comm drops its messages; here they are kept."""
    wire = Wire()

    def publish(comm, msg_type, data=None, metadata=None, buffers=None, **keys):
        if msg_type == "comm_msg":
            wire.sent.append((comm.comm_id, data))
            wire.buffers.append([bytes(buffer) for buffer in buffers or []])

    monkeypatch.setattr(DummyComm, "publish_msg", publish)
    return wire


def make(network=None, tokens=None, layers=(6,), signals=("hidden", "cell"), seed=0):
    tokens = tokens or list("to be, or not to be") * 3
    random = np.random.default_rng(seed)
    values = {
        (signal, layer): random.uniform(-1, 1, (len(tokens), neurons))
        for signal in signals
        for layer, neurons in enumerate(layers)
    }
    return rw.Activations.from_arrays(tokens, values, network=network)


@pytest.fixture
def make_acts():
    return make


@pytest.fixture
def acts():
    return make()


SPACE, LETTER_O, ALL, NONE = (
    rw.features.regex(" "),
    rw.features.regex("o"),
    rw.features.everything(),
    rw.features.regex("z"),
)


@pytest.fixture
def features():
    return [SPACE, LETTER_O]
