"""What has been asked about already: every further feature makes it likelier that one is found by chance."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from rnn_widgets.activations import Activations, fingerprint
from rnn_widgets.features import Mask


class Ledger:
    """The features that were looked for, each once a recording and signal: asking again adds nothing.

    Iterating over it gives a short text for each, in the order asked; `Ledger(texts)` goes on from these.

    Raises:
        TypeError: if one of them is not a str.
    """

    def __init__(self, entries: Iterable[str] = ()) -> None:
        if isinstance(entries, str):
            raise TypeError(f"A Ledger takes several texts that another one gave, got the single {entries!r}.")
        self._entries = dict.fromkeys(entries)
        wrong = [entry for entry in self._entries if not isinstance(entry, str)]
        if wrong:
            raise TypeError(f"A Ledger takes the texts that another one gave, got {wrong[0]!r}.")

    def note(self, acts: Activations, signal: str, layer: int, masks: Mask) -> int:
        """Writes down that features were looked for in a recording; how many others had been by then.

        Args:
            acts: the recording.
            signal: of which signal,
            layer: and of which layer.
            masks: bool (F, T), the features' tokens.
        """
        where = fingerprint(acts.network.encode(), *(token.encode("utf-8", "surrogatepass") for token in acts.tokens))
        entries = [f"{where} {signal}[{layer}] {fingerprint(mask.tobytes())}" for mask in masks]
        others = len(self._entries.keys() - set(entries))
        self._entries |= dict.fromkeys(entries)
        return others

    def __iter__(self) -> Iterator[str]:
        return iter(self._entries)

    def __len__(self) -> int:
        return len(self._entries)

    def __repr__(self) -> str:
        return f"Ledger({len(self)} features looked for)"
