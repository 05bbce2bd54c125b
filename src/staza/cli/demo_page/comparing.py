"""What a court held against what was computed: found, silent, missed, reported in error, or left to a person."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from staza.cli.demo_page.cases import Plain
from staza.engine import CaseState

_CITE = re.compile(r"^(?P<act>[a-z][\w.\-]*)/(?P<article>\d+(?:\.\d+)*[A-Za-z]*|\*)(?:\((?P<paragraph>\d+[a-z]?)\))?")

SAID = {
    "found": "Found by the computation",
    "silent": "Rightly silent",
    "left": "Left to a person",
    "missed": "Not found by the computation",
    "alarm": "Reported, though the court found no breach",
}


@dataclass(frozen=True)
class Seen:
    """A computed breach, reduced to what a holding can be compared with."""

    cites: tuple[str, ...]
    person: str
    limit_on: int | None


@dataclass(frozen=True)
class Compared:
    """A row of the court and how the computation stands to it (a key of `SAID`)."""

    row: Plain
    outcome: str


def breaches(states: Iterable[CaseState]) -> list[Seen]:
    """Give the computed breaches of all persons."""
    found = ((state.person, f) for state in states for f in state.findings if f.verdict == "breach")
    return [Seen(f.cites, person, f.limit_on) for person, f in found]


def compared(content: Plain, states: Iterable[CaseState]) -> list[Compared]:
    """Compare every holding of a judgment, and every breach that must not be reported."""
    seen = breaches(states)
    rows = list(content.get("holdings") or [])
    broken = [row for row in rows if row["breach"]]
    made = [Compared(row, _outcome(row, seen, broken)) for row in rows]
    for entry in content.get("must_not_report") or []:
        if entry.get("cites"):
            wrong = _touching(seen, entry) if entry.get("limit_on") else _unexcused(seen, entry, broken)
            row = {**entry, "issue": entry["text"], "breach": False, "expected": entry.get("why", "")}
            made.append(Compared(row, "alarm" if wrong else "silent"))
    return made


def _outcome(row: Plain, seen: list[Seen], broken: list[Plain]) -> str:
    if row["breach"]:
        if not row["computable"]:
            return "left"
        return "found" if _reached(row, seen) else "missed"
    if _unexcused(seen, {**row, "limit_date": None, "limit_on": None}, broken):
        return "alarm"
    return "silent" if row["computable"] else "left"


def _reached(row: Plain, seen: list[Seen]) -> bool:
    """Say whether a breach meets the row for every person that it names, or for anybody when it names none."""
    hits = {one.person for one in seen if _same_article(one, row["cites"]) and _near(one, row, unsaid=False)}
    wanted = row.get("persons")
    return hits >= set(wanted) if wanted else bool(hits)


def _touching(seen: list[Seen], row: Plain) -> list[Seen]:
    wanted = row.get("persons")
    return [
        one
        for one in seen
        if _same_article(one, row["cites"]) and _near(one, row, unsaid=True) and (not wanted or one.person in wanted)
    ]


def _unexcused(seen: list[Seen], row: Plain, broken: list[Plain]) -> list[Seen]:
    """Give the breaches on the row's articles that no breach held by the court explains."""
    plain = [{**other, "limit_date": None, "limit_on": None} for other in broken]
    return [
        one
        for one in _touching(seen, row)
        for cite in one.cites
        if _same_article(Seen((cite,), one.person, None), row["cites"])
        and not any(_touching([Seen((cite,), one.person, None)], other) for other in plain)
    ]


def _same_article(one: Seen, wanted: Iterable[str]) -> bool:
    return any(meets(cite, article) for cite in one.cites for article in wanted)


def meets(cite: str, wanted: str) -> bool:
    """Say whether a citation is of the same act and article, and of the same paragraph where one is wanted."""
    a, b = _CITE.match(cite), _CITE.match(wanted)
    if a is None or b is None or a["act"] != b["act"]:
        return False
    return b["article"] == "*" or (a["article"] == b["article"] and b["paragraph"] in (None, a["paragraph"]))


def _near(one: Seen, row: Plain, *, unsaid: bool) -> bool:
    limit = row.get("limit_date") or row.get("limit_on")
    if not limit:
        return True
    if one.limit_on is None:
        return unsaid
    return abs(one.limit_on - date.fromisoformat(str(limit)).toordinal()) <= 1
