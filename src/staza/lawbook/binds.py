"""Who is bound, as clauses: the rows of `binds:` of an instrument, each named by the codes of its States.

A row says whether the act binds these States, from which day and until when. It is open where it was read nowhere, and
where it binds but the day from which was not read: then only the days are sure on which others saw it applied.
"""

from collections.abc import Mapping
from typing import TypeAlias

from staza.lawbook import schema
from staza.lawbook.bundle import Checking, weight_of
from staza.lawbook.schema_answers import ClauseAnswer, Confirmation, FormerClause

Days: TypeAlias = tuple[bool | None, str | None, str | None]  # bound or not, the first day, the first day no longer
NONE: Days = (None, None, None)


def named_rows(entry: schema.InstrumentFile, states: Mapping[str, tuple[str, str]]) -> dict[str, schema.BindsRow]:
    """Give the rows of an act by name: `BA`, `IS NO`; a further row of the same States has its number, `CH 2`."""
    made: dict[str, schema.BindsRow] = {}
    for row in entry.binds:
        codes = " ".join(sorted(states[state][0] if state in states else state for state in row.states))
        number = sum(name == codes or name.startswith(f"{codes} (") for name in made) + 1
        made[codes if number == 1 else f"{codes} ({number})"] = row
    return made


def days_of(one: schema.BindsRow) -> Days:
    """Give what a row says."""
    return one.bound, one.from_, one.until


def days_answered(one: ClauseAnswer | FormerClause) -> Days:
    """Give what an answer says of who is bound."""
    return one.binding, one.binds_from, one.binds_until


def state_of_row(row: schema.BindsRow) -> str:
    """Give the state of checking of a row, `no-day` where it binds and nobody read from when."""
    no_day = row.bound and row.from_ is None and row.checked != "memory-only"
    return "no-day" if no_day else row.checked


def answered_rows(
    rows: Mapping[str, schema.BindsRow], answers: Mapping[str, Confirmation]
) -> dict[str, schema.BindsRow]:
    """Give the rows of an act as they were answered; what others had seen no longer counts beside it."""
    made = dict(rows)
    for name, said in answers.items():
        new = {"bound": said.binding, "from_": said.binds_from, "until": said.binds_until, "seen_bound": None}
        made[name] = rows[name].model_copy(update={**new, "checked": said.answer, "source": said.gazette})
    return made


def said_days(days: Days) -> str:
    """Say who is bound from when: `binds from 2016-05-01 until 2025-01-01`; empty where nothing is said."""
    bound, first, until = days
    if bound is None:
        return ""
    if not bound:
        return "does not bind"
    return f"binds from {first or 'a day that was not read'}" + (f" until {until}" if until else "")


def said_states(name: str, states: Mapping[str, tuple[str, str]]) -> str:
    """Give the States of the name of a row in words."""
    by_code = {code: state for state, (code, _) in states.items()}
    return ", ".join(by_code.get(code, code) for code in name.split() if not code.startswith("("))


def weakest_by_state(rows: Mapping[str, schema.BindsRow], answers: Mapping[str, Confirmation]) -> dict[str, Checking]:
    """Give for each State how the weakest of its rows was checked, with who confirmed it."""
    made: dict[str, Checking] = {}
    for name in sorted(rows, key=lambda one: weight_of(rows[one].checked), reverse=True):
        made |= dict.fromkeys(rows[name].states, _checking(rows[name], answers.get(name)))
    return made


def _checking(row: schema.BindsRow, said: Confirmation | None) -> Checking:
    if said is None:
        return Checking(row.checked)
    now, was = said_days(days_answered(said)), said_days(days_answered(said.was))
    return Checking(
        said.answer, said.gazette, said.article, said.confirmed_on, said.confirmed_by, now, was, said.article,
        said.was.checked,
    )  # fmt: skip
