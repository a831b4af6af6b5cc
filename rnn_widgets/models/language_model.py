"""The language model: a network that reads text, and what can be asked of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rnn_widgets.activations import Activations, Doubles
from rnn_widgets.features import Feature
from rnn_widgets.models.ablation import ablate_each
from rnn_widgets.models.echoes import felt
from rnn_widgets.models.effects import Ablation
from rnn_widgets.models.progress import counted_progress
from rnn_widgets.models.recording import record
from rnn_widgets.models.text_network import TextNetwork
from rnn_widgets.text import Text


@dataclass(frozen=True, eq=False, repr=False)
class LanguageModel(TextNetwork):
    """A network with the vocabulary and the tokeniser that it was trained with.

    By its methods `find_neurons` and `describe` ask what they cannot find in a recording: what a network that has
    learned nothing does, what a neuron is used for, and how long it is felt.
    """

    def record_twins(
        self,
        text: Text | str | Sequence[Text | str],
        seeds: Sequence[int],
        signal: str = "hidden",
        layer: int = -1,
        progress: bool | None = None,
    ) -> Iterator[Activations]:
        """Recordings of one signal of the untrained `twin` of each seed, one after the other as they are taken.

        All are read by the same compiled function. Side by side in one product they take 2.5 times as long on a CPU:
        each has weights of its own.

        Args:
            text: what they read.
            seeds: one a twin.
            signal: the only signal recorded.
            layer: of this layer.
            progress: whether to show a progress bar; by default for long work, on a terminal or in a notebook.

        Raises:
            ValueError: as `record` does.
        """
        text = self.as_text(text)
        with counted_progress("recording untrained twins", len(text) * len(seeds), progress) as advance:
            for seed in seeds:
                twin = self.twin(seed)
                yield record(twin, text, signals=[signal], layers=[layer], predictions=0, progress=False)
                advance(len(text))

    def ablate_each(
        self, text: Text, features: Sequence[Feature], neurons: Sequence[int], signal: str, layer: int
    ) -> Sequence[Ablation]:
        """What clamping neurons to their mean does to the tokens of each feature, beside estimates for all the others.

        As `rnn_widgets.models.ablate_each` with `screen=True` says.
        """
        return ablate_each(self, text, features, neurons, "mean", signal, layer, screen=True)

    def felt(self, text: Text, neuron: int, signal: str = "hidden", layer: int = -1, seed: int = 0) -> Doubles:
        """How far a layer's hidden state is from where it would be, after a neuron was clamped at one token.

        As `rnn_widgets.models.felt` says.
        """
        return felt(self, text, neuron, signal, layer, seed)
