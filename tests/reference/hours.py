"""Limits and lengths in hours: everything is a moment of universal time, in minutes."""

from datetime import datetime, timedelta, timezone
from zoneinfo import ZoneInfo

from reference.truth import FIRST_DAY, LAST_DAY, Days
from staza.engine.types import CaseEvent

DAWN = datetime(1, 1, 1, tzinfo=timezone.utc)  # noqa: UP017


def moment(day: int, minute: int, zone: str) -> int:
    """Minutes from the first day of the calendar to a time of day as the clocks of a zone show it."""
    if not FIRST_DAY < day < LAST_DAY - 1:
        return (day - 1) * 1440 + minute
    shown = datetime.fromordinal(day).replace(tzinfo=ZoneInfo(zone)) + timedelta(minutes=minute)
    return int((shown.astimezone(timezone.utc) - DAWN).total_seconds()) // 60  # noqa: UP017


def moments(days: Days, minute: int | None, zone: str) -> Days:
    """The first and last moment in which something may lie."""
    if minute is not None and days[0] == days[1]:
        only = moment(days[0], minute, zone)
        return only, only
    return moment(days[0], 0, zone), moment(days[1] + 1, 0, zone) - 1


def of_entry(entry: CaseEvent, zone: str) -> Days:
    if entry.received is not None:
        return moments((entry.received, entry.received), None, zone)
    return moments(entry.days, entry.minute, zone)


def day_of(when: int, zone: str) -> int:
    """The day that a calendar in the zone shows at a moment."""
    try:
        return (DAWN + timedelta(minutes=when)).astimezone(ZoneInfo(zone)).toordinal()
    except OverflowError:
        return LAST_DAY if when > 0 else FIRST_DAY
