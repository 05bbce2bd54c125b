"""The pure core: a log and the law go in, the state of a file comes out.

Lives here: three-valued logic, legal time, instances, clocks, safeguards, `evaluate` and `explain`. May not come
here: reading of files, databases, clocks of the machine, chance. Start with `evaluate.py`, then `conditions.py`.
"""

from staza.engine.answer import CaseState, Finding
from staza.engine.evaluate import VERSION, evaluate, exports
from staza.engine.families import evaluate_together
from staza.engine.types import CaseEvent, CaseHistory, Law, Person, Relation, Rule

__all__ = [
    "VERSION",
    "CaseEvent",
    "CaseHistory",
    "CaseState",
    "Finding",
    "Law",
    "Person",
    "Relation",
    "Rule",
    "evaluate",
    "evaluate_together",
    "exports",
]
