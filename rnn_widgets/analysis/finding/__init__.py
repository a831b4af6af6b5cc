"""Finding neurons that respond to features, and telling which findings are chance."""

from rnn_widgets.analysis.finding.find import find_neurons
from rnn_widgets.analysis.finding.findings import VERDICTS, Findings
from rnn_widgets.analysis.finding.ledger import Ledger

__all__ = ["VERDICTS", "Findings", "Ledger", "find_neurons"]
