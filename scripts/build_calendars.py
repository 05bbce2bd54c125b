"""Write law/calendars/*.yaml: the public holidays of every State that the vocabulary names, and of parts of a State.

The days are a seed taken from the `holidays` package, nation-wide public holidays only, and not compared with any
gazette: each file says so. Where `checked_calendars.py` has a calendar, its days stand in place of the seed from 2018
on. A year that is not known is declared under `missing` with the reason: no day is guessed. Run as
`python scripts/build_calendars.py [FOLDER]`; the same version of the package gives the same bytes.
"""

from __future__ import annotations

import sys
import textwrap
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from importlib.metadata import version
from pathlib import Path

import holidays
import yaml
from checked_calendars import CHECKED, SINCE, days_of
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

PARTS: Mapping[str, str] = {
    "BA-BD": "Brčko District of Bosnia and Herzegovina",
    "BA-FBiH": "Federation of Bosnia and Herzegovina",
    "BA-RS": "Republika Srpska",
}

NOTES: Mapping[str, str] = {
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


def fold(key: str, text: str, indent: str = "") -> Iterator[str]:
    """Yield a long text under its key, folded."""
    yield f"{indent}{key}: >-"
    yield from textwrap.wrap(text, 100, initial_indent=f"{indent}  ", subsequent_indent=f"{indent}  ")


def flow(**entry: str) -> str:
    """Return a mapping as YAML on one line, in the order given."""
    dumped = yaml.safe_dump(entry, allow_unicode=True, default_flow_style=True, width=10_000, sort_keys=False)
    return str(dumped).rstrip("\n")


def write_head(code: str, name: str, *, weekend: Iterable[int], seeded: bool) -> Iterator[str]:
    """Yield the lines above the days."""
    yield f"calendar: {quote(name)}"
    yield f"code: {quote(code)}"  # unquoted, Norway's NO would be read as false
    yield f"weekend: [{', '.join(WEEKDAYS[number] for number in sorted(weekend))}]"
    if seeded:
        yield f'defaults: {{checked: not-cross-checked, source: "holidays {version("holidays")}, category public"}}'
    if code in CHECKED:
        yield "sources:"
        for key, (checked, said) in CHECKED[code].sources.items():
            yield f"  {key}:"
            yield f"    checked: {checked}"
            yield from fold("is", said, "    ")
        if CHECKED[code].note:
            yield from fold("note", CHECKED[code].note)
    if code in NOTES:
        yield f"note: {quote(NOTES[code])}"
    yield f"from: {YEARS.start}"
    yield f"until: {YEARS.stop - 1}"


def write_calendar(code: str) -> str:
    """Return the file of one State, or part of a State, as text."""
    one = CHECKED.get(code)
    lines: list[str] = []
    unsure: list[str] = []
    missing: dict[int, str] = {}
    weekend: Iterable[int] = (5, 6)
    if one is None or not one.missing_before:
        found = read_holidays(code)
        weekend = found.weekend
        days = list_days(found)
        missing = find_missing_years(code, found=found, days=days)
        seed = {day: name for day, name in days.items() if one is None or day.year < SINCE}
        lines += [f"  '{day.isoformat()}': {quote(name)}" for day, name in seed.items()]
    elif one.missing_before:
        missing = dict.fromkeys(range(YEARS.start, SINCE), one.missing_before)
    if one is not None:
        missing = {year: reason for year, reason in missing.items() if year < SINCE}
        for year in range(SINCE, YEARS.stop):
            sure, doubted = days_of(code, year)
            for day, (name, key) in sure.items():
                lines.append(f"  '{day.isoformat()}': {flow(name=name, source=key)}")
            for day, (name, key, why) in doubted.items():
                unsure.append(f"  '{day.isoformat()}': {flow(name=name, source=key, why=why)}")
    seeded = one is None or not one.missing_before
    name = STATES.get(code) or PARTS[code]
    head = write_head(code, name, weekend=weekend, seeded=seeded)
    lines = [*head, "days:", *lines]
    if unsure:
        lines += ["may_be_free:", *unsure]
    if missing:
        lines += ["missing:", *(f"  {year}: {quote(reason)}" for year, reason in missing.items())]
    return "\n".join(lines) + "\n"


def main() -> None:
    """Write one file per State and part."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    for code in (*STATES, *PARTS):
        (folder / f"{code.lower()}.yaml").write_text(write_calendar(code), encoding="utf-8", newline="\n")
    print(f"{len(STATES) + len(PARTS)} calendars written")


if __name__ == "__main__":
    main()
