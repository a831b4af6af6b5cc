"""What `find_neurons` and `Spectrum.lines` find where the truth is known: in made worlds, and in trained networks.

python -m benchmarks.truth
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator

from benchmarks import worlds
from benchmarks.machine import machine
from benchmarks.truth_of_languages import languages
from benchmarks.truth_of_models import packaged, untrained
from benchmarks.truth_of_neurons import DOCUMENTS, RUNS, neurons
from benchmarks.truth_of_rhythms import rhythms
from rnn_widgets.analysis.finding.evidence import LAGS

NULLS, SEEDS, TRAINED = 400, 200, 20
PARTS: dict[str, Callable[[argparse.Namespace], Iterator[str]]] = {
    "neurons": lambda options: neurons(options.worlds, options.seeds),
    "rhythms": lambda options: rhythms(options.seeds),
    "languages": lambda options: languages(options.trained),
    "packaged": lambda options: packaged(),
    "untrained": lambda options: untrained(options.trained),
}


def main() -> None:
    """Prints the results as Markdown."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--worlds", type=int, default=NULLS, help="without any relation")
    parser.add_argument("--seeds", type=int, default=SEEDS, help="of each of the other worlds")
    parser.add_argument("--trained", type=int, default=TRAINED, help="networks of each kind")
    parser.add_argument("--only", choices=PARTS, nargs="+", default=list(PARTS), help="parts of the table")
    options = parser.parse_args()
    fewest = len(worlds.NOISES) * len(RUNS)
    if options.worlds < fewest or options.seeds < 20 or options.trained < 2:
        parser.error(f"there are at least {fewest} worlds, one of each kind, 20 seeds and 2 networks")
    print(
        f"""## Truth

Written by `python -m benchmarks.truth`, at q = 0.05, with 95% intervals (Clopper and Pearson 1934; of means over
worlds, by their standard error). Half of {DOCUMENTS} documents seek, half confirm, at lags {LAGS[0]} to {LAGS[-1]}.

| truth | worlds | shown | interval |
|---|---|---|---|""",
        flush=True,
    )
    for part in options.only:
        for row in PARTS[part](options):
            print(row, flush=True)
    print(f"\nMeasured on {machine('numpy', 'scipy', 'jax')}.")


if __name__ == "__main__":
    main()
