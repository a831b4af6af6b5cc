"""A rhythm that the text has comes from the text, one that untrained networks have is inherited, others were made."""

import numpy as np
import pytest

from rnn_widgets import Activations, RhythmOrigins, Text, features, rhythm_origins

TOKENS = 3000
TIMES = np.arange(TOKENS)
WRAP, SHARED, OWN = 25, 9.3, 14.7


def words(random):
    """Words of five to seven letters, and a new line every so many tokens."""
    tokens = np.full(TOKENS, "a")
    ends = np.cumsum(random.integers(6, 9, TOKENS))
    tokens[ends[ends < TOKENS]] = " "
    tokens[::WRAP] = "\n"
    return Text(tuple(tokens.tolist()))


def wave(period):
    return 0.6 * np.sin(2 * np.pi * TIMES / period)


def recorded(text, random, *rhythms):
    values = 0.5 * random.normal(size=(TOKENS, 6))
    for neuron, rhythm in enumerate(rhythms):
        values[:, neuron] += rhythm
    return Activations.from_arrays(text, values)


@pytest.fixture(scope="module")
def acts():
    random = np.random.default_rng(0)
    text = words(random)
    newline, space = (np.array(text.tokens) == token for token in "\n ")
    return recorded(text, random, 2.0 * newline, wave(SHARED), wave(OWN), 2.0 * space)


def twins(acts, number=20):
    return [recorded(acts.text, np.random.default_rng(seed), wave(SHARED + 1e-4)) for seed in range(1, number + 1)]


def test_a_rhythm_of_a_feature_comes_from_the_text(acts):
    found = rhythm_origins(acts, 0, twins=twins(acts))
    assert {origin.verdict for origin in found} == {"from the text"} and len(found) >= 5
    assert {origin.feature for origin in found} <= {feature.name for feature in features.library(acts.text, pairs=0)}
    np.testing.assert_allclose([origin.feature_frequency for origin in found], found.to_frame()["frequency"], atol=1e-3)


def test_a_rhythm_that_untrained_networks_have_is_inherited_and_one_of_their_own_was_made(acts):
    (shared,) = rhythm_origins(acts, 1, twins=twins(acts))
    assert shared.verdict == "inherited" and shared.feature is None
    assert shared.twins_strength == pytest.approx(shared.strength, abs=0.05)
    (own,) = rhythm_origins(acts, 2, twins=twins(acts))
    assert own.verdict == "made" and own.period == pytest.approx(OWN, rel=1e-3)
    assert own.strength == pytest.approx(np.sqrt(0.18 / 0.43), abs=0.05)
    assert own.learned_excess > 10 and own.twins_strength < 0.1


def test_the_explanation_says_on_which_side_of_the_twins_it_lies(acts):
    shared = rhythm_origins(acts, 1, twins=twins(acts))
    expected = "less" if shared.origins[0].learned_excess >= 0 else "more"
    assert f"{abs(shared.origins[0].learned_excess):.1f} deviations {expected}" in shared.explain()


def test_words_come_at_a_broad_peak_which_spaces_have_too(acts):
    found = rhythm_origins(acts, 3, features.regex(" ", name="space"))
    broad = [origin for origin in found if origin.kind == "broad peak"]
    assert broad and {(origin.feature, origin.verdict) for origin in broad} == {("space", "from the text")}


def test_without_enough_twins_a_rhythm_that_no_feature_has_stays_unexplained(acts):
    space = features.regex(" ")
    (alone,) = rhythm_origins(acts, 2, space)
    assert alone.verdict == "unexplained" and np.isnan(alone.twins_strength)
    few = rhythm_origins(acts, 2, space, twins=twins(acts, 3))
    assert few.origins[0].verdict == "unexplained" and "takes 20 twins or more" in few.explain()
    assert "No untrained twins were given" in rhythm_origins(acts, 2, space).explain()


def test_the_result_says_what_was_looked_at(acts):
    found = rhythm_origins(acts, 2, [features.regex(" "), features.regex("\n")], twins=twins(acts))
    assert isinstance(found, RhythmOrigins)
    assert "3000 tokens, 2 features, 20 twins; periods: 14.7 made" in repr(found)
    assert list(found.to_frame()["verdict"]) == ["made"]
    assert "has a line at a period of 14.7 tokens" in found.explain() and "None of the 2 features" in found.explain()
    nothing = rhythm_origins(acts, 5)
    assert len(nothing) == 0 and "no rhythm that is more than background" in nothing.explain()
    assert "periods: none" in repr(nothing) and list(nothing.to_frame().columns) == list(found.to_frame().columns)


def test_neurons_with_a_memory_have_no_rhythm_that_was_made():
    any_found = 0
    for seed in range(20):
        random = np.random.default_rng(seed)
        noise = np.cumsum(random.normal(size=(TOKENS, 1)), axis=0)
        any_found += len(rhythm_origins(Activations.from_arrays(words(random), noise), 0, features.regex(" "))) > 0
    assert any_found <= 3


def test_bad_input_is_named(acts):
    other = recorded(Text(("x",) * TOKENS), np.random.default_rng(1))
    with pytest.raises(ValueError, match="Twin 0 has read another text than the recording"):
        rhythm_origins(acts, 0, twins=[other])
    with pytest.raises(ValueError, match=r"no neuron 6: the layer has 6 neurons"):
        rhythm_origins(acts, 6)
    with pytest.raises(ValueError, match="with model= a number"):
        rhythm_origins(acts, 0, twins=20)
    with pytest.raises(ValueError, match="no feature to look for"):
        rhythm_origins(acts, 0, [])
    with pytest.raises(TypeError, match="is a Feature"):
        rhythm_origins(acts, 0, " ")
    with pytest.raises(ValueError, match="at least 128 tokens"):
        rhythm_origins(Activations.from_arrays(("x",) * 50, np.zeros((50, 2))), 0, features.everything())
