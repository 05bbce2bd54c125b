"""Papers for being held: how long each lasts.

A number of days or months that an extension adds counts from the end of the paper before it, where that was later
than the day of the extension; days in all count from the first day of custody. A start that grants nothing itself is
made under the order before it: what the order grants counts from one of the two days.
"""

from collections.abc import Sequence
from dataclasses import replace

from staza.engine.days import add_days
from staza.engine.logic import Days, around, latest
from staza.engine.types import CaseEvent

PAPERS = frozenset({"detention_started", "detention_ordered", "detention_extended"})
GRANTS = ("until", "days_total", "months", "days", "hours")


def ends_of_papers(events: Sequence[CaseEvent], since: Days | None = None) -> dict[str, Days | None]:
    """Give the last day of each paper among the entries of one custody, by entry id; None where it names none."""
    ends: dict[str, Days | None] = {}
    before: Days | None = None
    paper: CaseEvent | None = None
    for event in events:
        if event.kind not in PAPERS:
            continue
        end = _end(event, since, before)
        if (
            end is None
            and event.kind == "detention_started"
            and paper is not None
            and paper.kind == "detention_ordered"
        ):
            anew = _end(replace(paper, first=event.first, last=event.last), since, None)
            end = around((before, anew)) if before and anew else None
        before = ends[event.id] = end
        paper = event
    return ends


def ends_before(events: Sequence[CaseEvent], ends: dict[str, Days | None]) -> dict[str, Days | None]:
    """Give for each entry of a custody the last day of the paper right before it; None where there is none."""
    before: dict[str, Days | None] = {}
    paper: Days | None = None
    for event in events:
        before[event.id] = paper
        paper = ends.get(event.id, paper)
    return before


def _end(event: CaseEvent, since: Days | None, before: Days | None) -> Days | None:
    for name in GRANTS:
        value = event.fields.get(name)
        if not isinstance(value, int) or isinstance(value, bool):
            continue
        if name == "until":
            return value, value
        base = event.days
        if name == "days_total" and since:
            base = since
        elif event.kind == "detention_extended" and before:
            base = latest([base, before]) or base
        period = (value, "days" if name == "days_total" else name)
        return add_days(base[0], period), add_days(base[1], period)
    return None
