"""Sheets: rows of text under fixed columns, as CSV, as XLSX or as a table of Markdown, out and in.

A cell that a program for tables would take for a formula is written with a leading `'`, which is taken off again.
"""

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from staza.lawbook.errors import StazaError

FORMATS = {".csv": "csv", ".xlsx": "xlsx", ".md": "md"}
FORMULA = ("=", "+", "-", "@", "\t")
WIDE, NARROW, LONG = 40, 14, 20  # widths of columns in XLSX, and from how many characters a column is wide
ROWS = 2000  # rows of XLSX for which a choice of codes is offered


@dataclass(frozen=True)
class SheetRow:
    """A row that was read: where it stands, as a reader of the file counts, and its cells by column.

    `fractions` are the columns whose cell is kept as a number with a fraction, not as text: its last zeros are gone.
    """

    number: int
    cells: Mapping[str, str]
    fractions: frozenset[str] = frozenset()


def format_of(path: Path | None, given: str | None) -> str:
    """Give the format that is named, else that of a file's name, else Markdown."""
    return given or FORMATS.get(path.suffix.lower() if path else "", "md")


# ------------------------------------------------------------------------------------------------------------- out


def as_csv(columns: Sequence[str], rows: Sequence[Mapping[str, str]]) -> str:
    """Write rows as CSV."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows([_safe(row.get(column, "")) for column in columns] for row in rows)
    return text.getvalue()


def as_markdown(columns: Sequence[str], rows: Sequence[Mapping[str, str]]) -> str:
    """Write rows as a table of Markdown."""
    lines = [columns, ["---"] * len(columns), *([row.get(column, "") for column in columns] for row in rows)]
    return "".join(f"| {' | '.join(_escaped(cell) for cell in line)} |\n" for line in lines)


def as_xlsx(
    columns: Sequence[str],
    rows: Sequence[Mapping[str, str]],
    *,
    fill: Sequence[str],
    codes: Mapping[str, Mapping[str, str]],
    about: Sequence[str],
) -> bytes:
    """Write rows as XLSX: `fill` are the columns to fill in, `codes` what may stand in one, `about` a page of words."""
    import xlsxwriter

    data = io.BytesIO()
    book = xlsxwriter.Workbook(data, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    head = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1})
    head_fill = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1, "bg_color": "#FFF2CC"})
    plain = book.add_format({"text_wrap": True, "valign": "top", "num_format": "@"})
    fillable = book.add_format({"text_wrap": True, "valign": "top", "num_format": "@", "bg_color": "#FFFBEF"})
    page, words, lists = (book.add_worksheet(name) for name in ("clauses", "how", "codes"))
    for x, column in enumerate(columns):
        page.write_string(0, x, column, head_fill if column in fill else head)
        long = max((len(row.get(column, "")) for row in rows), default=0) > LONG
        page.set_column(x, x, WIDE if long else NARROW)
        for y, row in enumerate(rows, 1):
            page.write_string(y, x, row.get(column, ""), fillable if column in fill else plain)
    for x, (column, choices) in enumerate(codes.items()):
        lists.write_string(0, 2 * x, column, head)
        for y, (code, label) in enumerate(choices.items(), 1):
            lists.write_string(y, 2 * x, code, plain)
            lists.write_string(y, 2 * x + 1, label, plain)
        lists.set_column(2 * x, 2 * x + 1, WIDE)
        letter, at = _letters(2 * x), columns.index(column)
        source = f"=codes!${letter}$2:${letter}${len(choices) + 1}"
        page.data_validation(1, at, ROWS, at, {"validate": "list", "source": source, "ignore_blank": True})
    for y, line in enumerate(about):
        words.write_string(y, 0, line, plain)
    words.set_column(0, 0, 110)
    page.freeze_panes(1, 1)
    book.close()
    return data.getvalue()


def _letters(column: int) -> str:
    first, last = divmod(column, 26)
    return (chr(64 + first) if first else "") + chr(65 + last)


def _safe(cell: str) -> str:
    return f"'{cell}" if cell.startswith(FORMULA) else cell


def _escaped(cell: str) -> str:
    return cell.replace("\\", "\\\\").replace("|", "\\|").replace("\n", "<br>")


# -------------------------------------------------------------------------------------------------------------- in


def read_sheet(path: Path, needed: Sequence[str]) -> list[SheetRow]:
    """Read the rows of a file; raises `StazaError` where it cannot be read or lacks a column."""
    readers = {"csv": _csv, "xlsx": _xlsx, "md": _markdown}
    kind = FORMATS.get(path.suffix.lower())
    if kind is None:
        raise StazaError(
            "The file is of no kind that is read here.", str(path), f"Read are {', '.join(FORMATS)}.",
            "Save it in one of these forms.",
        )  # fmt: skip
    try:
        lines = list(readers[kind](path))
    except OSError as fault:
        why = fault.strerror or "It is not there."
        raise StazaError("The sheet cannot be read.", str(path), why, "Correct the path.") from None
    except UnicodeDecodeError:
        raise StazaError(
            "The sheet cannot be read.", str(path), "It is not written in UTF-8.",
            "Save it as `CSV UTF-8`, or as XLSX.",
        ) from None  # fmt: skip
    return list(_rows(path, lines, needed))


def _rows(path: Path, read: list[tuple[int, list[Any]]], needed: Sequence[str]) -> Iterator[SheetRow]:
    lines = [(number, [_text(cell) for cell in cells]) for number, cells in read]
    head = next((n for n, (_, cells) in enumerate(lines) if needed[0] in map(_heading, cells)), None)
    columns = [_heading(cell) for cell in lines[head][1]] if head is not None else []
    missing = [column for column in needed if column not in columns]
    if head is None or missing:
        raise StazaError(
            "The sheet lacks columns.", f"{path}, row {lines[head][0] if head is not None else 1}",
            f"There is no `{'`, `'.join(missing)}`.",
            "Fill in the sheet that `staza law questions` writes; its first row stays as it is.",
        )  # fmt: skip
    for (number, cells), (_, kept) in zip(lines[head + 1 :], read[head + 1 :], strict=True):
        row = {column: cells[n].strip() if n < len(cells) else "" for n, column in enumerate(columns)}
        if any(row.values()):
            broken = frozenset(c for c, cell in zip(columns, kept, strict=False) if _is_fraction(cell))
            yield SheetRow(number, {column: _plain(cell) for column, cell in row.items()}, broken)


def _heading(cell: str) -> str:
    return " ".join(cell.strip().lower().split())


def _plain(cell: str) -> str:
    return cell[1:] if cell[:1] == "'" and cell[1:].startswith(FORMULA) else cell


def _csv(path: Path) -> Iterator[tuple[int, list[str]]]:
    text = path.read_bytes().decode("utf-8-sig")
    first = text.splitlines()[0] if text else ""
    mark = max(",;\t", key=first.count)
    yield from enumerate(csv.reader(io.StringIO(text, newline=""), delimiter=mark), 1)


def _xlsx(path: Path) -> Iterator[tuple[int, list[Any]]]:  # Any: a text, number, truth or day, as the file has it
    import python_calamine

    data = io.BytesIO(path.read_bytes())
    try:
        page = python_calamine.CalamineWorkbook.from_filelike(data).get_sheet_by_index(0)
        lines = page.to_python(skip_empty_area=False)
    except python_calamine.CalamineError as fault:
        raise StazaError("The sheet cannot be read.", str(path), f"{fault}.", "Save it again as XLSX.") from None
    yield from enumerate(lines, 1)


def _is_fraction(cell: Any) -> bool:
    return isinstance(cell, float) and not cell.is_integer()


def _text(cell: Any) -> str:
    if isinstance(cell, datetime | date):
        return cell.strftime("%Y-%m-%d")
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell)


def _markdown(path: Path) -> Iterator[tuple[int, list[str]]]:
    for number, line in enumerate(path.read_bytes().decode("utf-8-sig").splitlines(), 1):
        inner = line.strip()
        if not inner.startswith("|"):
            continue
        cells = [cell.strip() for cell in _cells(inner)]
        if not all(re.fullmatch(r":?-+:?", cell) for cell in cells):
            yield number, cells


def _cells(line: str) -> list[str]:
    """Split a line of a table at its bars; a bar that belongs to a cell stands after a backslash."""
    parts = re.findall(r"((?:\\.|[^\\|])*)(?:\||$)", line.removeprefix("|"))
    cells = [re.sub(r"\\([\\|])", r"\1", part.replace("<br>", "\n")) for part in parts]
    while cells and not cells[-1].strip() and len(cells) > line.count("|") - line.count("\\|") - 1:
        cells.pop()
    return cells
