"""What became of every clock of a rule, found by trying every combination of what may have happened."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import product
from typing import Any

from reference import binding, hours, nights
from reference.binding import When
from reference.conditions import Reader
from reference.instances import Instance
from reference.limits import (
    arrival,
    arrived,
    counted,
    doubted_lengths,
    end_moments,
    extended,
    log_is_complete,
    open_start,
    practised,
    restarted,
    start_and_due,
    subjects_of,
)
from reference.log import apart
from reference.nights import Nights
from reference.periods import Period, later
from reference.truth import (
    FIRST_DAY,
    LAST_DAY,
    MAYBE,
    NO,
    YES,
    Days,
    Truth,
    all_of,
    any_of,
    first_of,
    is_before,
    is_by,
    opposite,
)
from staza.engine.types import Opening, Rule


@dataclass
class Clock:
    """One clock; `late` says whether its limit was passed, `when` on which days."""

    rule: Rule
    subject: Instance | None
    status: set[str]
    n: int = 1
    start: Days | None = None
    due: Days | None = None
    practice: Days | None = None  # the end by what the authority allows beyond the act
    shown: Days | None = None  # of a sum that ended: its end, if it had gone on
    late: Truth = NO
    verdict: str = ""
    when: When = field(default_factory=lambda: When((1, 1)))
    has_limit: bool = True

    @property
    def ref(self) -> str:
        return self.subject.ref if self.subject else "person"


def clocks_of(rule: Rule, reader: Reader) -> list[Clock]:
    """Give every clock of a rule."""
    return [clock for one in subjects_of(rule, reader) for clock in _KINDS[rule.kind](rule, reader, one)]


def excepted(rule: Rule, reader: Reader, subject: Instance | None) -> Truth:
    return any_of(reader.truth(one.condition, reader.as_of, subject) for one in rule.unless)


# -------------------------------------------------------------------------------------------------- deadline, window


def _deadline(rule: Rule, reader: Reader, subject: Instance | None) -> list[Clock]:
    applies = reader.truth(rule.only_if, reader.as_of, subject)
    if applies == NO:
        return []
    unread = open_start(rule, reader, subject)
    if unread:
        return [_not_read(rule, reader, subject, unread)]
    limits = start_and_due(rule, reader, subject)
    if limits is None:
        return [Clock(rule, subject, {"idle"})]
    start, due = restarted(rule, reader, subject, *limits)
    due = extended(rule, reader, subject, start, due)
    exception = excepted(rule, reader, subject)
    holds = all_of((applies, opposite(exception)))
    if exception == YES:
        clock = Clock(rule, subject, {"ended"}, start=start, due=due)
    elif rule.breach_from or rule.concern_from:
        clock = _measured(rule, reader, subject, start, holds)
    else:
        clock = _asked(_run_out(rule, reader, subject, start, due, holds), reader, applies)
    clock.practice = practised(rule, reader, subject, start, due)
    return [clock]


def _asked(clock: Clock, reader: Reader, applies: Truth = YES) -> Clock:
    """An open clock whose day hangs on a place that is not known is a question, if nothing else makes it one.

    So is a window or validity of which nobody knows whether it applies.
    """
    settled = len(clock.status) == 1 and clock.status != {"running"}
    if clock.start is None or clock.verdict or clock.late == YES or (clock.late == NO and settled):
        return clock
    silent = clock.rule.kind in ("deadline", "window") and not clock.rule.pending_counts
    silent = silent and _choices(clock.rule.on, reader, clock.subject)[0] is None
    silent = silent and not log_is_complete(clock.rule, reader)
    if clock.due is None or (clock.due[1] < reader.as_of and (clock.late == NO or silent)):
        return clock  # nothing recorded lies between the days that it may have ended on
    places = {one.code for one in reader.calendars(clock.rule, reader.as_of, clock.subject)}
    may_not_apply = applies == MAYBE and clock.rule.kind in ("window", "validity")
    window = clock.rule.kind == "window" and clock.due[0] < clock.due[1]
    may_not_apply = may_not_apply or (window and doubted_lengths(clock.rule, reader, clock.subject))
    if may_not_apply or (len(places) > 1 and clock.due[0] < clock.due[1]):
        if clock.late == NO:
            clock.when = When((clock.start[0], max(clock.start[0], reader.as_of)))
        clock.late, clock.verdict = MAYBE, "question"
    return clock


def _not_read(rule: Rule, reader: Reader, subject: Instance | None, start: Days) -> Clock:
    """A limit of unknown length has no day; it is asked about until it was surely met or its cause is surely gone."""
    clock = Clock(rule, subject, {"unknown"}, start=start, has_limit=False)
    ended = any(counts == YES for _, counts in arrived((*rule.on, *rule.ends_with), reader, subject))
    if not ended and excepted(rule, reader, subject) != YES:
        clock.late, clock.verdict = MAYBE, "question"
        clock.when = When((start[0], max(start[0], reader.as_of)))
    return clock


def _run_out(rule: Rule, reader: Reader, subject: Instance | None, start: Days, due: Days, holds: Truth) -> Clock:
    """Try every day on which it may have been due, met or ended; for a limit in hours every moment."""
    met_days, ended_days = _ways(rule, reader, subject, start, due, reader.as_of)
    untils = [min(d for d in (a, b, reader.as_of) if d is not None) for a, b in product(met_days, ended_days)]
    until = min(untils), max(untils)
    followed = any(one.after == rule.id for one in reader.law.rules)
    owed = rule.kind != "window" and (rule.finding != "none" or (rule.late and not followed))
    over = "missed" if owed else "lapsed"
    after = 1
    if rule.limits and rule.limits[0].period[-1] == "hours":
        now = hours.moment(reader.as_of + 1, 0, reader.law.zone) - 1
        begins = reader.moments(rule.limits[0].starts, reader.as_of, subject) or (0, 0)
        ends = end_moments(rule, reader, subject)
        met, ended = _ways(rule, reader, subject, begins, ends, now)
        outcomes, after = {_outcome(*way, now, over) for way in product(ends, met, ended)}, 0
    else:
        outcomes = {_outcome(*way, reader.as_of, over) for way in product(due, met_days, ended_days)}
    undone = any_of(
        all_of((counts, is_by((due[0] + after, due[1] + after), arrival(entry))))  # only a lapse that came is undone
        for entry, counts in arrived(rule.restored_by, reader, subject)
    )
    if undone != NO:
        surely = undone == YES
        admitted = {{over: "running", "met_late": "met"}.get(outcome, outcome) for outcome in outcomes}
        outcomes = admitted if surely else outcomes | admitted
    late = frozenset(outcome in (over, "met_late") for outcome in outcomes)
    status = outcomes | ({"ended"} if holds == MAYBE else set())  # where it does not hold there is nothing to meet
    clock = Clock(rule, subject, status, start=start, due=due, late=all_of((late, holds)))
    clock.when = When((due[0] + after, max(due[0] + after, until[1])), (due[1] + after, until[0]))
    return clock


def _ways(
    rule: Rule, reader: Reader, subject: Instance | None, start: Days, due: Days, now: int
) -> tuple[set[int | None], set[int | None]]:
    """Give the days, or moments, on which it may have been met and on which its cause may have gone."""
    in_moments = now != reader.as_of
    _, met = _choices(rule.on, reader, subject, in_moments=in_moments)
    _, ended = _choices(rule.ends_with, reader, subject, in_moments=in_moments)
    if None in met and not rule.pending_counts and not log_is_complete(rule, reader):
        # something may have met it that the log does not hold
        unheard = (start[0], *ended, *due, *(day + 1 for day in due), now)
        met |= {day for day in unheard if day is not None and start[0] <= day <= now}
    return met, ended


def _outcome(last: int, done: int | None, cause_gone: int | None, now: int, over: str) -> str:
    if cause_gone is not None and cause_gone <= last and (done is None or cause_gone < done):
        return "ended"
    if done is not None:
        return "met_late" if last < done else "met"
    return over if last < (now if cause_gone is None else cause_gone) else "running"


def _choices(
    openings: Iterable[Opening], reader: Reader, subject: Instance | None, *, in_moments: bool = False
) -> tuple[Days | None, set[int | None]]:
    """Give the day of the first sure entry, and every day on which the first may lie; None: it did not happen."""
    zone = reader.law.zone
    today = hours.moment(reader.as_of + 1, 0, zone) - 1 if in_moments else reader.as_of
    found = [
        (hours.of_entry(entry, zone) if in_moments else arrival(entry), counts)
        for entry, counts in arrived(openings, reader, subject)
    ]
    sure = first_of(lies for lies, counts in found if counts == YES)
    days: set[int | None] = set(sure) if sure else {None}
    for (first, last), counts in found:
        if counts == MAYBE:  # what comes after today has not happened
            days |= {first, min(last, today)} if sure is None else {min(first, sure[1])}
    return sure, days


def _measured(rule: Rule, reader: Reader, subject: Instance | None, start: Days, holds: Truth) -> Clock:
    """Compare the time from the start to what ended it with the benchmarks."""
    met, met_days = _choices(rule.on, reader, subject)
    ended, ended_days = _choices(rule.ends_with, reader, subject)
    unheard = met is not None or ended is not None or rule.pending_counts or log_is_complete(rule, reader)
    ends = [
        min(day for day in (done, gone, reader.as_of) if day is not None) if done or gone else reader.as_of
        for done, gone in product(met_days, ended_days)
    ]
    shortest, longest = max(0, min(ends) - start[1]), max(0, max(ends) - start[0])
    status = {"met"} if met or ended else {"running", "met"} if len(set(ends)) > 1 else {"running"}
    if not unheard:
        shortest, status = 0, {"running", "met"}
    clock = Clock(rule, subject, status, start=start)
    clock.when = When((start[0], max(ends)), (start[1], min(ends)))
    _weigh(clock, (shortest, longest), holds, _minutes_measured(rule, reader, subject))
    return clock


def _minutes_measured(rule: Rule, reader: Reader, subject: Instance | None) -> int | None:
    """Give the minutes until it was surely ended, where nothing about the two moments is open."""
    begins = reader.moments(rule.limits[0].starts if rule.limits else ["name", "start"], reader.as_of, subject)
    found = [
        (hours.of_entry(entry, reader.law.zone), counts)
        for entry, counts in arrived((*rule.on, *rule.ends_with), reader, subject)
    ]
    ends = first_of(lies for lies, counts in found if counts == YES)
    if begins is None or ends is None or any(counts != YES and lies[0] <= ends[1] for lies, counts in found):
        return None
    return max(0, ends[0] - begins[0]) if begins[0] == begins[1] and ends[0] == ends[1] else None


def _weigh(clock: Clock, length: Days, holds: Truth, minutes: int | None = None) -> None:
    """A length from `breach_from` on is a breach, from `concern_from` on a concern; doubt is asked."""
    clock.has_limit = False
    start = clock.start or (1, 1)
    breach = _reaches(length, clock.rule.breach_from, start, minutes)
    concern = _reaches(length, clock.rule.concern_from, start, minutes)
    if holds == NO or clock.rule.finding == "none":
        return
    if breach == holds == YES:
        clock.late, clock.verdict = YES, clock.rule.finding
    elif concern == holds == YES:
        clock.late, clock.verdict = YES, "concern"
    elif breach != NO or concern == YES:
        clock.late = MAYBE


def _reaches(length: Days, threshold: Period | None, start: Days, minutes: int | None) -> Truth:
    """Say whether so many days are as long as a period; months are as long as they are from the start."""
    if threshold is None:
        return NO
    if threshold[1] == "hours" and minutes is not None:
        return frozenset((minutes >= 60 * threshold[0],))
    if threshold[1] == "hours":
        return frozenset(24 * days >= threshold[0] for days in length)
    return frozenset(days >= later(day, threshold) - day for days in length for day in start)


# ----------------------------------------------------------------------------------------------------------- ceiling


def _nights_summed(rule: Rule, reader: Reader, subject: Instance | None, ahead: int = 0) -> Nights:
    now, until = reader.as_of, reader.as_of + ahead
    result = reader.spans(rule.sums or ["name", ""], now, subject, until)
    if rule.leaves_out:
        result = nights.without(result, reader.spans(rule.leaves_out, now, subject, until))
    if not rule.counts_earlier:
        result = nights.shared(result, _nights_bound(rule, reader, result))
    return nights.shared(result, reader.nights_of(subject, until)) if subject else result


def _nights_bound(rule: Rule, reader: Reader, nights_wanted: Nights) -> Nights:
    """Leave out days before the act applied, where the day itself says which act governs and the act is law here."""
    act = rule.cites[0].split("/")[0]
    instrument = reader.law.instruments.get(act)
    if instrument is None or instrument.key != "day" or binding.is_yardstick(reader.law, act):
        return nights_wanted
    return binding.nights_bound(reader.law, reader.history.flags, act, nights_wanted)


def _ceiling(rule: Rule, reader: Reader, subject: Instance | None) -> list[Clock]:
    now = reader.as_of
    applies = reader.truth(rule.only_if, now, subject)
    if applies == NO or rule.sums is None:
        return []
    summed = _nights_summed(rule, reader, subject)
    if not summed.possible and rule.limits:  # a stay that begins today has its end, and its first night is ahead
        summed = _nights_summed(rule, reader, subject, ahead=1)
        _, *period = rule.limits[0].period
        if summed.possible and _reached_on(summed.possible, (period[0], period[1]), now) <= now:
            return []
    if not summed.possible:
        return []
    exception = excepted(rule, reader, subject)
    going_on = "running" if nights.end_day(summed.possible) >= now else "ended"
    shown = None
    if rule.limits and (exception == YES or going_on == "ended"):  # when it was reached, or would have been
        _, amount, unit = rule.limits[0].period
        early = _reached_on(summed.possible, (amount, unit), FIRST_DAY)
        shown = early, max(early, _reached_on(summed.sure, (amount, unit), FIRST_DAY))
    if exception == YES:
        return [Clock(rule, subject, {"ended"}, shown=shown)]
    holds = all_of((applies, opposite(exception)))
    sure_from = nights.first_day(summed.sure) if summed.sure else LAST_DAY
    clock = Clock(rule, subject, {going_on}, start=(nights.first_day(summed.possible), sure_from), shown=shown)
    possible_end, sure_end = nights.end_day(summed.possible), nights.end_day(summed.sure)
    if not rule.limits:
        clock.when = When((clock.start[0], possible_end), (sure_from, sure_end))
        _weigh(
            clock, (summed.sure.bit_count(), summed.possible.bit_count()), holds, _minutes_held(rule, reader, summed)
        )
        return [clock]
    _, amount, unit = rule.limits[0].period
    early = _reached_on(summed.possible, (amount, unit), now)
    late = _reached_on(summed.sure, (amount, unit), now)
    clock.due = (early, max(early, late))
    passed = YES if sure_end > late else MAYBE if possible_end > early else NO
    clock.status = {YES: {"missed"}, NO: {going_on}, MAYBE: {going_on, "missed"}}[passed]
    clock.late = all_of((passed, holds))
    clock.when = When((early + 1, possible_end), (late + 1, sure_end))
    return [clock]


def _minutes_held(rule: Rule, reader: Reader, summed: Nights) -> int | None:
    """Give the minutes of a stay that is all there is, with the time of day of both its ends."""
    first, end = nights.first_day(summed.possible), nights.end_day(summed.possible)
    if summed.sure != summed.possible or summed.sure != nights.stretch(first, end):
        return None
    lengths = {
        hours.moment(end, one.closer.minute, reader.law.zone) - hours.moment(first, one.starter.minute, reader.law.zone)
        for name in _procedures_in(rule.sums, reader)
        for one in reader.instances(name)
        if one.start == (first, first) and one.end == (end, end) and one.starter and one.closer
        if one.starter.minute is not None and one.closer.minute is not None
    }
    return lengths.pop() if len(lengths) == 1 else None


def _procedures_in(tree: Any, reader: Reader) -> set[str]:
    """Give the procedures whose instances a set of days is made of."""
    match tree:
        case ["name", name]:
            return _procedures_in(reader.law.spans.get(name), reader)
        case ["call", "spans", [argument, *_]]:
            return {apart(argument)[0]}
        case list():
            return {name for part in tree for name in _procedures_in(part, reader)}
    return set()


def _reached_on(summed: int, period: Period, now: int) -> int:
    """Walk from night to night until the period is used up; what goes on now will go on."""
    if not summed:
        return LAST_DAY
    start = nights.first_day(summed)
    left = later(start, period) - start
    if left == 0:
        return start
    for night in nights.listed(summed):
        left -= 1
        if left == 0:
            return night + 1
    return nights.end_day(summed) + left if nights.end_day(summed) >= now else LAST_DAY


# --------------------------------------------------------------------------------------- waiting, validity, recurring


def _plain_limit(rule: Rule, reader: Reader, subject: Instance | None) -> tuple[Clock, Days, Truth] | None:
    """Give the clock of a waiting time or of a validity, its start, and whether the rule holds."""
    applies = reader.truth(rule.only_if, reader.as_of, subject)
    if applies == NO:
        return None
    unread = open_start(rule, reader, subject)
    if unread:
        return Clock(rule, subject, {"unknown"}, start=unread), unread, MAYBE
    limits = start_and_due(rule, reader, subject)
    if limits is None:
        return Clock(rule, subject, {"idle"}), (1, 1), applies
    exception = excepted(rule, reader, subject)
    if exception == YES:
        return Clock(rule, subject, {"ended"}, start=limits[0]), limits[0], NO
    due = extended(rule, reader, subject, *limits)
    over = is_before(due, (reader.as_of, reader.as_of))
    holds = all_of((applies, opposite(exception)))
    status = {"ended" if one else "running" for one in over} | ({"ended"} if holds == MAYBE else set())
    return Clock(rule, subject, status, start=limits[0], due=due), limits[0], holds


def _validity(rule: Rule, reader: Reader, subject: Instance | None) -> list[Clock]:
    made = _plain_limit(rule, reader, subject)
    return [_asked(made[0], reader, reader.truth(rule.only_if, reader.as_of, subject))] if made else []


def _waiting(rule: Rule, reader: Reader, subject: Instance | None) -> list[Clock]:
    """An act on or before the last day of the waiting time, and not before its start, comes too early."""
    made = _plain_limit(rule, reader, subject)
    if made is None:
        return []
    clock, start, holds = made
    if clock.due is None:
        return [clock]
    for entry, counts in counted(rule.on, reader, subject):
        inside = all_of((counts, is_by(start, entry.days), is_by(entry.days, clock.due)))
        if inside == NO or clock.late == YES:
            continue
        clock.late, clock.when = all_of((inside, holds)), When(entry.days, one_day=True)
        clock.status = {"missed"} if clock.late == YES else clock.status | {"missed"}
    return [_asked(clock, reader)]


def _recurring(rule: Rule, reader: Reader, subject: Instance | None) -> list[Clock]:
    """One clock for each gap: from the beginning to the first time, between two times, from the last time on."""
    now = reader.as_of
    applies = reader.truth(rule.only_if, now, subject)
    summed = _nights_summed(rule, reader, subject) if rule.sums and applies != NO else Nights()
    if not summed.possible:
        return []
    begins, ends = nights.first_day(summed.possible), nights.end_day(summed.possible)
    begins_surely = nights.first_day(summed.sure) if summed.sure else LAST_DAY
    found = [(e, c) for e, c in counted(rule.on, reader, None) if e.last >= begins and e.first <= ends]
    done = sorted((e.first, e.last, e.order) for e, c in found if c == YES)
    doubtful = [e.days for e, c in found if c == MAYBE]
    marks = [(begins, begins_surely), *((first, last) for first, last, _ in done)]
    marks.append((min(ends, nights.end_day(summed.sure) or ends), ends))
    heard = log_is_complete(rule, reader) or rule.pending_counts
    holds = all_of((applies, opposite(excepted(rule, reader, subject))))
    made = []
    for n in range(1, len(marks)):
        opened, closed = marks[n - 1], marks[n]
        is_last = n == len(marks) - 1
        between = any(is_by(opened, day) != NO and is_by(day, closed) != NO for day in doubtful)
        status = "met" if not is_last else "running" if ends >= now else "ended"
        clock = Clock(rule, subject, {status}, n=n, start=opened)
        if rule.limits:
            _, amount, unit = rule.limits[0].period
            clock.due = reader.in_time(rule, now, subject, opened, (amount, unit), rule.regime)
            sure = YES if not between and (heard or not is_last) else MAYBE
            clock.late = all_of((is_before(clock.due, closed), holds, sure))
            clock.when = When((clock.due[0] + 1, closed[1]), (clock.due[1] + 1, closed[0]))
            missed = "missed" if is_last else "met_late"
            clock.status = {YES: {missed}, NO: {status}, MAYBE: {status, missed}}[clock.late]
        else:
            surely = (summed.sure & nights.stretch(opened[1], closed[0])).bit_count()
            at_most = (summed.possible & nights.stretch(opened[0], closed[1])).bit_count()
            clock.when = When((opened[0], closed[1]), (opened[1], closed[0]))
            _weigh(clock, (0 if between else surely, at_most), holds)
            if clock.late == YES and (n == 1 or is_last) and not rule.pending_counts:
                clock.late, clock.verdict = MAYBE, ""
        made.append(_asked(clock, reader) if rule.limits else clock)
    return made


_KINDS = {
    "deadline": _deadline,
    "window": _deadline,
    "waiting": _waiting,
    "ceiling": _ceiling,
    "recurring": _recurring,
    "validity": _validity,
}
