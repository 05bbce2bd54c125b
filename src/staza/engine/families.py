"""Persons whose files are linked: what each shows first, then each with what the others show."""

from collections.abc import Sequence

from staza.engine.answer import CaseState
from staza.engine.evaluate import evaluate, exports
from staza.engine.types import CaseHistory, Law


def evaluate_together(histories: Sequence[CaseHistory], law: Law, *, as_of: int) -> list[CaseState]:
    """Give the state of each linked file at the end of the day `as_of`, in the order given.

    Two passes: exports, which read no imports; then the rules, which may read what relatives export.
    """
    linked = any(history.relations for history in histories)
    shown = {h.person.ref: exports(h, law, as_of=as_of) for h in histories} if linked else {}
    return [evaluate(history, law, as_of=as_of, relatives=shown) for history in histories]
