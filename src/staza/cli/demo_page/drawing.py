"""The timeline of a case as numbers: places on a line in percent, rows of marks that would overlap, ticks.

The page draws it with boxes; nothing here knows of colours or sizes but how near two marks may come.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date

from staza.cli.demo_page.cases import Computed, binds_here
from staza.cli.demo_page.words import short_day, short_days
from staza.engine import CaseState
from staza.engine.days import add_months, is_known
from staza.engine.logic import Days

CUSTODY = "custody.episode"
OVER = frozenset({"lapsed", "missed", "met_late", "ended"})
GAP, NARROW_GAP = 2.9, 7.5  # percent of the line that a mark covers, on a wide and on a narrow screen
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
STEPS = (("days", 1), ("days", 2), ("days", 7), ("months", 1), ("months", 2), ("months", 3), ("months", 6),
         ("months", 12), ("months", 24), ("months", 60), ("months", 120))  # fmt: skip
MOST_TICKS = 8
MOST_ROWS = 5  # entries that would pile up higher are drawn as one mark


@dataclass
class Mark:
    """An entry on the line; `width` is more than nothing where its day is not known exactly."""

    number: str
    about: str
    x: float
    width: float
    by_law: bool = False
    several: bool = False
    row: int = 0
    narrow_row: int = 0


@dataclass(frozen=True)
class Bar:
    """A stretch of being held; `sure` is false for days on which it is not known."""

    x: float
    width: float
    sure: bool
    open_end: bool


@dataclass
class Lane:
    """The persons whose entries are the same, with these entries."""

    persons: tuple[str, ...]
    marks: list[Mark]
    bars: list[Bar]
    held: int
    rows: int = 1
    narrow_rows: int = 1


@dataclass
class LimitLine:
    """A limit that ended; `broken` where a breach names it."""

    letter: str
    x: float
    day: int
    broken: bool
    rules: list[str]
    persons: list[str]
    row: int = 0
    narrow_row: int = 0


@dataclass
class Drawing:
    """All that is drawn of a case."""

    first: int
    last: int
    lanes: list[Lane]
    limits: list[LimitLine]
    ticks: list[tuple[float, str]]
    asked: list[tuple[float, str]] = field(default_factory=list)  # days before the last at which a story is asked
    about: str = ""
    limit_rows: int = 0
    narrow_limit_rows: int = 0

    @property
    def crowded(self) -> bool:
        """Say whether a limit stands where the words at the day of the answer stand."""
        return any(one.x > 70 for one in self.limits)


@dataclass(frozen=True)
class _Line:
    """The line: which day lies where."""

    first: int
    last: int
    pad: float = field(default=1.8)

    def at(self, day: float) -> float:
        share = (day - self.first) / max(1, self.last - self.first)
        return round(self.pad + min(1.0, max(0.0, share)) * (100 - 2 * self.pad), 2)


def drawing(case: Computed, asked: Iterable[int] = ()) -> Drawing:
    """Give the drawing of a case; `asked` are further days of an answer."""
    ended = list(_ended(case))
    days = [e.first for s in case.states for e in s.trace.reading.history.events] + [day for day, *_ in ended]
    first = min([*days, case.as_of - 1])
    line = _Line(first, case.as_of)
    lanes = _lanes(case, line)
    limits = _limits(ended, line)
    made = Drawing(first, case.as_of, lanes, limits, list(_ticks(line)))
    made.asked = [(line.at(day), short_day(day)) for day in asked if first <= day < case.as_of]
    made.limit_rows = 1 + max((one.row for one in limits), default=-1)
    made.narrow_limit_rows = 1 + max((one.narrow_row for one in limits), default=-1)
    made.about = _in_words(made)
    return made


def _in_words(made: Drawing) -> str:
    """Say the drawing in a sentence, for who does not see it."""
    entries = len({mark.number for lane in made.lanes for mark in lane.marks})
    parts = [f"From {short_day(made.first)} to {short_day(made.last)}: {entries} entries"]
    parts += [f"{', '.join(lane.persons)} held for {lane.held} days" for lane in made.lanes if lane.held]
    parts += [f"limit {one.letter} ended on {short_day(one.day)}" for one in made.limits]
    return "; ".join(parts) + "."


# ---------------------------------------------------------------------------------------------------- lanes


def _lanes(case: Computed, line: _Line) -> list[Lane]:
    made: list[Lane] = []
    for state in case.states:
        lane = _lane(case, state, line)
        same = next((one for one in made if (one.marks, one.bars) == (lane.marks, lane.bars)), None)
        if same is None:
            made.append(lane)
        else:
            same.persons += lane.persons
    for lane in made:
        if max(_rows_at([mark.x for mark in lane.marks], GAP), default=0) >= MOST_ROWS:
            lane.marks = list(_gathered(lane.marks))
        for mark, row, narrow in zip(lane.marks, *_rows([m.x for m in lane.marks]), strict=True):
            mark.row, mark.narrow_row = row, narrow
        lane.rows = 1 + max((m.row for m in lane.marks), default=0)
        lane.narrow_rows = 1 + max((m.narrow_row for m in lane.marks), default=0)
    return made


def _lane(case: Computed, state: CaseState, line: _Line) -> Lane:
    marks = []
    for event in state.trace.reading.history.events:
        first, last = event.first, min(event.last, case.as_of)
        if first > case.as_of:
            continue
        kind = case.law.kinds.get(event.kind)
        x, end = line.at(first), line.at(last)
        about = f"{kind.label if kind else event.kind}, {short_days(event.days)}"
        number = "§" if event.derived_by else event.id.removeprefix("e")
        marks.append(Mark(number, about, round((x + end) / 2, 2), round(end - x, 2), bool(event.derived_by)))
    marks.sort(key=lambda mark: mark.x)
    stretches = [(one.start, one.end) for one in state.instances if one.procedure == CUSTODY]
    bars = [bar for start, end in stretches for bar in _bars(start, end, case.as_of, line)]
    held = sum(max(0, (end or (case.as_of, 0))[0] - start[1]) for start, end in stretches)
    return Lane((state.person,), marks, bars, held)


def _gathered(marks: list[Mark]) -> Iterator[Mark]:
    """Give one mark for the entries that lie too near to each other: `4–14`."""
    group: list[Mark] = []
    for mark in marks:
        if group and mark.x >= group[0].x + GAP:
            yield _together(group)
            group = []
        group.append(mark)
    if group:
        yield _together(group)


def _together(group: list[Mark]) -> Mark:
    if len(group) == 1:
        return group[0]
    x = round((group[0].x + group[-1].x) / 2, 2)
    about = "; ".join(f"{mark.number} {mark.about}" for mark in group)
    numbers = [int(mark.number) for mark in group if mark.number.isdigit()] or [0]
    number = f"{min(numbers)}–{max(numbers)}" if len(numbers) > 1 else f"{numbers[0]} §"
    return Mark(number, about, x, 0.0, several=True)


def _bars(start: Days, end: Days | None, as_of: int, line: _Line) -> Iterator[Bar]:
    """Give what is sure of a stretch of being held, and what is not at its ends."""
    stop = end or (as_of, as_of)
    edges = [start[0], start[1], max(start[1], stop[0]), min(as_of, stop[1])]
    for n, sure in enumerate((False, True, False)):
        left, right = line.at(edges[n]), line.at(edges[n + 1])
        if right > left or sure:
            yield Bar(left, round(max(right - left, 0.4), 2), sure, end is None and sure)


def _rows(places: list[float]) -> tuple[list[int], list[int]]:
    """Give the rows of marks so that none covers another, for a wide and for a narrow line."""
    return _rows_at(places, GAP), _rows_at(places, NARROW_GAP)


def _rows_at(places: list[float], gap: float) -> list[int]:
    ends: list[float] = []
    rows: list[int] = []
    for x in places:
        row = next((n for n, end in enumerate(ends) if x >= end), len(ends))
        ends[row : row + 1] = [x + gap]
        rows.append(row)
    return rows


# --------------------------------------------------------------------------------------------------- limits


def _ended(case: Computed) -> Iterator[tuple[int, str, str, bool]]:
    """Give the limits that ended up to the day of the answer: day, rule, person, whether a breach names it."""
    for state in case.states:
        broken = {(f.rule, f.limit_on) for f in state.findings if f.limit_on and f.verdict == "breach"}
        ended = {(c.rule, c.due[0]) for c in state.clocks if c.due and c.due[0] == c.due[1] and set(c.status) <= OVER}
        ended = {(rule, day) for rule, day in ended if binds_here(case, rule)}
        for rule, day in sorted({(r, d) for r, d in broken if d} | ended, key=lambda pair: (pair[1], pair[0])):
            if is_known(day) and day <= case.as_of:
                title = case.law.rule(rule).title or rule
                yield day, title, state.person, (rule, day) in broken


def _limits(ended: Iterable[tuple[int, str, str, bool]], line: _Line) -> list[LimitLine]:
    """Gather limits of the same day; each day has one line and one letter."""
    by_day: dict[int, LimitLine] = {}
    for day, title, person, broken in sorted(ended):
        one = by_day.setdefault(day, LimitLine("", line.at(day), day, False, [], []))
        one.broken = one.broken or broken
        one.rules += [title] if title not in one.rules else []
        one.persons += [person] if person not in one.persons else []
    made = list(by_day.values())
    for n, (one, row, narrow) in enumerate(zip(made, *_rows([o.x for o in made]), strict=True)):
        one.letter = LETTERS[n] if n < len(LETTERS) else str(n + 1)
        one.row, one.narrow_row = row, narrow
    return made


# ---------------------------------------------------------------------------------------------------- ticks


def _ticks(line: _Line) -> Iterator[tuple[float, str]]:
    """Give days, months or years, as many as can be read."""
    for unit, count in STEPS:
        days = list(_marked(line, unit, count))
        if len(days) <= MOST_TICKS:
            break
    for day in days:
        yield line.at(day), _tick(date.fromordinal(day), unit, count)


def _tick(day: date, unit: str, count: int) -> str:
    if unit == "days":
        return f"{day.day} {day:%b}"
    return f"{day.year}" if count >= 12 else f"{day:%b} {day.year}"


def _marked(line: _Line, unit: str, count: int) -> Iterator[int]:
    if unit == "days":
        yield from range(line.first, line.last + 1, count)
        return
    start = date.fromordinal(line.first)
    month = (start.month - 1) // count * count + 1 if count < 12 else 1
    year = start.year if count <= 12 else start.year // (count // 12) * (count // 12)
    day = date(year, month, 1).toordinal()
    while day <= line.last:
        if day >= line.first:
            yield day
        day = add_months(day, count)
