import gc
import weakref

import numpy as np
import pytest

import rnn_widgets as rw
from rnn_widgets.widgets import Recording, Toolbar
from tests.widgets.conftest import ALL, LETTER_O, NONE, SPACE
from tests.widgets.decoding import decode, encoding_of


def filled(recording):
    return {name for name in recording._producers if getattr(recording, name)}


def test_all_views_of_the_same_activations_share_one_recording(acts, make_acts):
    views = [rw.TextHighlighter(acts), rw.RelevanceHeatmap(acts), rw.FourierSurface(acts), Toolbar(acts)]
    assert len({id(view.recording) for view in views}) == 1
    assert rw.TextHighlighter(make_acts()).recording is not views[0].recording
    assert rw.TextHighlighter(views[0].recording).recording is views[0].recording


def test_a_recording_says_what_was_recorded(acts):
    recording = Recording(acts)
    assert recording.tokens == list(acts.tokens) and recording.documents == [0] and recording.joiner == ""
    assert [(info["signal"], info["layer"], info["neurons"]) for info in recording.signals] == [
        ("hidden", 0, 6),
        ("cell", 0, 6),
    ]


def test_the_colour_scale_is_one_sided_for_gates_and_symmetric_for_states():
    values = {
        "hidden": np.array([[-0.2], [0.4]]),
        "output_gate": np.array([[0.2], [0.4]]),
        "cell": np.array([[-3.0], [2.0]]),
        "counter": np.array([[0.5], [2.0]]),
        "silent": np.zeros((2, 1)),
        "reset_gate": np.array([[-0.5], [2.0]]),
    }
    infos = Recording(rw.Activations.from_arrays(["a", "b"], values)).signals
    scales = {info["signal"]: (info["low"], info["high"], info["two_sided"]) for info in infos}
    assert scales == {
        "hidden": (-1, 1, True),
        "output_gate": (0, 1, False),
        "cell": (-3, 3, True),
        "counter": (0, 2, False),
        "silent": (0, 1, False),
        "reset_gate": (-2, 2, True),
    }


def test_an_array_is_empty_until_a_view_needs_it(acts, features):
    recording = Recording.of(acts)
    assert filled(recording) == set()
    rw.TextHighlighter(acts, features=features)
    assert filled(recording) == {"masks", "values_hidden_0"}
    rw.FourierSurface(acts, signal="cell")
    assert filled(recording) == {"masks", "values_hidden_0", "spectrum_cell_0", "relevance_cell_0"}


def test_an_array_is_sent_once_however_many_views_need_it(acts, features, wire):
    first = rw.TextHighlighter(acts, features=features)
    for _ in range(3):
        rw.RelevanceHeatmap(acts)
        rw.TextHighlighter(acts)
    recording = first.recording
    for name in ("values_hidden_0", "masks", "relevance_hidden_0"):
        assert wire.times(recording, name) == 1, name
    assert wire.times(recording, "values_cell_0") == 0
    assert not wire.to(first, "update"), "a view sends no arrays of its own"


def test_the_browser_asks_for_an_array_by_name(acts, wire):
    recording = Recording.of(acts)
    wire.ask(recording, {"need": "values_cell_0"})
    assert wire.times(recording, "values_cell_0") == 1
    np.testing.assert_allclose(decode(recording.values_cell_0), acts["cell"].T, rtol=2.0**-11, atol=2.0**-25)


@pytest.mark.parametrize("content", [{"need": "_esm"}, {"need": "values_cell_9"}, {"need": 3}, {}, "need", None])
def test_other_questions_are_left_unanswered(acts, wire, content):
    recording = Recording.of(acts)
    wire.ask(recording, content)
    assert wire.sent == []


def test_spectrum_relevance_and_masks_are_those_of_the_analysis(acts, features):
    recording = Recording(acts, features)
    recording.require_all()
    for signal in acts.signals:
        relevance = decode(getattr(recording, f"relevance_{signal}_0"))
        expected = [rw.relevance(acts, feature, signal=signal).scores for feature in features]
        np.testing.assert_array_equal(relevance, expected)
        np.testing.assert_array_equal(
            decode(getattr(recording, f"spectrum_{signal}_0")), rw.spectrum(acts, signal).amplitude
        )
    np.testing.assert_array_equal(decode(recording.masks), [feature.mask(acts.text) for feature in features])


def test_a_new_feature_refreshes_what_depends_on_features_and_nothing_else(acts, wire):
    recording = Recording(acts, [SPACE])
    recording.require("masks", "relevance_hidden_0", "values_hidden_0")
    recording.add_features([LETTER_O])
    assert decode(recording.masks).shape == (2, len(acts))
    np.testing.assert_array_equal(decode(recording.relevance_hidden_0)[1], rw.relevance(acts, LETTER_O).scores)
    assert filled(recording) == {"masks", "relevance_hidden_0", "values_hidden_0"}
    assert wire.times(recording, "values_hidden_0") == 1


