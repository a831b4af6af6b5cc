"""A network that reads text: parameters, vocabulary and tokeniser belong together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from functools import cached_property
from typing import Self

import jax
import numpy as np
from flax import nnx

from rnn_widgets.activations import fingerprint
from rnn_widgets.models.network import Architecture, Network
from rnn_widgets.text import TOKENIZERS, Text, Vocabulary, as_text


@dataclass(frozen=True, eq=False)
class TextNetwork:
    """A network with the vocabulary and the tokeniser that it was trained with.

    Attributes:
        module: the Flax NNX module that holds the parameters.
        vocabulary: the tokens it knows.
        tokenizer: name of the tokeniser, a key of `rnn_widgets.text.TOKENIZERS`.
        joiner: what stands between two tokens when a text is shown.
        name: the recipe's name.
    """

    module: Network
    vocabulary: Vocabulary
    tokenizer: str
    joiner: str = ""
    name: str = ""

    def __post_init__(self) -> None:
        if self.tokenizer not in TOKENIZERS:
            raise ValueError(f"There is no tokenizer {self.tokenizer!r}. There are: {', '.join(TOKENIZERS)}.")
        if len(self.vocabulary) != self.architecture.vocabulary:
            raise ValueError(
                f"The network is made for {self.architecture.vocabulary} tokens, "
                f"the vocabulary holds {len(self.vocabulary)}."
            )

    @property
    def architecture(self) -> Architecture:
        return self.module.architecture

    @property
    def signals(self) -> tuple[str, ...]:
        """Names of the signals that `record` returns."""
        return self.module.cell.signals

    @cached_property
    def network(self) -> str:
        """A fingerprint of architecture, vocabulary and parameters: equal for equal networks."""
        parts = [repr(asdict(self.architecture)).encode(), "\0".join(self.vocabulary.tokens).encode()]
        leaves = jax.tree.leaves(nnx.state(self.module, nnx.Param))
        return fingerprint(*parts, *(np.asarray(leaf).tobytes() for leaf in leaves))

    def as_text(self, source: Text | str | Sequence[Text | str]) -> Text:
        """`source` as a Text; strings are split by the model's own tokeniser."""
        return as_text(source, TOKENIZERS[self.tokenizer])

    def twin(self, seed: int) -> Self:
        """A network of the same architecture and vocabulary that has learned nothing, with random parameters."""
        module = Network(self.architecture, jax.random.key(seed))
        return replace(self, module=module, name=f"{self.name} untrained {seed}".strip())

    def __repr__(self) -> str:
        a = self.architecture
        layers = f"{a.layers} layer{'s' if a.layers > 1 else ''} of {a.hidden} neurons"
        named = f"{self.name}: " if self.name else ""
        parameters = sum(leaf.size for leaf in jax.tree.leaves(nnx.state(self.module, nnx.Param)))
        read = f"{self.tokenizer} [{a.vocabulary}] -> embedding [{a.vocabulary}, {a.embedding}] -> {a.cell}, {layers}"
        readout = f"{'tied ' if a.tied else ''}readout [{a.hidden}, {a.vocabulary}]"
        return f"{type(self).__name__}({named}{read} -> {readout}; {parameters:,} parameters)"
