"""Instants, for periods in hours: minutes since the first day of the calendar, in universal time.

A day is an interval of minutes where the time of day is not recorded. An hour that comes twice when the clocks are
set back is read as the first; the instants between two days follow the zone, so that a day may have 23 or 25 hours.
"""

from datetime import UTC, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from staza.engine.days import is_known
from staza.engine.logic import Days

DAY_MINUTES = 24 * 60
_FIRST = datetime(1, 1, 1, tzinfo=UTC)


@lru_cache(maxsize=4096)
def instant(day: int, minute: int, zone: str) -> int:
    """Give the instant of a day and the minutes since its midnight by the clocks of a zone."""
    if not is_known(day) or not is_known(day + 1):
        return (day - 1) * DAY_MINUTES + minute
    local = datetime.fromordinal(day) + timedelta(minutes=minute)
    return (local.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC) - _FIRST) // timedelta(minutes=1)


def instants(days: Days, minute: int | None, zone: str) -> Days:
    """Give the instants in which something lies: one where its day and its time of day are known, else whole days."""
    if minute is not None and days[0] == days[1]:
        return (instant(days[0], minute, zone),) * 2
    return instant(days[0], 0, zone), end_of(days[1], zone)


def end_of(day: int, zone: str) -> int:
    """Give the last minute of a day."""
    return instant(day + 1, 0, zone) - 1


def local_days(moments: Days, zone: str) -> Days:
    """Give the days on which the first and the last of several instants lie by the clocks of a zone."""
    return _local(moments[0], zone).toordinal(), _local(moments[1], zone).toordinal()


def written(moment: int, zone: str) -> str:
    """Give an instant as RFC 3339 with the offset of the zone."""
    return _local(moment, zone).isoformat(timespec="seconds")


def _local(moment: int, zone: str) -> datetime:
    try:
        return (_FIRST + timedelta(minutes=moment)).astimezone(ZoneInfo(zone))
    except OverflowError:
        return datetime.max.replace(tzinfo=UTC) if moment > 0 else _FIRST
