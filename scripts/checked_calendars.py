"""The calendars that were compared with acts and announcements: rules of the acts, decisions of single years.

Each calendar is a `Checked`: its sources, and for a year the days that are free and those that may be. Movable days
are computed from the rule of the act (Easter by `dateutil`); Bajram is as announced, later years are a forecast.
`build_calendars.py` writes the files. What was read was a stored copy of the page that the source names.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from dateutil.easter import EASTER_ORTHODOX, EASTER_WESTERN, easter

SINCE = 2018
SUNDAY = 6
TEXT, SECOND, NOT = "verified-text", "verified-secondary", "not-cross-checked"
Free = tuple[date, str, str]  # day, name, key of the source
Unsure = tuple[date, str, str, str]  # the same and why


@dataclass(frozen=True)
class Checked:
    """A calendar from `SINCE` on: what its sources are, and which days of a year they give."""

    sources: Mapping[str, tuple[str, str]]  # key -> how checked, what was read
    free: Callable[[int], Iterable[Free]]
    unsure: Callable[[int], Iterable[Unsure]] = field(default=lambda year: ())
    note: str = ""
    missing_before: str = ""  # why no year before `SINCE` is covered


def fixed(year: int, key: str, days: Mapping[tuple[int, int], str]) -> Iterator[Free]:
    """Give the days of the same date every year."""
    for (month, number), name in days.items():
        yield date(year, month, number), name, key


def after_easter(year: int, key: str, days: Mapping[int, str], kind: int = EASTER_WESTERN) -> Iterator[Free]:
    """Give the days that lie so many days after Easter Sunday."""
    for offset, name in days.items():
        yield easter(year, kind) + timedelta(days=offset), name, key


def next_working(day: date, free: Iterable[date]) -> date:
    """Give the first day after this one that is neither free nor on a weekend."""
    taken = set(free)
    day += timedelta(days=1)
    while day.weekday() > 4 or day in taken:
        day += timedelta(days=1)
    return day


def of_year(year: int, days: Iterable[tuple[str, str, str]]) -> Iterator[Free]:
    """Give those of a list of single days that lie in the year."""
    for text, name, key in days:
        if text.startswith(str(year)):
            yield date.fromisoformat(text), name, key


# --- Bosnia and Herzegovina ------------------------------------------------------------------------------------

# First days of Bajram as the Islamic Community announced them, or as lists for Bosnia and Herzegovina have them.
RAMAZAN = {2018: (6, 15), 2019: (6, 4), 2020: (5, 24), 2021: (5, 13), 2022: (5, 2), 2023: (4, 21), 2024: (4, 10),
           2025: (3, 30), 2026: (3, 20), 2027: (3, 9), 2028: (2, 26), 2029: (2, 14), 2030: (2, 4)}  # fmt: skip
KURBAN = {2018: (8, 21), 2019: (8, 11), 2020: (7, 31), 2021: (7, 20), 2022: (7, 9), 2023: (6, 28), 2024: (6, 16),
          2025: (6, 6), 2026: (5, 27), 2027: (5, 16), 2028: (5, 5), 2029: (4, 24), 2030: (4, 13)}  # fmt: skip
ANNOUNCED = {("Ramazan", 2024), ("Ramazan", 2025), ("Ramazan", 2026), ("Kurban", 2021), ("Kurban", 2024),
             ("Kurban", 2025)}  # fmt: skip
LISTED = {("Ramazan", 2018), ("Ramazan", 2019), ("Ramazan", 2020), ("Ramazan", 2021), ("Kurban", 2018),
          ("Kurban", 2019), ("Kurban", 2020), ("Kurban", 2022)}  # fmt: skip
FORECAST_FROM = 2027

BELIEVERS = {
    "takvim": (SECOND, "Takvim of the Islamic Community in BiH, as the press reported it: vasevijesti.net (2024), "
                       "tatabrada.ba (2024, 2025), rtvslon.ba (2025, 2026), akter.ba (2021)"),
    "bajram-lists": (SECOND, "Lists for BiH and the region: neradni-dani.com, neradnipraznici.com, neradnidani.net; "
                             "mrv.ba (2022)"),
    "bajram-seed": (NOT, "holidays 0.109, Bosnia and Herzegovina, Bajram"),
    "moon": (NOT, "Computed new moon (holidays 0.109, calendar-yearly.com), one day either way; not announced"),
    "church": (SECOND, "Computed Easter and fixed Christmas; which days: mesecevemene.com, neradnipraznici.com"),
}  # fmt: skip


def key_of_bajram(word: str, year: int) -> str:
    """Say what the first day of this Bajram was read in."""
    one = (word, year)
    return "takvim" if one in ANNOUNCED else "bajram-lists" if one in LISTED else "bajram-seed"


def bajram(year: int) -> Iterator[Unsure]:
    """Give two days of each Bajram, or in a forecast also the day before and the third."""
    for word, table in (("Ramazan", RAMAZAN), ("Kurban", KURBAN)):
        first = date(year, *table[year])
        if year >= FORECAST_FROM:
            for offset in range(-1, 3):
                yield first + timedelta(days=offset), f"{word} Bajram", "moon", "forecast"
            continue
        for offset in (0, 1):
            yield first + timedelta(days=offset), f"{word} Bajram", key_of_bajram(word, year), "believers"


def religious(year: int) -> Iterator[Unsure]:
    """Give the religious days: leave of those who believe, while the authority works."""
    yield from ((day, name, key, "believers") for day, name, key in (
        *fixed(year, "church", {(1, 6): "Orthodox Christmas Eve", (1, 7): "Orthodox Christmas Day",
                                (12, 24): "Catholic Christmas Eve", (12, 25): "Catholic Christmas Day"}),
        *after_easter(year, "church", {-2: "Catholic Good Friday", 0: "Catholic Easter", 1: "Catholic Easter Monday"}),
        *after_easter(year, "church", {-2: "Orthodox Good Friday", 0: "Orthodox Easter", 1: "Orthodox Easter Monday"},
                      EASTER_ORTHODOX),
    ))  # fmt: skip
    yield from bajram(year)


def federation(year: int) -> Iterator[Free]:
    """Law on holidays (SFRY 6/73), laws on 1 March and 25 November (RBiH 9/95), decisions of the Government."""
    for month, name in ((1, "New Year's Day"), (5, "Labour Day")):
        two = [date(year, month, 1), date(year, month, 2)]
        yield from ((day, name, "law-6-73") for day in two)
        if any(day.weekday() == SUNDAY for day in two):
            yield next_working(two[1], two), f"{name}, moved from Sunday", "law-6-73"
    yield date(year, 3, 1), "Independence Day", "law-9-95"
    yield date(year, 11, 25), "Statehood Day", "law-9-95"
    yield from of_year(year, [
        ("2018-11-26", "Day after Statehood Day", "decision-2018"),
        ("2020-03-02", "Day after Independence Day", "decision-2020"),
        ("2026-03-02", "Day after Independence Day", "decision-2026"),
    ])  # fmt: skip


def federation_unsure(year: int) -> Iterator[Unsure]:
    yield from religious(year)
    if year == 2029:
        yield date(2029, 11, 26), "Day after Statehood Day (a Sunday)", "decision-2018", "undecided"


def srpska(year: int) -> Iterator[Free]:
    """Law on holidays of Republika Srpska (43/07), Law on the Day of the Republic, conclusions of the Government."""
    for month, name in ((1, "New Year's Day"), (5, "Labour Day")):
        yield date(year, month, 1), name, "law-43-07"
        yield date(year, month, 2), name, "law-43-07"
        if date(year, month, 2).weekday() == SUNDAY:
            yield date(year, month, 3), f"{name}, moved from Sunday", "law-43-07"
    yield date(year, 1, 9), "Day of the Republic", "day-of-the-republic"
    yield date(year, 5, 9), "Victory Day", "law-43-07"
    yield date(year, 11, 21), "Dayton Agreement Day", "law-43-07"
    yield from of_year(year, [
        ("2021-11-22", "Day after Dayton Agreement Day", "conclusion-2021"),
        ("2023-01-14", "Orthodox New Year", "conclusion-2023"),
        ("2025-01-14", "Orthodox New Year", "conclusion-2025"),
        ("2026-01-14", "Orthodox New Year", "conclusion-2026"),
        ("2026-02-16", "Sretenje, moved from Sunday", "conclusion-sretenje"),
    ])  # fmt: skip


def srpska_unsure(year: int) -> Iterator[Unsure]:
    yield from religious(year)
    if year not in (2023, 2025, 2026):
        yield date(year, 1, 14), "Orthodox New Year", "protocol", "undecided"
    for month, number, name in ((1, 9, "Day of the Republic"), (5, 9, "Victory Day"), (11, 21, "Dayton Agreement Day")):
        day = date(year, month, number)
        if day.weekday() == SUNDAY:
            yield day + timedelta(days=1), f"Day after {name} (a Sunday)", "conclusion-2021", "undecided"
    if year >= 2025:
        yield date(year, 2, 15), "Sretenje", "conclusion-sretenje", "undecided"
    if year >= 2027:
        yield date(year, 2, 16), "Sretenje", "conclusion-sretenje", "undecided"


def brcko(year: int) -> Iterator[Free]:
    """Law on holidays of Brčko District: a holiday on a Sunday makes the first working day after it free."""
    days = {(1, 1): "New Year's Day", (1, 2): "New Year's Day", (3, 8): "Day of Brčko District",
            (5, 1): "Labour Day", (5, 2): "Labour Day"}  # fmt: skip
    own = list(fixed(year, "law-19-02", days))
    yield from own
    for day, name, key in own:
        if day.weekday() == SUNDAY:
            yield next_working(day, (one for one, _, _ in own)), f"{name}, moved from Sunday", key


PARTS: Mapping[str, tuple[Callable[[int], Iterable[Free]], Callable[[int], Iterable[Unsure]]]] = {
    "FBiH": (federation, federation_unsure),
    "RS": (srpska, srpska_unsure),
    "BD": (brcko, religious),
}


def common(year: int) -> Iterator[Free]:
    """Give the days that are free in both entities and in the District."""
    free = [{day: name for day, name, _ in days(year)} for days, _ in PARTS.values()]
    for day in sorted(set.intersection(*(set(one) for one in free))):
        yield day, free[0][day], "common"


def state_unsure(year: int) -> Iterator[Unsure]:
    """Give every other day that is free, or may be, in some part."""
    sure = {day for day, _, _ in common(year)}
    where: dict[date, list[str]] = {}
    names: dict[date, str] = {}
    for part, (days, _) in PARTS.items():
        for day, name, _key in days(year):
            if day not in sure:
                where.setdefault(day, []).append(part)
                names.setdefault(day, name)
    for day, name in names.items():
        yield day, f"{name} ({', '.join(where[day])})", "parts", "not-for-all"
    for _, days in PARTS.values():
        for day, name, key, why in days(year):
            if day not in sure:
                yield day, name, key if key in BELIEVERS else "parts", why


YEARS_BEFORE_BA = "no list of this year was compared; the seed mixes holidays with leave of believers"
FBIH_SOURCES = {
    "law-6-73": (TEXT, "Law on holidays (SFRY OG 6/73, taken over RBiH OG 2/92 and 13/94), as the Federal Ministry of "
                       "Labour states it, fmrsp.gov.ba, answer of 19 April 2022; notices for 2018, 2019, 2021, 2023, "
                       "2025 and 2026 agree"),
    "law-9-95": (TEXT, "Laws on 1 March and 25 November (RBiH OG 9/95), as the same Ministry states them, "
                       "fmrsp.gov.ba/post4067; both are kept on the day itself and never moved"),
    "decision-2018": (TEXT, "Decision of the Government of FBiH of 15 November 2018, fmrsp.gov.ba/post4067"),
    "decision-2020": (SECOND, "Decision of the Government of FBiH of 20 February 2020: fena.ba, zenicainfo.ba"),
    "decision-2026": (SECOND, "Decision of the Government of FBiH of 20 February 2026: rtvslon.ba, dnevni.ba"),
    **BELIEVERS,
}  # fmt: skip
RS_SOURCES = {
    "law-43-07": (TEXT, "Law on holidays of Republika Srpska (OG RS 43/07), arts 2-5, copies at bih-pravo.org and "
                        "pravobih.com; list of the Protocol Service, protokolrs.net"),
    "day-of-the-republic": (SECOND, "Law on the Day of the Republic and yearly decisions; notices of the Ministry of "
                                    "Administration for 2018, 2020, 2023, 2026 (mondo.ba, paragraf.ba, atvbl.rs)"),
    "protocol": (TEXT, "protokolrs.net lists 14 January; the Government decides each year"),
    "conclusion-2021": (TEXT, "Conclusion of the Government, notice of the municipality of Bileća, opstinabileca.ba"),
    "conclusion-2023": (SECOND, "Conclusion of the Government: radiogradiska.com, prijedor24h.net"),
    "conclusion-2025": (SECOND, "Decision of the Government: tanjug.rs, 13 January 2025"),
    "conclusion-2026": (SECOND, "Conclusion of the Government of 12 January 2026: atvbl.rs, provjereno.info"),
    "conclusion-sretenje": (SECOND, "Conclusion of the Government of 13 February 2026: atvbl.rs"),
    **BELIEVERS,
}  # fmt: skip
BD_SOURCES = {
    "law-19-02": (TEXT, "Law on holidays of Brčko District (OG BD 19/02, 19/22), arts 2-5, copy at paragraf.ba"),
    **BELIEVERS,
}
BA_SOURCES = {
    "common": (SECOND, "Free by the laws of FBiH, Republika Srpska and Brčko District alike: BA-FBiH, BA-RS, BA-BD"),
    "parts": (SECOND, "Free by the law or a decision of the part that is named: BA-FBiH, BA-RS, BA-BD"),
    **BELIEVERS,
}


# --- partners --------------------------------------------------------------------------------------------------


def austria(year: int) -> Iterator[Free]:
    yield from fixed(year, "feiertrg", {
        (1, 1): "New Year's Day", (1, 6): "Epiphany", (5, 1): "Labor Day", (8, 15): "Assumption Day",
        (10, 26): "National Day", (11, 1): "All Saints' Day", (12, 8): "Immaculate Conception",
        (12, 25): "Christmas Day", (12, 26): "Saint Stephen's Day"})  # fmt: skip
    yield from after_easter(year, "feiertrg", {
        1: "Easter Monday", 39: "Ascension Day", 50: "Pentecost Monday", 60: "Corpus Christi"})  # fmt: skip


def switzerland(year: int) -> Iterator[Free]:
    yield from fixed(year, "bpv", {(1, 1): "New Year's Day", (8, 1): "National Day", (12, 25): "Christmas Day"})
    yield from after_easter(year, "bpv", {39: "Ascension Day"})


def switzerland_unsure(year: int) -> Iterator[Unsure]:
    days = (*fixed(year, "bpv", {(1, 2): "Saint Berchtold's Day", (12, 26): "Saint Stephen's Day"}),
            *after_easter(year, "bpv", {-2: "Good Friday", 1: "Easter Monday", 50: "Pentecost Monday"}))  # fmt: skip
    yield from ((day, name, key, "not-for-all") for day, name, key in days)


def belgium(year: int) -> Iterator[Free]:
    yield from fixed(year, "belgium-be", {
        (1, 1): "New Year's Day", (5, 1): "Labor Day", (7, 21): "National Day", (8, 15): "Assumption Day",
        (11, 1): "All Saints' Day", (11, 11): "Armistice Day", (12, 25): "Christmas Day"})  # fmt: skip
    yield from after_easter(year, "belgium-be", {1: "Easter Monday", 39: "Ascension Day", 50: "Pentecost Monday"})


def netherlands(year: int) -> Iterator[Free]:
    king = date(year, 4, 27)
    yield king - timedelta(days=king.weekday() == SUNDAY), "King's Day", "atw"
    yield from fixed(year, "atw", {(1, 1): "New Year's Day", (5, 5): "Liberation Day", (12, 25): "Christmas Day",
                                   (12, 26): "Second Day of Christmas"})  # fmt: skip
    yield from after_easter(year, "atw", {
        -2: "Good Friday", 1: "Easter Monday", 39: "Ascension Day", 50: "Pentecost Monday"})  # fmt: skip


EQUATED = ["2022-05-27", "2023-04-28", "2023-05-19", "2024-05-10", "2024-12-27", "2025-05-30", "2026-01-02",
           "2026-05-15", "2027-05-07", "2028-04-28", "2028-05-26"]  # fmt: skip


def netherlands_unsure(year: int) -> Iterator[Unsure]:
    for text in EQUATED:
        if text.startswith(str(year)):
            yield date.fromisoformat(text), "Equated with a holiday", "equated", "not-for-all"
    if year < 2022 or year > 2028:
        day = easter(year) + timedelta(days=40)
        yield day, "Day after Ascension Day", "equated-by-habit", "undecided"


def luxembourg(year: int) -> Iterator[Free]:
    key = "law-2019" if year > 2018 else "law-before-2019"
    yield from fixed(year, key, {
        (1, 1): "New Year's Day", (5, 1): "Labor Day", (6, 23): "National Day", (8, 15): "Assumption Day",
        (11, 1): "All Saints' Day", (12, 25): "Christmas Day", (12, 26): "Saint Stephen's Day"})  # fmt: skip
    if year > 2018:
        yield date(year, 5, 9), "Europe Day", key
    yield from after_easter(year, key, {1: "Easter Monday", 39: "Ascension Day", 50: "Pentecost Monday"})


def serbia(year: int) -> Iterator[Free]:
    own = list(fixed(year, "law-43-01", {
        (1, 1): "New Year's Day", (1, 2): "New Year's Day", (2, 15): "Statehood Day", (2, 16): "Statehood Day",
        (5, 1): "Labor Day", (5, 2): "Labor Day", (11, 11): "Armistice Day"}))  # fmt: skip
    church = [(date(year, 1, 7), "Orthodox Christmas Day", "law-43-01"), *after_easter(year, "law-43-01", {
        -2: "Good Friday", -1: "Holy Saturday", 0: "Easter Sunday", 1: "Easter Monday"}, EASTER_ORTHODOX)]  # fmt: skip
    yield from (*own, *church)
    for day, name, key in own:
        if day.weekday() == SUNDAY:
            yield next_working(day, (one for one, _, _ in (*own, *church))), f"{name} (observed)", key


def serbia_unsure(year: int) -> Iterator[Unsure]:
    if year in (2021, 2024):
        yield date(year, 1, 8), "Second Day of Orthodox Christmas", "january-8", "undecided"


def montenegro(year: int) -> Iterator[Free]:
    days = {(1, 1): "New Year's Day", (5, 1): "Labor Day", (5, 21): "Independence Day", (7, 13): "Statehood Day"}
    if year > 2022:
        days[11, 13] = "Njegos Day"
    for (month, number), name in days.items():
        day = date(year, month, number)
        key = "njegos" if month == 11 else "law-27-07"
        yield day, name, key
        yield day + timedelta(days=1), name, key
        if SUNDAY in (day.weekday(), (day + timedelta(days=1)).weekday()):
            yield day + timedelta(days=2), f"{name} (observed)", key
    if year == 2022:
        yield date(2022, 11, 13), "Njegos Day", "njegos"


def montenegro_unsure(year: int) -> Iterator[Unsure]:
    days = (*fixed(year, "leave", {
                (1, 6): "Orthodox Christmas Eve", (1, 7): "Orthodox Christmas Day", (1, 8): "Orthodox Christmas Day",
                (12, 24): "Catholic Christmas Eve", (12, 25): "Catholic Christmas Day",
                (12, 26): "Catholic Christmas Day"}),
            *after_easter(year, "leave", {-2: "Catholic Good Friday", 1: "Catholic Easter Monday"}),
            *after_easter(year, "leave", {-2: "Orthodox Good Friday", 1: "Orthodox Easter Monday"},
                          EASTER_ORTHODOX))  # fmt: skip
    yield from ((day, name, key, "believers") for day, name, key in days)
    for word, table in (("Ramazan", RAMAZAN), ("Kurban", KURBAN)):
        late, seed = year >= FORECAST_FROM, key_of_bajram(word, year) == "bajram-seed"
        key = "moon" if late else "bajram-seed" if seed else "leave"
        for offset in range(-1 if late else 0, 4 if late else 3):
            day = date(year, *table[year]) + timedelta(days=offset)
            yield day, f"{word} Bajram", key, "forecast" if late else "believers"


def croatia(year: int) -> Iterator[Free]:
    key = "law-110-19" if year > 2019 else "law-33-96"
    names = {
        (1, 1): "New Year's Day", (1, 6): "Epiphany", (5, 1): "Labor Day", (6, 22): "Anti-Fascist Struggle Day",
        (8, 5): "Victory and Homeland Thanksgiving Day and Croatian Veterans Day", (8, 15): "Assumption Day",
        (11, 1): "All Saints' Day", (12, 25): "Christmas Day", (12, 26): "Saint Stephen's Day"}  # fmt: skip
    names |= (
        {(5, 30): "Statehood Day", (11, 18): "Remembrance Day"}
        if year > 2019
        else {(6, 25): "Statehood Day", (10, 8): "Independence Day"}
    )
    yield from after_easter(year, key, {0: "Easter Sunday", 1: "Easter Monday", 60: "Corpus Christi"})
    yield from fixed(year, key, names)


CHECKED: Mapping[str, Checked] = {
    "BA": Checked(
        BA_SOURCES, common, state_unsure, missing_before=YEARS_BEFORE_BA,
        note="There is no holiday law of the State: the Council of Ministers proposed one in 2009 and said that until "
             "then each case is decided by itself (parco.gov.ba, 16 July 2009); in 2019 there was still none "
             "(hercegovina.info). No decision of the Council of Ministers on its institutions could be read. So only "
             "what is free in FBiH, Republika Srpska and Brčko District alike is free here; any other day of theirs "
             "may be. The calendar of the place of the action is that of the part, where the part is known."),
    "BA-FBiH": Checked(
        FBIH_SOURCES, federation, federation_unsure, missing_before=YEARS_BEFORE_BA,
        note="Religious days are leave of four days a year, two of them paid (Labour Law FBiH, art. 54(3)); the "
             "Ministry says they are no holidays of authorities (fmrsp.gov.ba, 6 July 2022). They may be free here, "
             "because the official may be away. 9 May is a holiday on which work goes on. Days of the cantons are "
             "missing."),
    "BA-RS": Checked(
        RS_SOURCES, srpska, srpska_unsure, missing_before=YEARS_BEFORE_BA,
        note="Religious days are paid leave of believers (Law on holidays, art. 7). The Constitutional Court of BiH "
             "set aside 9 January as a holiday of this law (OG BiH 77/16); the authorities of Republika Srpska do not "
             "work on it. Further days that the Government freed by a conclusion are here only where a notice was "
             "found. Work is made up on days that each head sets, so no Saturday is a working day for all."),
    "BA-BD": Checked(
        BD_SOURCES, brcko, religious, missing_before=YEARS_BEFORE_BA,
        note="Religious days are no holidays of the District; they may be free, because the official may be away. "
             "Decisions of the Mayor on single days were looked for and not found."),
    "AT": Checked(
        {"feiertrg": (TEXT, "Feiertagsruhegesetz 1957 (BGBl 153/1957), § 1, version in force since 22 March 2019, "
                            "360.lexisnexis.at; § 7 Arbeitsruhegesetz: derstandard.at, April 2019")},
        austria, note="Days of single Länder are missing; authorities may be closed on them."),
    "CH": Checked(
        {"bpv": (TEXT, "Bundespersonalverordnung (SR 172.220.111.3), art. 66(2), as of 1 January 2023, lawbrary.ch and "
                       "droit-bilingue.ch; by its footnotes unchanged since 2018 at least")},
        switzerland, switzerland_unsure,
        note="Days free in every canton are free; the other whole days of the federal administration may be, as art. "
             "66(4) leaves them to the place of work. Half days (24 and 31 December) and days of cantons are missing."),
    "BE": Checked(
        {"belgium-be": (TEXT, "belgium.be, ten legal holidays (Act of 4 January 1974, Royal Decree of 18 April 1974)")},
        belgium, note="The page says that the ten days are those of the private sector. Further days of the federal "
                      "administration and of the communities were looked for and not found."),
    "NL": Checked(
        {"atw": (TEXT, "Algemene termijnenwet, art. 3(1)-(2), quoted at wvhl.nl and staatsrechtpraktijk.nl; King's Day "
                       "on Saturday where 27 April is a Sunday"),
         "equated": (SECOND, "Decisions under art. 3(3) Algemene termijnenwet, titles at sterfgeval.nl (2023-2028) and "
                             "wvhl.nl (2022); they lengthen periods of that act"),
         "equated-by-habit": (SECOND, "nl.wikipedia.org: in practice always equated; no decision read for this year")},
        netherlands, netherlands_unsure,
        note="Liberation Day is a holiday every year by art. 3(1), whoever works on it. Decisions under art. 3(3) for "
             "2018-2021 and from 2029 were not found."),
    "LU": Checked(
        {"law-2019": (TEXT, "Law of 25 April 2019 (Mémorial A 271), art. 1: Code du travail, art. L. 232-2, in force "
                            "from 1 January 2019, legilux; fonction-publique.public.lu has the same list"),
         "law-before-2019": (SECOND, "The same list without Europe Day: Decision of the Court of Justice of 10 June "
                                     "2003 on official holidays (OJ L 172, 10.7.2003)")},
        luxembourg, note="Half days (Whit Tuesday, 24 December) are missing."),
    "RS": Checked(
        {"law-43-01": (TEXT, "Law on State and other holidays (OG RS 43/01, 101/07, 92/11), arts 1-3a, "
                             "pravno-informacioni-sistem.rs"),
         "january-8": (SECOND, "A decision of the Government on 8 January is reported without its year, "
                               "ikragujevac.com; these are the years in which it fits")},
        serbia, serbia_unsure,
        note="Leave of single believers (art. 4) and recommendations of the Government (6 January 2026) are not here."),
    "ME": Checked(
        {"law-27-07": (TEXT, "Law on State and other holidays (OG RCG 27/07, OG CG 36/13, 145/21, 3/23), arts 1-3, "
                             "copy at me.propisi.net; notices of the Ministry of Labour agree"),
         "njegos": (TEXT, "The same law and OG CG 30/23; notice of the Ministry of 31 October 2023, gov.me; in 2022 "
                          "one day that did not move (art. 3b)"),
         "leave": (SECOND, "Law on the celebration of religious holidays (OG RCG 56/93, 27/94, 73/10), notices on "
                           "gov.me of 2017, 2021 and 2024; days of Easter by analogy"),
         "bajram-seed": BELIEVERS["bajram-seed"],
         "moon": BELIEVERS["moon"]},
        montenegro, montenegro_unsure, note="Religious days are paid leave of believers."),
    "HR": Checked(
        {"law-33-96": (TEXT, "Law on holidays (NN 33/96 to 130/11), art. 1, consolidated copy at licodu.cois.it; "
                             "narodne-novine.nn.hr has NN 136/02"),
         "law-110-19": (SECOND, "Law on holidays (NN 110/19), from 1 January 2020: jutarnji.hr, sh.wikipedia.org, "
                                "dubrovnikinsider.hr (2025), mojkalendar.com.hr (2023), zena.net.hr (2026)")},
        croatia, note="A holiday on a Sunday does not move (art. 4). Leave of single believers (art. 3) is not here."),
}  # fmt: skip


def days_of(code: str, year: int) -> tuple[dict[date, tuple[str, str]], dict[date, tuple[str, str, str]]]:
    """Return the free and the unsure days of a year, in order, each with name, source and why; the first name wins."""
    one = CHECKED[code]
    free: dict[date, tuple[str, str]] = {}
    for day, name, key in one.free(year):
        if day in free and name not in free[day][0]:
            name = f"{free[day][0]}; {name}"
        if day not in free or name != free[day][0]:
            free[day] = name, key if day not in free else free[day][1]
    unsure: dict[date, tuple[str, str, str]] = {}
    for day, name, key, why in one.unsure(year):
        if day not in free and day.year == year:
            unsure.setdefault(day, (name, key, why))
    return dict(sorted(free.items())), dict(sorted(unsure.items()))
