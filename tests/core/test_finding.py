"""Finding neurons, in worlds where the truth is known."""

from typing import NamedTuple

import numpy as np
import pytest
import scipy.signal

from rnn_widgets import features
from rnn_widgets.activations import Activations
from rnn_widgets.analysis.finding import Ledger, find_neurons
from rnn_widgets.text import Text

NEURONS, LENGTH, DOCUMENTS = 40, 120, 40
TOKENS = LENGTH * DOCUMENTS


def text(documents=DOCUMENTS, tokens=TOKENS, seed=0):
    letters = np.random.default_rng(seed).choice(list("abcd "), tokens)
    return Text(tuple(map(str, letters)), tuple(range(0, tokens, tokens // documents)))


def noise(seed, memory=0.9, tokens=TOKENS, neurons=NEURONS):
    random = np.random.default_rng(seed)
    return scipy.signal.lfilter([1], [1, -memory], random.normal(size=(tokens, neurons)), axis=0)


def in_runs(seed, run=3, share=0.2, tokens=TOKENS):
    random = np.random.default_rng(seed)
    return np.repeat(random.random(tokens // run + 1) < share, run)[:tokens]


@pytest.fixture(scope="module")
def mask():
    return in_runs(1)


@pytest.fixture(scope="module")
def planted(mask):
    """Neurons 3 and 30 follow a mask, one of them two tokens later and downwards."""
    values = noise(0)
    values[:, 3] += 2 * mask
    values[2:, 30] -= 2 * mask[:-2]
    return Activations.from_arrays(text(), values)


@pytest.fixture(scope="module")
def wanted(mask):
    return features.mask(mask, name="planted")


def test_planted_neurons_are_found_with_sign_and_lag_and_no_others(planted, wanted):
    found = find_neurons(planted, wanted)
    assert sorted(found.top(NEURONS)) == [3, 30]
    assert found.verdicts[0, [3, 30]].tolist() == ["responds", "responds"]
    assert found.lag[0, [3, 30]].tolist() == [0, 2]
    assert found.effect[0, 3] > 0.3 and found.effect[0, 30] < -0.3
    frame = found.to_frame()
    assert list(frame["neuron"][:2]) == found.top(2) and (frame["verdict"][2:] == "chance").all()
    assert {"effect", "beyond_token", "lag", "p_screen", "p_confirm", "q", "learned_excess", "runs"} <= set(frame)


def test_some_neurons_alone_are_looked_at_and_keep_their_numbers(planted, wanted):
    found = find_neurons(planted, wanted, neurons=[30, 5])
    assert found.effect.shape == (1, 2) and found.top(5) == [30] and found.hidden == NEURONS
    assert list(found.to_frame()["neuron"]) == [30, 5] and "Neuron 5 and planted: chance" in found.explain(5)
    whole = find_neurons(planted, wanted)
    assert found.effect[0, 0] == whole.effect[0, 30] and found.adjusted[0, 0] <= whole.adjusted[0, 30]
    with pytest.raises(IndexError, match="Looked at were the neurons 30, 5, got 3"):
        found.explain(3)
    with pytest.raises(ValueError, match="There is no neuron 40: the layer has 40 neurons"):
        find_neurons(planted, wanted, neurons=[40])


def test_other_documents_confirm(planted, wanted, mask):
    values = noise(7)
    values[:, 3] += 2 * mask
    held_out = Activations.from_arrays(text(), values)
    found = find_neurons(planted, wanted, held_out)
    assert found.top(NEURONS) == [3]
    assert "in other documents it did not hold" in found.explain(30)
    assert "chance" in found.explain(30) and found.p_confirm[0, 30] > 0.05


def test_a_neuron_that_turns_round_in_other_documents_is_chance(planted, wanted, mask):
    values = noise(8)
    values[:, 3] -= 2 * mask
    found = find_neurons(planted, wanted, Activations.from_arrays(text(), values))
    assert found.verdicts[0, 3] == "chance" and found.p_confirm[0, 3] == 1


@pytest.mark.parametrize("memory", [0.5, 0.99])
@pytest.mark.parametrize("run", [1, 40])
def test_few_worlds_without_any_relation_have_a_finding(memory, run):
    found = 0
    for world in range(15):
        acts = Activations.from_arrays(text(), noise(100 + world, memory))
        masks = [features.mask(in_runs(300 + 8 * world + k, run), name=str(k)) for k in range(4)]
        found += bool((find_neurons(acts, masks, seed=world).adjusted <= 0.05).any())
    assert found <= 2


def test_a_feature_that_is_the_token_has_nothing_beyond_it():
    words = text()
    spaces = features.regex(" ")
    values = noise(2)
    values[:, 5] += 3 * spaces.mask(words)
    found = find_neurons(Activations.from_arrays(words, values), spaces)
    assert found.top(NEURONS) == [5] and found.lag[0, 5] == 0
    assert np.isnan(found.beyond_token[0, 5])


def test_too_few_runs_are_said_and_give_no_number(planted):
    rare = features.mask(np.arange(TOKENS) % 300 == 0, name="rare")
    found = find_neurons(planted, [rare])
    assert found.runs.tolist() == [16]
    assert set(found.verdicts[0]) == {"too little evidence"} and np.isnan(found.p_screen).all()
    assert found.explain(3, "rare") == (
        "Neuron 3 and rare: too little evidence, with 16 separate runs of the feature.\n"
        "No untrained twins were given, so nothing is said of what was learned.\n"
        "No model was given, so nothing is said of what a neuron is used for."
    )


def test_untrained_twins_that_do_the_same_make_a_neuron_inherited(planted, wanted, mask):
    def twin(seed, follows):
        values = noise(seed)
        values[:, 9] += follows * mask
        return Activations.from_arrays(text(), values)

    strong = [twin(400 + seed, 2) for seed in range(20)]
    weak = [twin(500 + seed, 0) for seed in range(20)]
    inherited, learned = (find_neurons(planted, wanted, twins=twins) for twins in (strong, weak))
    assert inherited.verdicts[0, 3] == "inherited" and learned.verdicts[0, 3] == "responds"
    assert learned.learned_excess[0, 3] > 3 > inherited.learned_excess[0, 3]
    assert "standard deviations above the largest of untrained twins" in learned.explain(3)
    stronger = [twin(600 + seed, 4) for seed in range(20)]
    below = find_neurons(planted, wanted, twins=stronger)
    assert below.learned_excess[0, 3] < 0
    assert f"{-below.learned_excess[0, 3]:.1f} standard deviations below the largest" in below.explain(3)
    few = find_neurons(planted, wanted, twins=strong[:3])
    assert few.verdicts[0, 3] == "responds" and "takes 20 untrained twins" in few.notes[0]


class Clamped(NamedTuple):
    effect: np.ndarray
    low: np.ndarray
    high: np.ndarray
    p_random: np.ndarray


class Model:
    """A network whose twins are noise, and of which it is known what clamps do."""

    network = f"hidden[0]:{NEURONS}"

    def __init__(self, effects, interval=0.01, p_random=0.001):
        self.effects, self.interval, self.p_random = effects, interval, p_random
        self.asked = []

    def record_twins(self, text, seeds, signal, layer):
        self.asked.append((len(text.documents), signal, layer, len(set(seeds))))
        return (Activations.from_arrays(text, noise(seed, tokens=len(text))) for seed in seeds)

    def ablate_each(self, text, wanted, neurons, signal, layer):
        self.asked.append((len(text), [feature.name for feature in wanted], neurons))
        effect = np.array([self.effects.get(neuron, -1e-3 * neuron) for neuron in range(NEURONS)])
        return [Clamped(effect, effect - self.interval, effect + self.interval, np.full(NEURONS, self.p_random))]


def test_a_model_tells_what_is_used_and_what_is_only_encoded(planted, wanted):
    model = Model({3: 0.2, 17: 0.5})
    found = find_neurons(planted, wanted, model=model)
    assert found.verdicts[0, [3, 30]].tolist() == ["used", "encoded"]
    assert model.asked == [(DOCUMENTS // 2, "hidden", 0, 20), (TOKENS // 2, ["planted"], [3, 30])]
    assert found.use.rank[0, [3, 30]].tolist() == [2, 31] and np.isnan(found.use.effect[0, 17])
    assert (
        "costs the feature's tokens +0.200 bits more than others (95 %: +0.190 to +0.210), rank 2 of 40 neurons"
        in found.explain(3)
    )
    frame = found.to_frame()
    assert list(frame["verdict"][:3]) == ["used", "encoded", "chance"] and frame["ablation_effect"][0] == 0.2
    assert found.notes == ()


@pytest.mark.parametrize(
    "unsure", [{"effects": {3: 0.009}, "interval": 0}, {"effects": {3: 0.2}, "interval": 0.3}, {"p_random": 0.2}]
)
def test_a_small_or_unsure_effect_or_one_that_random_tokens_have_is_no_use(planted, wanted, unsure):
    found = find_neurons(planted, wanted, model=Model(**{"effects": {3: 0.2}, **unsure}))
    assert found.verdicts[0, 3] == "encoded"


def test_use_is_told_without_twins_and_what_has_no_interval_is_said(planted, wanted):
    model = Model({3: 0.2})
    found = find_neurons(planted, wanted, model=model, twins=0)
    assert found.verdicts[0, [3, 30]].tolist() == ["used", "responds"]
    assert found.notes == ("What was learned takes 20 untrained twins or more, and there were 0.",)
    untold = find_neurons(planted, wanted, model=Model({3: 0.2}, interval=np.nan))
    assert untold.verdicts[0, 3] == "responds" and "say what neurons are used for: planted." in untold.notes[0]


def test_a_model_is_asked_nothing_where_nothing_was_found_and_no_more_than_it_takes(wanted, mask):
    model = Model({})
    nothing = find_neurons(Activations.from_arrays(text(), noise(5)), wanted, model=model)
    assert model.asked == [] and "No neuron was found, so the model was asked nothing." in nothing.notes
    values = noise(6, tokens=60_000)
    long = in_runs(3, tokens=60_000)
    values[:, 3] += 2 * long
    acts = Activations.from_arrays(text(tokens=60_000), values)
    found = find_neurons(acts, features.mask(long, name="long"), model=model)
    assert model.asked[1][2] == [3] and 17_000 < model.asked[1][0] <= 20_000
    assert f"Neurons were clamped in {model.asked[1][0]:,} of 30,000 tokens" in found.notes[0]


def test_a_text_of_one_document_is_cut_and_that_is_said(wanted, mask):
    values = noise(9, memory=0.3)
    values[:, 3] += 2 * mask
    found = find_neurons(Activations.from_arrays(text(documents=1), values), wanted)
    assert found.top(1) == [3]
    assert "1 document, too few" in found.notes[0]


def test_a_text_that_is_too_short_is_too_little_evidence():
    acts = Activations.from_arrays(tuple("ab " * 30), noise(1, tokens=90))
    found = find_neurons(acts, features.regex(" "))
    assert set(found.verdicts[0]) == {"too little evidence"}
    assert any("Nothing can be confirmed" in note for note in found.notes)


def test_documents_may_be_shorter_than_a_lag():
    lengths = [2, 3, 5, 7, 1, 11] * 20
    tokens, starts = sum(lengths), (np.cumsum(lengths) - lengths).tolist()
    mask, values = in_runs(3, tokens=tokens), noise(2, tokens=tokens)
    values[:, 3] += 4 * mask
    acts = Activations.from_arrays(Text(tuple("ab" * tokens)[:tokens], tuple(starts)), values)
    found = find_neurons(acts, features.mask(mask, name="planted"))
    assert found.top(NEURONS) == [3] and found.lag[0, 3] == 0
    for few in (1, 2, 5, 9):
        short = Activations.from_arrays(tuple("abcdabcda"[:few]), noise(2, tokens=few))
        assert set(find_neurons(short, features.regex("a")).verdicts[0]) == {"too little evidence"}


def test_documents_that_tell_nothing_are_too_little_evidence_even_of_a_perfect_neuron():
    random = np.random.default_rng(0)
    different = [random.choice(list("ab "), 120).tolist() for _ in range(40)]
    worlds = {"a line that repeats": [list("one fish, two fish. ") * 6] * 40, "one text": [different[0]] * 40}
    for documents in worlds.values():
        tokens = [token for document in documents for token in document]
        values = 0.1 * random.normal(size=(len(tokens), NEURONS))
        values[:, 3] += [token == " " for token in tokens]
        acts = Activations.from_arrays(Text(tuple(tokens), tuple(range(0, len(tokens), 120))), values)
        found = find_neurons(acts, features.regex(" "))
        assert set(found.verdicts[0]) == {"too little evidence"} and "too little evidence; q" in repr(found)
        assert found.explain(3).startswith('Neuron 3 and " ": too little evidence.\nEven a neuron that is the feature')
        assert found.notes[0].endswith('in documents so alike, or so short: nothing is told of " ".')
    tokens = [token for document in different for token in document]
    values = 0.1 * random.normal(size=(len(tokens), NEURONS))
    values[:, 3] += [token == " " for token in tokens]
    acts = Activations.from_arrays(Text(tuple(tokens), tuple(range(0, len(tokens), 120))), values)
    assert find_neurons(acts, features.regex(" ")).top(NEURONS) == [3]


def test_a_feature_that_every_token_has_tells_nothing(planted):
    found = find_neurons(planted, features.everything())
    assert np.isnan(found.effect).all() and np.isnan(found.beyond_token).all()
    assert set(found.verdicts[0]) == {"too little evidence"}
    assert found.notes[0].startswith("Every token that is searched or that confirms has the feature, or none: nothing")


def test_a_ledger_counts_what_was_looked_for_earlier_once(planted, wanted, mask):
    ledger = Ledger()
    alone = find_neurons(planted, wanted, ledger=ledger)
    assert len(ledger) == 1 and alone.notes == find_neurons(planted, wanted, ledger=ledger).notes
    find_neurons(planted, [features.mask(in_runs(600 + k), name=str(k)) for k in range(30)], ledger=ledger)
    again = find_neurons(planted, wanted, ledger=Ledger(list(ledger)))
    assert len(ledger) == 31 and "30 features looked for earlier count as well." in again.notes
    assert again.adjusted[0, 3] > alone.adjusted[0, 3]
    with pytest.raises(TypeError, match="A Ledger takes the texts that another one gave"):
        Ledger([3])
    with pytest.raises(TypeError, match="got the single 'abc'"):
        Ledger("abc")


def test_the_same_seed_finds_the_same(planted, wanted):
    first, second = (find_neurons(planted, wanted, seed=5) for _ in range(2))
    np.testing.assert_array_equal(first.adjusted, second.adjusted)
    assert "found planted: 2" in repr(first) and "<table" in first._repr_html_()


def test_bad_arguments_are_named(planted, wanted):
    with pytest.raises(TypeError, match="is a Feature"):
        find_neurons(planted, ["space"])
    with pytest.raises(ValueError, match="Two features have the name 'planted'"):
        find_neurons(planted, [wanted, wanted])
    with pytest.raises(ValueError, match="q is the share"):
        find_neurons(planted, wanted, q=0)
    with pytest.raises(TypeError, match=r"A recording is wanted, .* got ndarray"):
        find_neurons(noise(0), wanted)
    with pytest.raises(TypeError, match=r"A recording is wanted, .* got str"):
        find_neurons(planted, wanted, "abc")
    with pytest.raises(TypeError, match=r"is a Ledger, got \['a'\]"):
        find_neurons(planted, wanted, ledger=["a"])
    with pytest.raises(ValueError, match="held_out is the recording that is searched"):
        find_neurons(planted, wanted, planted)
    with pytest.raises(ValueError, match="Twin 1 is the recording itself"):
        find_neurons(planted, wanted, twins=[Activations.from_arrays(text(), noise(1)), planted])
    with pytest.raises(TypeError, match="Twins are recordings of untrained networks, got 'ab'"):
        find_neurons(planted, wanted, twins=["ab"])
    with pytest.raises(KeyError, match="no signal 'cell'"):
        find_neurons(planted, wanted, signal="cell")
    with pytest.raises(ValueError, match=r"twins are recordings, or with model= a number from 0, got 20"):
        find_neurons(planted, wanted, twins=20)
    other = Activations.from_arrays(text(), noise(1), network="other")
    with pytest.raises(ValueError, match="recording shows another network than model"):
        find_neurons(other, wanted, model=Model({}))
    with pytest.raises(ValueError, match="another network"):
        find_neurons(planted, wanted, other)
    with pytest.raises(ValueError, match="Twin 0 has read another text"):
        find_neurons(planted, wanted, twins=[Activations.from_arrays(text(seed=1), noise(1))])
    found = find_neurons(planted, wanted)
    with pytest.raises(ValueError, match="n is how many neurons"):
        found.top(-1)
    with pytest.raises(KeyError, match="no feature 'vowel'"):
        found.top(1, "vowel")
    with pytest.raises(IndexError, match=r"neurons 0\.\.39"):
        found.explain(40)
