"""The file that keeps a search's trials: a journal of Optuna's."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from math import nan
from pathlib import Path
from typing import Any

import optuna
from optuna.storages import JournalStorage
from optuna.storages.journal import JournalFileBackend, JournalFileOpenLock
from optuna.trial import FrozenTrial, TrialState

from rnn_widgets.models.search.result import State, Trial
from rnn_widgets.models.search.space import Space

_STATES: Mapping[TrialState, State] = {
    TrialState.COMPLETE: "finished",
    TrialState.PRUNED: "pruned",
    TrialState.FAIL: "failed",
}
_BEGINNING = "rnn_widgets search: "


class StudyFile:
    """Optuna's journal, a line of JSON for each trial that came to an end; it is only ever added to.

    A trial that was interrupted or killed leaves no trace, because its one line is written after its end.

    Raises:
        ValueError: if the file holds something else, or a search over another recipe, space or text.
    """

    def __init__(self, path: Path, identity: dict[str, str]) -> None:
        self._path = path
        name = _BEGINNING + ", ".join(f"{part} {value}" for part, value in identity.items())
        begun = path.exists() and path.stat().st_size > 0
        if begun:
            _check_journal(path, identity)
        path.parent.mkdir(parents=True, exist_ok=True)
        storage = JournalStorage(JournalFileBackend(str(path), lock_obj=JournalFileOpenLock(str(path))))
        with quietly():
            self._study = (optuna.load_study if begun else optuna.create_study)(study_name=name, storage=storage)
        found = self._study.get_trials()
        self.trials = [trial for trial in found if trial.state in _STATES]
        self._lines = len(found)

    def add(self, ended: FrozenTrial) -> None:
        """Writes one more trial.

        Raises:
            ValueError: if somebody else wrote to the file in the meantime.
        """
        if len(self._study.get_trials(deepcopy=False)) != self._lines:
            raise ValueError(
                f"Another search is writing to the study {self._path}: give each search a file of its own."
            )
        self._study.add_trial(ended)
        self._lines += 1


def described(ended: FrozenTrial, number: int, space: Space) -> Trial:
    """A trial of Optuna's as one of ours."""
    losses = [*ended.intermediate_values.values(), *(ended.values or ())]
    return Trial(
        number,
        _STATES[ended.state],
        min(losses, default=nan),
        len(ended.intermediate_values),
        float(ended.user_attrs.get("seconds", nan)),
        {key: ended.params[key] for key in space},
        str(ended.user_attrs.get("reason", "")),
    )


@contextmanager
def quietly() -> Iterator[None]:
    """Optuna reports on standard error that a study was made."""
    before = optuna.logging.get_verbosity()
    optuna.logging.set_verbosity(optuna.logging.WARNING)
    try:
        yield
    finally:
        optuna.logging.set_verbosity(before)


def _check_journal(path: Path, identity: dict[str, str]) -> None:
    """Refuses what is no journal of such a search, and cuts a torn end off one that is.

    A line is torn off where it was written only in part, as on a full disk; Optuna would write on in the same line.
    """
    content = path.read_bytes()
    *lines, torn = content.split(b"\n")
    try:
        begun: Any = json.loads(lines[0])["study_name"]
        found = dict(part.split(" ") for part in begun.removeprefix(_BEGINNING).split(", "))
        other = [part for part, value in identity.items() if found[part] != value]
    except (IndexError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"{path} is not the study of a search: give another path, and it is made there.") from error
    if other:
        raise ValueError(
            f"The study {path} belongs to a search over another {' and another '.join(other)}. "
            "Give another path, or what it was begun with."
        )
    for number, line in enumerate(lines, 1):
        try:
            json.loads(line)
        except ValueError as error:
            raise ValueError(
                f"The study {path} is damaged in line {number}: remove that line, and it goes on."
            ) from error
    if torn:
        with path.open("r+b") as file:
            file.truncate(len(content) - len(torn))