def test_a_feature_with_nothing_to_compare_says_so(acts):
    recording = Recording(acts, [SPACE, ALL, NONE])
    messages = [entry["message"] for entry in recording.features]
    assert messages[0] is None
    assert messages[1].startswith("Every token") and messages[2].startswith("No token")
    recording.require("relevance_hidden_0")
    assert not decode(recording.relevance_hidden_0)[1:].any()


def test_the_same_feature_twice_is_one(acts):
    recording = Recording(acts, [SPACE, rw.features.regex(" ")])
    recording.add_features([SPACE])
    assert recording.feature_names == [SPACE.name]


def test_one_name_cannot_mean_two_features(acts):
    recording = Recording(acts, [rw.features.regex("o", name="mine")])
    with pytest.raises(ValueError, match="feature named 'mine' already"):
        recording.add_features([SPACE, rw.features.regex("t", name="mine")])
    assert recording.feature_names == ["mine"], "none of a refused list is added"
    recording.add_features([SPACE])
    assert recording.feature_names == ["mine", SPACE.name]


def test_features_are_features(acts):
    with pytest.raises(TypeError, match=r"features= takes a list of features such as .*got 'o' \(str\)"):
        rw.RelevanceHeatmap(acts, features=["o"])
    assert rw.RelevanceHeatmap(acts, features=LETTER_O).recording.feature_names == [LETTER_O.name]


def test_a_typed_pattern_becomes_a_feature(acts, wire):
    recording = Recording(acts, [SPACE])
    recording.require("masks")
    wire.ask(recording, {"add_feature": "[bt]"})
    assert wire.answers(recording) == [{"pattern": "[bt]", "added": "/[bt]/"}]
    assert recording.features[-1] == {"name": "/[bt]/", "message": None}
    np.testing.assert_array_equal(decode(recording.masks)[1], [token in "bt" for token in acts.tokens])


@pytest.mark.parametrize(
    ("pattern", "said"),
    [
        ("(", "missing"),
        ("(?=a)", "Look-ahead"),
        ("a" * 1001, "1 to 1000 characters, this one has 1001"),
        ("", "1 to 1000 characters"),
        ("\ud800", "surrogate"),
    ],
)
def test_a_pattern_that_cannot_be_used_is_answered_with_the_reason(acts, wire, pattern, said):
    recording = Recording(acts, [SPACE])
    wire.ask(recording, {"add_feature": pattern})
    [answer] = wire.answers(recording)
    assert answer["pattern"] == pattern and said in answer["error"]
    assert recording.feature_names == [SPACE.name]


def test_huge_activations_travel_exactly_on_a_scale_that_holds_them():
    values = np.array([[-1e30, 2.0], [3e37, 0.5], [0.0, -1.0]])
    acts = rw.Activations.from_arrays(["a", "b", "c"], {"cell": values})
    recording = rw.TextHighlighter(acts).recording
    assert encoding_of(recording.values_cell_0) == "float32"
    np.testing.assert_array_equal(decode(recording.values_cell_0), acts["cell"].T)
    assert recording.signals[0]["high"] == pytest.approx(3e37)


def test_surprisal_and_predictions_are_there_when_asked_for():
    tokens = ["a", "b"]
    predictions = rw.Predictions(
        np.array([[1, 0], [0, 1]]), np.array([[0.75, 0.25], [1.0, 0.0]]), vocabulary=("a", "b")
    )
    acts = rw.Activations.from_arrays(
        tokens, np.zeros((2, 1)), surprisal=[np.nan, 1.5], predictions=predictions, network="n"
    )
    recording = Recording(acts)
    assert recording.predictions == [] and recording.surprisal == b"" and recording.network == "n"
    recording.require("predictions", "surprisal")
    np.testing.assert_array_equal(decode(recording.surprisal), [[np.nan, 1.5]])
    assert recording.predictions == [[("b", 0.75), ("a", 0.25)], [("a", 1.0), ("b", 0.0)]]


def test_nothing_of_a_recording_can_be_written_from_the_browser(acts, wire):
    recording = Recording(acts, [SPACE])
    before = recording.get_state()
    wire.sent.clear()
    wire.write(recording, _esm="alert(1)", tokens=["x"], features=[], values_hidden_0="x", masks="x")
    assert recording.get_state() == before
    assert wire.sent == []


def test_a_closed_view_lets_go_of_its_recording_and_its_activations(make_acts):
    acts = make_acts()
    one, other = rw.TextHighlighter(acts), rw.FourierSurface(acts)
    recording = one.recording
    one.close()
    assert recording.comm is not None
    other.close()
    other.close()
    assert recording.comm is None
    assert rw.TextHighlighter(acts).recording is not recording
    rw.TextHighlighter(acts).recording.close()
    kept = weakref.ref(recording)
    del one, other, recording
    gc.collect()
    assert kept() is None


def test_nothing_keeps_activations_alive_that_nobody_shows(make_acts):
    acts = make_acts()
    view = rw.TextHighlighter(acts, features=[SPACE])
    view.close()
    kept = weakref.ref(acts)
    del acts, view
    gc.collect()
    assert kept() is None


def test_a_recording_of_the_users_own_stays_open(acts):
    recording = Recording(acts)
    rw.TextHighlighter(recording).close()
    assert recording.comm is not None
