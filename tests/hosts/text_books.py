"""The recordings and notebooks that the tests of the text show."""

RECORDED = """
import numpy as np
import ipywidgets
import rnn_widgets as rw
from rnn_widgets.activations import Activations, Predictions
from rnn_widgets.text import Text, tokenize_words

PROSE = (
    "Call me Ishmael. Some years ago, never mind how long precisely, having little or no money in my purse, "
    "and nothing particular to interest me on shore, I thought I would sail about a little and see the watery "
    "part of the world.\\nIt is a way I have of driving off the spleen.\\n"
)
words = tokenize_words(PROSE)
text = Text(tuple(words * 7), (0, 3 * len(words)))
T = len(text)
random = np.random.default_rng(0)
hidden = 0.4 * random.uniform(-1, 1, (T, 40))
hidden[:, 7] += 0.5 * np.sin(2 * np.pi * 0.125 * np.arange(T))
hidden[:, 12] = [0.9 if token == " " else -0.4 for token in text.tokens]
vocabulary = tuple(dict.fromkeys(("<unk>", *text.tokens)))
likely = random.integers(1, len(vocabulary), (T, 5)).astype(np.int32)
likely[:-1, 1] = [vocabulary.index(token) for token in text.tokens[1:]]
shares = np.tile(np.array([0.42, 0.21, 0.11, 0.06, 0.013], np.float32), (T, 1))
surprisal = random.gamma(2, 2, T).astype(np.float32)
surprisal[list(text.documents)] = np.nan
acts = Activations.from_arrays(
    text, {"hidden": hidden}, surprisal=surprisal, predictions=Predictions(likely, shares, vocabulary)
)
space = rw.features.regex(" ")

family, wide = "\\U0001f469\\u200d\\U0001f467", "\\u6f22\\u5b57"
hebrew = ["\\u05e9\\u05dc\\u05d5\\u05dd", "\\u05e2\\u05d5\\u05dc\\u05dd"]
arabic, hindi = "\\u0645\\u0631\\u062d\\u0628\\u0627", "\\u0928\\u092e\\u0938\\u094d\\u0924\\u0947"
odd = ["a", "\\t", "b", " ", "\\n", "e\\u0301", " ", "o", "\\u0302", " ", family, " ", wide, " ", hebrew[0]]
odd += [" ", hebrew[1], " ", arabic, " ", "1", "2", " ", "\\x1b", "", "\\u200b", "x\\ny ", hindi, " ", "end", "\\n"]
odd_acts = Activations.from_arrays(odd, np.random.default_rng(1).uniform(-1, 1, (len(odd), 6)))
"""

SHOWN = """
prose = rw.TextHighlighter(acts, features=[space], neuron=7, band=(0.1, 0.2))
prose.add_class("prose")
pinned = rw.TextHighlighter(acts, neuron=12, height=420)
pinned.neurons = [7, 12, 3]
pinned.add_class("pinned")
signs = rw.TextHighlighter(odd_acts, neuron=1)
signs.add_class("signs")
seen = ipywidgets.Label()


def tell(_):
    name = prose.feature
    marked = prose.recording.feature(name).mask(acts.text).nonzero()[0].tolist() if name else []
    seen.value = f"Python sees {name}: {marked[:40]}"


prose.selection.observe(tell, "feature")
ipywidgets.VBox([prose, seen, pinned, signs])
"""

LONG = """
import numpy as np
import ipywidgets
import rnn_widgets as rw

words = "Call me Ishmael . \\n".split(" ")
tokens = [words[(index // 2) % 5] if index % 2 == 0 else " " for index in range(1_000_000)]
values = np.zeros((len(tokens), 17), np.float32)
values[:, 3] = np.linspace(-1, 1, len(tokens))
values[:, 5] = 1
long = rw.TextHighlighter(rw.Activations.from_arrays(tokens, values), neuron=3)
long.neurons = [3, *range(6, 17)]
long.add_class("long")
number = ipywidgets.BoundedIntText(value=3, max=16)
ipywidgets.jslink((number, "value"), (long.selection, "neuron"))
ipywidgets.VBox([long, number])
"""
