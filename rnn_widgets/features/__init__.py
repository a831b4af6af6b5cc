"""Features: named boolean masks over the tokens of a text.

```python
from rnn_widgets import features

sentence_end = features.regex("[.?!]")
pronoun = features.part_of_speech("PRP", "PRP$")
quiet = ~features.stop_words() & features.where(str.islower)
```
"""

from rnn_widgets.features.feature import (
    STOP_WORDS,
    Feature,
    Mask,
    everything,
    mask,
    part_of_speech,
    regex,
    spans,
    stop_words,
    where,
)
from rnn_widgets.features.library import library
from rnn_widgets.features.places import in_line, in_sentence, in_word, inside_brackets, inside_quotes
from rnn_widgets.patterns import PatternError

__all__ = [
    "STOP_WORDS",
    "Feature",
    "Mask",
    "PatternError",
    "everything",
    "in_line",
    "in_sentence",
    "in_word",
    "inside_brackets",
    "inside_quotes",
    "library",
    "mask",
    "part_of_speech",
    "regex",
    "spans",
    "stop_words",
    "where",
]
