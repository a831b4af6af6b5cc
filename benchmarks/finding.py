"""How long `find_neurons` takes, beside one pass that correlates the same neurons with the same features.

    python -m benchmarks.finding

No twins and no clamps. The pass centres and scales the activations and multiplies them by the features, all in float32.
"""

from __future__ import annotations

import argparse
from unittest import mock

import numpy as np

from benchmarks import worlds
from benchmarks.machine import machine
from benchmarks.measuring import ROUNDS, in_turn, on_one_core
from rnn_widgets import features
from rnn_widgets.activations import Activations, Floats
from rnn_widgets.analysis import find_neurons
from rnn_widgets.analysis.finding import find

NEURONS, TOKENS, FEATURES, DOCUMENTS = 672, 50_000, 8, 40
PLANTED = 20


def main() -> None:
    """Prints the results as Markdown."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    options = parser.parse_args()
    on_one_core()
    random = np.random.default_rng(0)
    masks = [worlds.in_runs(random, TOKENS, 20) for _ in range(FEATURES)]
    values = worlds.autoregressive(0.9)(random, TOKENS, NEURONS)
    for number, mask in enumerate(masks):
        values[:, PLANTED * number : PLANTED * (number + 1)] += mask[:, None]
    acts = Activations.from_arrays(worlds.text(random, TOKENS, DOCUMENTS), values)
    asked = [features.mask(mask, name=str(number)) for number, mask in enumerate(masks)]
    with mock.patch.object(find, "swap_test", wraps=find.swap_test) as swaps:
        find_neurons(acts, asked)
    calls = swaps.call_args_list
    took = in_turn(
        {
            "find_neurons": lambda: find_neurons(acts, asked),
            "swaps": lambda: [find.swap_test(*call.args, **call.kwargs) for call in calls],
            "correlation": lambda: correlations(acts["hidden"], np.stack(masks)),
        },
        options.rounds,
    )
    whole, without = (
        seconds / took["correlation"] for seconds in (took["find_neurons"], took["find_neurons"] - took["swaps"])
    )
    print(
        f"""## Finding

Written by `python -m benchmarks.finding`: {NEURONS} neurons x {TOKENS:,} tokens x {FEATURES} features in {DOCUMENTS}
documents, without twins or clamps. Medians of {options.rounds} rounds on one core, processor time as a multiple of one
correlation pass (centring, scaling and product) over the same data.

| `find_neurons` | of a correlation pass |
|---|---|
| as it is | {whole:.1f} |
| without its document swaps | {without:.1f} |

Measured on {machine("numpy", "scipy")}."""
    )


def correlations(values: Floats, masks: np.ndarray) -> Floats:
    """Pearson correlations of activations (T, H) with masks (F, T), (F, H)."""
    centred = values - values.mean(axis=0)
    centred /= np.sqrt(np.einsum("th,th->h", centred, centred))
    features = masks.astype(np.float32)
    features -= features.mean(axis=1, keepdims=True)
    features /= np.linalg.norm(features, axis=1, keepdims=True)
    found: Floats = features @ centred
    return found


if __name__ == "__main__":
    main()
