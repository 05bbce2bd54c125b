"""The cells of a filled row about who is bound: whether an act binds, from which day and until when."""

import re
from collections.abc import Callable
from datetime import date

from staza.lawbook.binds import NONE, Days
from staza.lawbook.clauses import Clause
from staza.lawbook.errors import StazaError
from staza.lawbook.sheets import SheetRow

ASKED = ("binding", "from", "until")
RIGHT = ("right binding", "right from", "right until")
BINDING = {"yes": True, "no": False}
NO_END = "none"  # written where the law has a last day and there is none
Fault = Callable[[SheetRow, str, str, str, str], StazaError]


def cells_of(days: Days) -> dict[str, str]:
    """Give the cells that say who is bound; empty where a clause is about something else."""
    bound, first, until = days
    return {"binding": "" if bound is None else "yes" if bound else "no", "from": first or "", "until": until or ""}


def day_in(text: str) -> str:
    """Read a day as a sheet has it, 2026-11-20 or 20.11.2026; raises `ValueError`."""
    local = re.fullmatch(r"(\d{1,2})\.\s*(\d{1,2})\.\s*(\d{4})\.?", text)
    day = date(int(local[3]), int(local[2]), int(local[1])) if local else date.fromisoformat(text)
    return day.isoformat()


def right_days(row: SheetRow, clause: Clause, answer: str, fault: Fault) -> Days:
    """Give what a row says of who is bound; raises the fault of the first cell that cannot stand."""
    given = {column: row.cells.get(column, "").casefold() for column in RIGHT}
    filled = next((column for column, cell in given.items() if cell), None)
    if not clause.binds:
        if filled:
            raise fault(
                row, filled, "The row is not about who is bound.", "It asks what an article says.",
                "Answer that in the row of the act that names the States under `binds`.",
            )  # fmt: skip
        return NONE
    length = next((c for c in ("right value", "right unit", "right bound") if row.cells[c]), None)
    if length:
        raise fault(
            row, length, "The row is about who is bound and has no length.", "It asks from when and until when.",
            "Write days under `right from` and `right until`.",
        )  # fmt: skip
    if answer == "confirmed":
        return _confirmed(row, clause, filled, fault)
    bound = _binding(row, clause, given["right binding"], fault)
    first = _day(row, "right from", given["right from"], fault) or clause.days[1]
    ended = given["right until"] == NO_END
    until = None if ended else _day(row, "right until", given["right until"], fault) or clause.days[2]
    if not bound:
        return False, None, None
    if first is None:
        raise fault(
            row, "right from", "The first day is missing.", "An act that binds does so from a day.",
            "Write the day from which it binds, or `no` under `right binding`.",
        )  # fmt: skip
    if until is not None and until <= first:
        column = "right until" if given["right until"] else "right from"
        raise fault(
            row, column, f"It would bind from {first} until {until}.", "The first day no longer comes after the first.",
            f"Correct the days, or write `{NO_END}` under `right until` where it still binds.",
        )  # fmt: skip
    return True, first, until


def _confirmed(row: SheetRow, clause: Clause, filled: str | None, fault: Fault) -> Days:
    if filled:
        raise fault(
            row, filled, "A confirmed row has days of its own.", "To confirm is to find the same days.",
            "Write `corrected` as the answer, or empty the cell.",
        )  # fmt: skip
    if clause.days[0] and clause.days[1] is None:
        raise fault(
            row, "answer", "There is nothing to confirm: the law has no first day here.",
            "An act that binds does so from a day.",
            "Write `corrected` as the answer, and the day under `right from`.",
        )  # fmt: skip
    return clause.days


def _binding(row: SheetRow, clause: Clause, text: str, fault: Fault) -> bool:
    if text and text not in BINDING:
        raise fault(row, "right binding", f"`{text}` is no answer here.", "The act binds these States or it does not.",
                    "Write `yes` or `no`, or leave the cell empty where the law has it right.")  # fmt: skip
    return BINDING.get(text, bool(clause.days[0]))


def _day(row: SheetRow, column: str, text: str, fault: Fault) -> str | None:
    try:
        return day_in(text) if text else None
    except ValueError:
        cure = "Write 2026-11-20 or 20.11.2026" + (f", or `{NO_END}`." if column == "right until" else ".")
        raise fault(row, column, f"`{text}` is no date.", "An act binds from one day until another.", cure) from None
