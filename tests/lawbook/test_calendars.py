"""The calendars that were compared with acts and announcements: known days, doubtful days, what one file must say."""

import shutil
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest
import yaml
from conftest import ROOT, event, log, ordinal, state

from staza.engine.days import due_day
from staza.engine.explain import explain
from staza.lawbook.check import checked_law
from staza.lawbook.errors import LawError

FOLDER = ROOT / "law" / "calendars"
PARTS = ("BA-FBiH", "BA-RS", "BA-BD")
COMPARED = ("BA", *PARTS, "AT", "CH", "BE", "NL", "LU", "RS", "ME", "HR")
RULE = """title: A test
rules:
- id: test.answer
  deadline: asylum_decision_negative
  per: asylum.application
  starts: first(application_lodged)
  lasts: 8 days
  regime: 1182-71
  cites: echr/5(4)
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    """The law without its rules but the shared ones and one for the purpose."""
    made = tmp_path_factory.mktemp("calendars") / "law"
    for name in ("event_kinds", "vocabularies", "instruments", "procedures/shared", "calendars"):
        shutil.copytree(ROOT / "law" / name, made / name)
    (made / "procedures" / "test.yaml").write_text(RULE)
    return made


@pytest.fixture(scope="module")
def bundle(folder):
    return checked_law(folder, "calendars")[0]


KNOWN = [  # code, day, free: yes, no, or maybe
    ("BA-RS", "2024-01-09", "yes"), ("BA-FBiH", "2024-01-09", "no"), ("BA", "2024-01-09", "maybe"),
    ("BA-FBiH", "2024-11-25", "yes"), ("BA-RS", "2024-11-25", "no"), ("BA", "2024-11-25", "maybe"),
    ("BA-FBiH", "2024-03-01", "yes"), ("BA-BD", "2024-03-01", "no"), ("BA-BD", "2024-03-08", "yes"),
    ("BA-RS", "2024-11-21", "yes"), ("BA-FBiH", "2024-11-21", "no"),
    ("BA-RS", "2024-05-09", "yes"), ("BA-FBiH", "2024-05-09", "no"),  # Victory Day: work goes on in the Federation
    ("BA", "2024-01-02", "yes"), ("BA", "2024-05-02", "yes"),
    ("BA-FBiH", "2024-04-10", "maybe"), ("BA-FBiH", "2024-04-11", "maybe"), ("BA-FBiH", "2024-04-12", "no"),
    ("BA-RS", "2024-06-17", "maybe"), ("BA", "2024-06-17", "maybe"), ("BA", "2024-06-18", "no"),
    ("BA", "2018-08-21", "maybe"),  # Kurban Bajram 2018; the seed had the day after
    ("BA", "2024-05-03", "maybe"), ("BA", "2024-12-25", "maybe"),
    ("BA", "2027-03-08", "maybe"), ("BA", "2027-03-11", "maybe"), ("BA", "2027-03-12", "no"),  # a forecast
    # 1 January 2023 is a Sunday: FBiH and BD free the 3rd, RS moves only a second day
    ("BA-FBiH", "2023-01-03", "yes"), ("BA-BD", "2023-01-03", "yes"), ("BA-RS", "2023-01-03", "no"),
    ("BA-RS", "2022-01-03", "yes"), ("BA", "2022-01-03", "yes"), ("BA-FBiH", "2022-05-03", "yes"),
    ("BA-RS", "2022-05-03", "maybe"), ("BA", "2021-05-03", "yes"),
    ("BA-BD", "2026-03-09", "yes"),  # 8 March 2026 is a Sunday
    ("BA-FBiH", "2018-11-26", "yes"), ("BA-FBiH", "2026-03-02", "yes"), ("BA-FBiH", "2029-11-26", "maybe"),
    ("BA-RS", "2021-11-22", "yes"), ("BA-RS", "2026-01-14", "yes"), ("BA-RS", "2027-01-14", "maybe"),
    ("AT", "2024-10-26", "yes"), ("AT", "2024-05-30", "yes"), ("AT", "2024-03-29", "no"),
    ("CH", "2024-08-01", "yes"), ("CH", "2024-01-02", "maybe"), ("CH", "2024-04-01", "maybe"),
    ("BE", "2024-11-11", "yes"), ("BE", "2024-11-15", "no"),
    ("NL", "2023-05-05", "yes"), ("NL", "2025-04-26", "yes"), ("NL", "2024-05-10", "maybe"),
    ("LU", "2019-05-09", "yes"), ("LU", "2018-05-09", "no"), ("LU", "2024-06-23", "yes"),
    ("RS", "2024-02-16", "yes"), ("RS", "2021-05-04", "yes"),  # 2 May 2021: Easter and Labour Day on a Sunday
    ("RS", "2016-05-03", "yes"), ("RS", "2023-01-03", "yes"), ("RS", "2024-05-09", "no"),
    ("ME", "2025-07-15", "yes"), ("ME", "2024-11-14", "yes"), ("ME", "2022-11-14", "no"), ("ME", "2024-06-18", "maybe"),
    ("HR", "2019-10-08", "yes"), ("HR", "2020-10-08", "no"), ("HR", "2020-11-18", "yes"), ("HR", "2024-05-30", "yes"),
    ("HR", "2019-06-25", "yes"), ("HR", "2020-06-25", "no"),
]  # fmt: skip


@pytest.mark.parametrize(("code", "day", "free"), KNOWN)
def test_known_days(bundle, code, day, free):
    places = bundle.calendars[code]
    said = "yes" if ordinal(day) in places.holidays else "maybe" if ordinal(day) in places.unsure else "no"

    assert said == free


@pytest.mark.parametrize("code", COMPARED)
def test_every_day_since_2018_names_a_source(bundle, code):
    file = yaml.load((FOLDER / f"{code.lower()}.yaml").read_bytes(), Loader=yaml.CSafeLoader)

    assert all(isinstance(said, dict) for day, said in file["days"].items() if day >= "2018")
    assert set(range(2018, 2031)) <= bundle.calendars[code].years


def test_the_state_is_sure_only_of_what_is_free_in_every_part_and_doubts_the_rest(bundle):
    state_wide = bundle.calendars["BA"]
    parts = [bundle.calendars[code] for code in PARTS]

    assert state_wide.holidays == frozenset.intersection(*(one.holidays for one in parts))
    assert state_wide.holidays | state_wide.unsure == frozenset.union(*(one.holidays | one.unsure for one in parts))
    assert all(one.years == state_wide.years == frozenset(range(2018, 2031)) for one in parts)


def test_a_due_day_on_bajram_is_an_interval_and_one_on_a_holiday_of_the_part_is_not(bundle):
    """Wednesday 10 and Thursday 11 April 2024: Bajram; Monday 25 November 2024: Statehood Day in the Federation."""

    def due(start, code):
        first, last = due_day(ordinal(start), (8, "days"), "1182-71", bundle.calendars[code])
        return date.fromordinal(first).isoformat(), date.fromordinal(last).isoformat()

    assert due("2024-04-02", "BA-FBiH") == ("2024-04-10", "2024-04-12")
    assert due("2024-11-17", "BA-FBiH") == ("2024-11-26", "2024-11-26")
    assert due("2024-11-17", "BA-RS") == ("2024-11-25", "2024-11-25")
    assert due("2024-11-17", "BA") == ("2024-11-25", "2024-11-26")
    assert due("2027-03-01", "BA-RS") == ("2027-03-09", "2027-03-12")  # a forecast


@pytest.mark.parametrize(
    ("decided", "verdict"),
    [("2024-04-10", None), ("2024-04-11", "question"), ("2024-04-12", "question"), ("2024-04-15", "breach")],
)
def test_what_comes_on_a_day_that_may_still_be_in_time_is_a_question(bundle, decided, verdict):
    """Eight days from 2 April end on Bajram, 10 and 11 April: on the 10th if it is a working day, else on the 12th."""
    made = state(
        bundle,
        log(
            event("2024-04-02", "application_lodged"),
            event(decided, "asylum_decision_negative"),
            state="Bosnia and Herzegovina",
            as_of="2024-06-01",
        ),
    )

    assert [f.verdict for f in made.findings if f.rule == "test.answer"] == ([verdict] if verdict else [])


def test_the_explanation_says_that_the_end_may_move(bundle):
    made = state(
        bundle, log(event("2024-04-02", "application_lodged"), state="Bosnia and Herzegovina", as_of="2024-06-01")
    )
    clock = next(one for one in made.clocks if one.rule == "test.answer")
    regime = next(one for one in explain(made, clock).parts if one.kind == "regime")

    assert regime.text == "it may be no working day: the end may move to"
    assert regime.days == (ordinal("2024-04-10"), ordinal("2024-04-12"))


def fault_of(folder: Path, name: str, old: str, new: str) -> LawError:
    path = folder / "calendars" / name
    before = path.read_text()
    assert old in before
    path.write_text(before.replace(old, new, 1))
    try:
        with pytest.raises(LawError) as fault:
            checked_law(folder, "digest")
    finally:
        path.write_text(before)
    assert fault.value.next
    return fault.value


FAULTS = [
    ("ba-rs.yaml", "until: 2030\ndays:\n", "until: 2031\ndays:\n  '2031-01-01': {name: x, source: law-43-07}\n",
     "2031 is covered by BA-RS and not by BA", "ba-rs.yaml"),
    ("ba-rs.yaml", "code: BA-RS", "code: BX-RS", "BX-RS is part of a State", "ba-rs.yaml:2"),
    ("ba-rs.yaml", "weekend: [saturday, sunday]", "weekend: [friday]", "another weekend than BA", "ba-rs.yaml:3"),
    ("ba.yaml", "weekend: [saturday, sunday]\n", "", "does not say `weekend`", "ba.yaml:2"),
    ("ba-rs.yaml", "code: BA-RS", "code: BA-BD", "`BA-BD` is declared twice", "ba-rs.yaml:2"),
    ("ba-rs.yaml", "source: law-43-07}", "source: law-43-7}", "`law-43-7`", "key `days.2018-01-01.source`"),
    ("ba-rs.yaml", "source: church, why: believers}", "source: church, why: belief}", "belief", "may_be_free"),
    ("ba-rs.yaml", "{name: New Year's Day, source: law-43-07}", "New Year", "2018-01-01 has no source",
     "days.2018-01-01"),
    ("ba-rs.yaml", "may_be_free:\n", "may_be_free:\n  '2018-01-01': {name: x, source: church, why: forecast}\n",
     "2018-01-01 is free and may be free", "may_be_free.2018-01-01"),
    ("ba-rs.yaml", "may_be_free:\n", "may_be_free:\n  '2017-01-01': {name: x, source: church, why: forecast}\n",
     "2017-01-01 lies in a year", "may_be_free.2017-01-01"),
]  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize(("name", "old", "new", "what", "where"), FAULTS)
def test_a_fault_of_a_calendar_is_said_with_its_place(folder, name, old, new, what, where):
    fault = fault_of(folder, name, old, new)

    assert what in fault.what + fault.why
    assert where in fault.where


PART = """calendar: Vienna
code: AT-9
defaults: {checked: not-cross-checked, source: invented}
days: {'2024-11-15': St Leopold}
missing: {2019: no list of this year was compared}
"""


@pytest.fixture
def with_part(folder):
    """Write the file of a part of Austria, and take it away again."""
    yield from written(folder, "a-part.yaml")


@pytest.fixture
def beside(folder):
    """Write one more file, and take it away again."""
    yield from written(folder, "a-named.yaml")


def written(folder: Path, name: str):
    path = folder / "calendars" / name

    def write(text: str) -> Path:
        path.write_text(text)
        return folder

    yield write
    path.unlink()


def test_a_part_says_only_what_differs_and_has_the_days_of_its_state(bundle, with_part):
    alone = bundle.calendars["AT"]
    made = checked_law(with_part(PART), "part")[0].calendars
    whole, part = made["AT"], made["AT-9"]

    assert part.weekend == whole.weekend == alone.weekend
    assert part.years == alone.years - {2019}
    assert part.holidays == {day for day in alone.holidays if date.fromordinal(day).year != 2019} | {
        ordinal("2024-11-15")
    }


def test_what_is_free_in_a_part_only_leaves_the_state_unsure(bundle, with_part):
    """A year that the part lacks is not known for the State either; every other answer stays."""
    alone = bundle.calendars["AT"]
    whole = checked_law(with_part(PART), "part")[0].calendars["AT"]

    assert whole.unsure - alone.unsure == {ordinal("2024-11-15")}
    assert (whole.holidays, whole.years) == (alone.holidays, alone.years - {2019})
    assert due_day(ordinal("2024-11-05"), (10, "days"), "rolling", whole) == (
        ordinal("2024-11-15"), ordinal("2024-11-18"),
    )  # fmt: skip
    assert due_day(ordinal("2024-11-05"), (11, "days"), "rolling", whole) == (ordinal("2024-11-18"),) * 2


NAMED = """calendar: Tribunal of Vienna
code: AT-9-UT
named_only: true
defaults: {checked: not-cross-checked, source: invented}
days: {'2024-03-29': Good Friday}
every_year: {'12-27': Closed, '12-28': {name: Closed, source: rules}, '02-29': Leap Day}
sources: {rules: {checked: not-cross-checked, is: invented}}
"""


def test_a_calendar_that_only_rules_name_leaves_the_places_around_it_as_they_are(with_part, beside):
    before = checked_law(with_part(PART), "part")[0].calendars
    beside(NAMED)
    made = checked_law(with_part(PART), "named")[0].calendars

    assert made["AT-9-UT"].holidays - made["AT-9"].holidays >= {ordinal("2024-03-29"), ordinal("2024-12-27")}
    assert {code: one for code, one in made.items() if code != "AT-9-UT"} == before


@pytest.mark.parametrize("code", ["AT-9-UT", "AT-UT", "CH-UT", "BA-RS-UT"])
def test_what_only_rules_name_has_the_days_the_doubts_and_the_years_of_the_calendar_it_stands_beside(
    with_part, beside, code
):
    beside(NAMED.replace("AT-9-UT", code))
    made = checked_law(with_part(PART), "named")[0].calendars
    whole, named = made[code.removesuffix("-UT")], made[code]
    own = named.holidays - whole.holidays

    assert (named.years, named.weekend) == (whole.years, whole.weekend)
    assert named.unsure == whole.unsure - own
    assert named.holidays >= {day for day in whole.holidays if date.fromordinal(day).year in whole.years}
    assert {date.fromordinal(day).strftime("%m-%d") for day in own} <= {"03-29", "12-27", "12-28", "02-29"}


def test_a_day_that_returns_is_free_in_each_year_that_the_calendar_covers(with_part, beside):
    beside(NAMED.replace("days:", "missing: {2023: not read}\ndays:"))
    named = checked_law(with_part(PART), "named")[0].calendars["AT-9-UT"]
    days = [date.fromordinal(day) for day in named.holidays]

    assert {day.year for day in days if (day.month, day.day) == (12, 27)} == named.years
    assert {day.year for day in days if (day.month, day.day) == (2, 29)} == {y for y in named.years if y % 4 == 0}
    assert not named.years & {2019, 2023}


def test_a_state_whose_days_all_return_needs_no_others(with_part, beside):
    beside(
        "calendar: Nowhere\ncode: XN\nweekend: [sunday]\nfrom: 2024\nuntil: 2025\n"
        "defaults: {checked: not-cross-checked, source: invented}\nevery_year: {'05-01': Day of Work}\n"
    )
    made = checked_law(with_part(PART), "nowhere")[0].calendars["XN"]

    assert (made.holidays, made.years) == ({ordinal("2024-05-01"), ordinal("2025-05-01")}, {2024, 2025})


def test_a_rule_counts_by_the_calendar_that_it_names_and_others_by_that_of_the_state(folder, with_part, beside):
    """The third working day after Tuesday 24 December 2024 (25th and 26th free in Austria) is the 31st; where the 27th
    is free as well it is 2 January.
    """
    beside(NAMED)
    rules = folder / "procedures" / "named.yaml"
    rules.write_text(
        "title: A test\nrules:\n"
        "- {id: test.here, deadline: appeal_lodged, starts: first(application_lodged), lasts: 3 working_days,"
        " cites: echr/13}\n"
        "- {id: test.there, window: appeal_lodged, starts: first(application_lodged), lasts: 3 working_days,"
        " calendar: AT-9-UT, cites: echr/13}\n"
    )
    try:
        bundle = checked_law(with_part(PART), "counted")[0]
    finally:
        rules.unlink()
    made = state(bundle, log(event("2024-12-24", "application_lodged"), state="Austria", as_of="2024-12-27"))
    due = {clock.rule: clock.due for clock in made.clocks if clock.rule in ("test.here", "test.there")}

    assert due == {"test.here": (ordinal("2024-12-31"),) * 2, "test.there": (ordinal("2025-01-02"),) * 2}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("old", "new", "what", "key"),
    [
        ("AT-9-UT", "AT-8-UT", "AT-8-UT is named only, and AT-8 has no calendar", "code"),
        ("AT-9-UT", "XX-UT", "XX-UT is named only, and XX has no calendar", "code"),
        ("AT-9-UT", "XX", "XX is named only and is the code of a State", "named_only"),
        ("named_only: true\n", "", "", ""),
        ("code: AT-9-UT\nnamed_only: true", "code: AT-8-UT", "AT-8-UT is part of AT-8, which has no calendar", "code"),
        ("'12-27'", "'12-32'", "MM-DD", "every_year.12-32"),
        ("'12-27'", "'02-30'", "MM-DD", "every_year.02-30"),
        ("'12-27'", "'1-1'", "MM-DD", "every_year.1-1"),
        ("'12-27'", "'2024-12-27'", "MM-DD", "every_year.2024-12-27"),
        ("source: rules", "source: rulez", "`rulez` is no source", "every_year.12-28.source"),
        ("'2024-03-29'", "'2024-12-28'", "2024-12-28 is said twice", "every_year.12-28"),
        ("defaults: {checked: not-cross-checked, source: invented}\ndays: {'2024-03-29': Good Friday}\n", "",
         "12-27 has no source", "every_year.12-27"),
        ("sources:", "may_be_free: {'2024-12-27': {name: x, source: rules, why: undecided}}\nsources:",
         "2024-12-27 is free and may be free", "may_be_free.2024-12-27"),
    ],
)  # fmt: skip
def test_a_fault_of_what_only_rules_name_is_said_with_its_place(with_part, beside, old, new, what, key):
    assert old in NAMED
    folder = with_part(PART)
    beside(NAMED.replace(old, new))
    if not what:  # a part of a part, as any other
        assert checked_law(folder, "part")[0].calendars["AT-9"].unsure
        return
    with pytest.raises(LawError) as fault:
        checked_law(folder, "named")

    assert what in f"{fault.value.what} {fault.value.why}"
    assert fault.value.where.endswith(f"key `{key}`")
    assert fault.value.next


def test_what_lies_below_a_calendar_that_only_rules_name_is_no_place(with_part, beside):
    folder = with_part(PART.replace("AT-9", "AT-UT-1"))
    beside(NAMED.replace("AT-9-UT", "AT-UT"))
    with pytest.raises(LawError, match="AT-UT-1 is part of AT-UT, which is named only"):
        checked_law(folder, "below")


def test_a_day_of_the_state_is_no_doubt_in_a_part(with_part):
    folder = with_part(
        PART.replace("missing:", "may_be_free: {'2024-05-01': {name: x, source: s, why: forecast}}\n"
                                 "sources: {s: {checked: not-cross-checked, is: s}}\nmissing:")
    )  # fmt: skip
    with pytest.raises(LawError, match="2024-05-01 is free in AT and may be free in AT-9"):
        checked_law(folder, "part")


@pytest.mark.slow
def test_the_files_are_what_the_script_writes(tmp_path):
    script = ROOT / "scripts" / "build_calendars.py"
    subprocess.run([sys.executable, script, str(tmp_path)], check=True, capture_output=True)

    made = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    assert len(made) > 40
    assert made == {name: (FOLDER / name).read_bytes() for name in made}  # the calendar of another State is by hand
