"""A log of thousands of entries: it is evaluated, and twice as many entries are about twice the work.

Work is counted in conditions and entries that are read, not in seconds.
"""

from collections import Counter
from datetime import date, timedelta

import pytest
from conftest import event, log, ordinal, state

from staza.engine.conditions import Reading

HELD = ("incident", "lawyer_access", "detention_reviewed", "reasons_explained", "transferred_between_facilities")
CYCLES = {
    "custody": ("detention_ordered", "detention_started", "detention_reviewed", "detention_extended", "released"),
    "return": ("return_decision_issued", "voluntary_departure_deadline", "removal_order_issued", "removal_attempted",
               "appeal_lodged", "appeal_decided"),
    "asylum": ("asylum_application_made", "application_lodged", "asylum_decision_negative", "appeal_lodged",
               "appeal_decided"),
}  # fmt: skip


def spread(kinds: tuple[str, ...], number: int) -> list[dict]:
    """Entries of these kinds in turn, evenly over 25 years."""
    first = date(1999, 1, 1)
    return [
        event((first + timedelta(days=n * 9000 // number)).isoformat(), kinds[n % len(kinds)], id=f"x{n}")
        for n in range(number)
    ]


@pytest.mark.slow
def test_ten_thousand_entries_are_evaluated(bundle):
    """Long custody with reviews, moves, visits and incidents: all rules of a jurisdiction on 10,000 entries."""
    first = ordinal("1999-01-01")
    events = [event(date.fromordinal(first + n).isoformat(), HELD[n % len(HELD)], id=f"x{n}") for n in range(9_998)]
    held = [
        event("1999-01-01", "return_decision_issued", days=7),
        event("1999-01-02", "detention_ordered", ground="removal"),
    ]

    made = state(bundle, log(*held, *events, as_of="2026-06-01"))

    assert "returns.detention.maximum" in {f.rule for f in made.findings if f.verdict == "breach"}


@pytest.mark.slow
@pytest.mark.parametrize("name", CYCLES)
def test_twice_the_entries_are_about_twice_the_work(bundle, monkeypatch, name):
    read = Counter()
    truth, one_counts = Reading.truth, Reading._counted

    def read_condition(self, tree, scope):
        read["conditions"] += 1
        return truth(self, tree, scope)

    def read_entry(self, event, where, this, scope):
        read["entries"] += 1
        return one_counts(self, event, where, this, scope)

    monkeypatch.setattr(Reading, "truth", read_condition)
    monkeypatch.setattr(Reading, "_counted", read_entry)
    work = []
    for number in (150, 300):
        read.clear()
        state(bundle, log(*spread(CYCLES[name], number), as_of="2025-01-01"))
        work.append(Counter(read))

    for what in ("conditions", "entries"):
        assert work[0][what] > 300
        assert work[1][what] < 2.2 * work[0][what], what
