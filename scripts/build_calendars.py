"""Write law/calendars/*.yaml: the public holidays of every State that the vocabulary names.

The days are a seed taken from the `holidays` package, nation-wide public holidays only. Nobody has compared
them with the official gazettes, and each file says so. A year that the package does not know is declared
under `missing` with the reason: no day is guessed. Run as `python scripts/build_calendars.py`; the same
version of the package gives the same bytes.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from importlib.metadata import version
from pathlib import Path

import holidays
import yaml
from holidays.holiday_base import HolidayBase

FOLDER = Path(__file__).resolve().parent.parent / "law" / "calendars"
YEARS = range(1998, 2031)
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")

STATES: Mapping[str, str] = {
    "AL": "Albania",
    "AT": "Austria",
    "BE": "Belgium",
    "BA": "Bosnia and Herzegovina",
    "BG": "Bulgaria",
    "HR": "Croatia",
    "CY": "Cyprus",
    "CZ": "Czech Republic",
    "DK": "Denmark",
    "EE": "Estonia",
    "FI": "Finland",
    "FR": "France",
    "DE": "Germany",
    "GR": "Greece",
    "HU": "Hungary",
    "IS": "Iceland",
    "IE": "Ireland",
    "IT": "Italy",
    "XK": "Kosovo",
    "LV": "Latvia",
    "LT": "Lithuania",
    "LU": "Luxembourg",
    "MT": "Malta",
    "MD": "Moldova",
    "ME": "Montenegro",
    "NL": "Netherlands",
    "MK": "North Macedonia",
    "NO": "Norway",
    "PL": "Poland",
    "PT": "Portugal",
    "RO": "Romania",
    "RU": "Russia",
    "RS": "Serbia",
    "SK": "Slovakia",
    "SI": "Slovenia",
    "ES": "Spain",
    "SE": "Sweden",
    "CH": "Switzerland",
    "TR": "Türkiye",
    "UA": "Ukraine",
    "GB": "United Kingdom",
}

# What the source of one State's list must add, because the package has no list of the State itself.
SOURCE_DETAILS: Mapping[str, str] = {
    "BA": "days common to all entities",
}

NOTES: Mapping[str, str] = {
    "BA": "State institutions have no common holiday law; days differ by entity, only common ones are here.",
    "UA": "No day is listed after 15 March 2022, when martial law ended days off for public holidays.",
}

# Why a year within the package's own range has no day at all.
EMPTY_YEAR_REASONS: Mapping[str, str] = {
    "UA": "the package lists no day, as martial law suspends public holidays; it has no end of it",
}


def read_holidays(code: str) -> HolidayBase:
    """Return the nation-wide public holidays of one State, named in English where the package can."""
    known = holidays.country_holidays(code)
    language = "en_US" if "en_US" in known.supported_languages else known.default_language
    return holidays.country_holidays(code, years=YEARS, language=language, categories=holidays.PUBLIC)


def list_days(found: HolidayBase) -> dict[date, str]:
    """Return the names by day, in order of date; the package joins several names of one day with '; '."""
    return {day: found[day] for day in sorted(found) if day.year in YEARS}


def find_missing_years(code: str, *, found: HolidayBase, days: Mapping[date, str]) -> dict[int, str]:
    """Return the years without a list and the reason in words; empty when every year is covered."""
    covered = {day.year for day in days}
    missing: dict[int, str] = {}
    for year in YEARS:
        if year < found.start_year:
            missing[year] = f"the package knows this State from {found.start_year} on"
        elif year > found.end_year:
            missing[year] = f"the package knows this State until {found.end_year}"
        elif year not in covered:
            missing[year] = EMPTY_YEAR_REASONS.get(code, "the package lists no day in this year")
    return missing


def quote(text: str) -> str:
    """Return a text as one YAML scalar on one line, quoted only where YAML needs it."""
    dumped = yaml.safe_dump([text], allow_unicode=True, default_flow_style=False, width=10_000)
    return str(dumped).removeprefix("- ").rstrip("\n")


def describe_source(code: str) -> str:
    """Return where the days come from: package, version, category and what one State's list must add."""
    source = f"holidays {version('holidays')}, category public"
    return f"{source}, {SOURCE_DETAILS[code]}" if code in SOURCE_DETAILS else source


def write_head(code: str, *, found: HolidayBase) -> Iterator[str]:
    """Yield the lines above the days."""
    weekend = ", ".join(WEEKDAYS[number] for number in sorted(found.weekend))
    yield f"calendar: {quote(STATES[code])}"
    yield f"code: {quote(code)}"  # unquoted, Norway's NO would be read as false
    yield f"weekend: [{weekend}]"
    yield f'defaults: {{checked: not_cross_checked, source: "{describe_source(code)}"}}'
    if code in NOTES:
        yield f"note: {quote(NOTES[code])}"
    yield f"from: {YEARS.start}"
    yield f"until: {YEARS.stop - 1}"


def write_calendar(code: str) -> str:
    """Return one State's file as text."""
    found = read_holidays(code)
    days = list_days(found)
    missing = find_missing_years(code, found=found, days=days)
    lines = [*write_head(code, found=found), "days:"]
    lines += [f"  '{day.isoformat()}': {quote(name)}" for day, name in days.items()]
    if missing:
        lines += ["missing:", *(f"  {year}: {quote(reason)}" for year, reason in missing.items())]
    return "\n".join(lines) + "\n"


def main() -> None:
    """Write one file per State."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    for code in STATES:
        (FOLDER / f"{code.lower()}.yaml").write_text(write_calendar(code), encoding="utf-8", newline="\n")
    print(f"{len(STATES)} calendars written")


if __name__ == "__main__":
    main()
