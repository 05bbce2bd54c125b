"""A naive, independent evaluator that judges the engine; see README.md.

`evaluate(history, law, as_of, relatives)` gives a `NaiveState`; `exports(history, law, as_of)` what relatives see.
"""

from reference.answer import NaiveState, evaluate, exports

__all__ = ["NaiveState", "evaluate", "exports"]
