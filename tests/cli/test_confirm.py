"""A lawyer's answers: open clauses go out as a sheet, come back filled in, and change what the law gives."""

import csv
import io
import json
import shutil
from datetime import date
from pathlib import Path

import pytest
import xlsxwriter
import yaml
from conftest import ROOT, event, log

from staza.cli import main
from staza.lawbook.sheets import as_csv, as_markdown, as_xlsx, read_sheet

INSTRUMENT = """instrument: md.aliens
title: Law on Aliens
short: Law on Aliens
kind: law
checked: verified-secondary
source: a publication
binds:
- {states: [Moldova], from: '2015-11-25', bound: true, basis: own law, checked: verified-secondary,
   source: a publication}
provisions:
- {article: '118(3)', gist: Custody ends after three days., checked: memory-only, source: not read, facts: [T-1]}
- {article: '119', gist: No removal without a written order., checked: memory-only, source: not read}
- {article: '120', gist: An appeal may be lodged., checked: verified-secondary, source: a publication}
- {article: '121', gist: Read in the gazette., checked: verified-text, source: the gazette}
"""
RULES = """title: A test
rules:
- id: test.first_time
  title: Custody ends after the first time
  deadline: released
  per: custody.episode
  starts: start
  lasts: 3 days
  cites: md.aliens/118(3)
  facts: T-1
- id: test.order
  title: No removal without a written order
  safeguard: absolute
  blocks: removal
  requires: here(detention_ordered)
  per: custody.episode
  cites: md.aliens/119
- id: test.review
  title: Custody is reviewed
  deadline: detention_reviewed
  per: custody.episode
  starts: start
  lasts: 10 days
  cites: md.aliens/?
  facts: T-2
- id: test.appeal
  title: The time to appeal
  window: appeal_lodged
  per: custody.episode
  starts: start
  lasts: not_read
  cites: md.aliens/120
- id: test.bounded
  title: No less than five days
  validity: the time granted
  per: custody.episode
  starts: start
  lasts: days
  at_least: {5 days: md.aliens/118(3)}
  cites: md.aliens/118(3)
  facts: T-3
"""
FACT = (
    "- {{id: {}, instrument: md.aliens, article: '{}', kind: clock, topic: custody, value: {}, unit: days,"
    " bound: {}, checked: {}}}\n"
)
FACTS = (
    FACT.format("T-1", "118(3)", 3, "max", "memory-only")
    + FACT.format("T-2", "preamble", 10, "max", "verified-secondary")
    + FACT.format("T-3", "118(3)", 5, "min", "memory-only")
    + FACT.format("T-4", "?", 7, "max", "memory-only")
)
LOG = log(event("2020-01-01", "detention_started", ground="removal"), state="Moldova", as_of="2020-02-01")
GAZETTE = {"gazette": "Official Gazette 88/15", "date": "20.11.2025", "confirmed by": "legal_adviser"}
YES = {"answer": "confirmed", "article": "118(3)", **GAZETTE}
FORMATS = ("csv", "xlsx", "md")


@pytest.fixture
def law(tmp_path, monkeypatch) -> Path:
    """The law with an act of a State whose clauses are open, and an overlay that is still empty."""
    folder = tmp_path / "law"
    for name in ("event_kinds", "vocabularies", "instruments", "calendars", "procedures/shared"):
        shutil.copytree(ROOT / "law" / name, folder / name)
    for name, text in (
        ("instruments/md/aliens.yaml", INSTRUMENT), ("procedures/test/a.yaml", RULES), ("facts.yaml", FACTS)
    ):  # fmt: skip
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    (tmp_path / "overlay").mkdir()
    monkeypatch.setenv("STAZA_LAW", str(folder))
    monkeypatch.setenv("STAZA_LAW_OVERLAY", str(tmp_path / "overlay"))
    monkeypatch.setenv("STAZA_CACHE", str(tmp_path / "cache"))
    return folder


@pytest.fixture
def overlay(law) -> Path:
    return law.parent / "overlay"


def asked(capsys, *words: str) -> list[dict[str, str]]:
    assert main(["law", "questions", "MD", "--format", "csv", *words]) == 0
    return list(csv.DictReader(io.StringIO(capsys.readouterr().out)))


def filled(path: Path, rows: list[dict[str, str]]) -> str:
    """Write rows as a program for tables would, in the format of the file's name."""
    columns = list(rows[0])
    if path.suffix == ".csv":
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, columns, delimiter=";")
            writer.writeheader()
            writer.writerows(rows)
    elif path.suffix == ".xlsx":
        book = xlsxwriter.Workbook(str(path))
        page = book.add_worksheet()
        page.write_row(0, 0, columns)
        for y, row in enumerate(rows, 1):
            page.write_row(y, 0, row.values())
        book.close()
    else:
        lines = [columns, ["-"] * len(columns), *([cell.replace("|", "\\|") for cell in row.values()] for row in rows)]
        path.write_text("".join(f"| {' | '.join(line)} |\n" for line in lines))
    return str(path)


def answered(capsys, path: Path, changes: dict[str, dict[str, str]], *words: str) -> int:
    """Print the questions, fill in rows by their fact, rule or citation, and confirm."""
    rows = asked(capsys, "--secondary")
    for row in rows:
        row.update(changes.get(row["fact"] or row["rule"] or row["clause"], {}))
    return main(["law", "confirm", filled(path, rows), *words])


def evaluated(capsys, tmp_path, content=LOG) -> dict:
    path = tmp_path / "log.yaml"
    path.write_text(yaml.safe_dump(content))
    capsys.readouterr()
    main(["evaluate", str(path), "--json"])
    return json.loads(capsys.readouterr().out)[0]


def clock(answer: dict, rule: str) -> dict:
    return next(one for one in answer["clocks"] if one["rule"] == rule)


def verdicts(answer: dict, rule: str) -> list[str]:
    return [one["verdict"] for one in answer["findings"] if one["rule"] == rule]


# ---------------------------------------------------------------------------------------------------- questions


def test_open_clauses_are_listed_by_what_waits_for_them(law, capsys):
    rows = asked(capsys)

    assert {(row["clause"], row["fact"] or row["rule"]) for row in rows} == {
        ("md.aliens/118(3)", "T-1"), ("md.aliens/118(3)", "T-3"), ("md.aliens/119", ""), ("md.aliens/?", "T-2"),
        ("md.aliens/120", "test.appeal"), ("md.aliens/?", "T-4"),
    }  # fmt: skip
    weights = [(-int(row["rules"]), -int(row["clocks"]), -int(row["safeguards"])) for row in rows]
    assert weights == sorted(weights)
    assert next(row for row in rows if row["fact"] == "T-1")["waiting rules"] == "Custody ends after the first time"
    assert {row["value"] for row in rows if row["fact"] == "T-2"} == {"10"}


def test_a_jurisdiction_is_named_by_code_or_name(law, capsys):
    for name in ("MD", "md", "Moldova"):
        assert main(["law", "questions", name]) == 0
        assert "md.aliens/119" in capsys.readouterr().out
    assert main(["law", "questions", "EU"]) == 0
    assert "eu.2005-85/7(1)" in capsys.readouterr().out
    assert main(["law", "questions", "IS"]) == 0
    assert "no act of its own" in capsys.readouterr().err
    assert main(["law", "questions", "Moldava"]) == 2
    assert "Moldova" in capsys.readouterr().err


@pytest.mark.parametrize("kind", FORMATS)
def test_a_sheet_that_is_written_can_be_read_back(law, tmp_path, capsys, kind):
    rows = asked(capsys)
    path = tmp_path / f"sheet.{kind}"
    assert main(["law", "questions", "MD", "--out", str(path)]) == 0

    assert [dict(row.cells) for row in read_sheet(path, ("clause",))] == rows
    capsys.readouterr()
    assert main(["law", "confirm", str(path)]) == 0
    assert "6 rows left empty" in capsys.readouterr().err


def test_a_sheet_of_excel_is_not_printed(law, capsys):
    assert main(["law", "questions", "MD", "--format", "xlsx"]) == 2
    assert "--out" in capsys.readouterr().err


# -------------------------------------------------------------------------------------------------------- answers


@pytest.mark.parametrize("kind", FORMATS)
def test_a_confirmed_clause_gives_its_rule_effect(law, overlay, tmp_path, capsys, kind):
    before = evaluated(capsys, tmp_path)
    assert verdicts(before, "test.first_time") == ["question"]
    assert clock(before, "test.first_time")["checked"] == "memory-only"

    assert answered(capsys, tmp_path / f"sheet.{kind}", {"T-1": YES}) == 0
    assert "gets effect: Custody ends after the first time" in capsys.readouterr().out
    after = evaluated(capsys, tmp_path)

    assert verdicts(after, "test.first_time") == ["breach"]
    made = clock(after, "test.first_time")
    assert (made["checked"], made["due"]) == ("confirmed", ["2020-01-04", "2020-01-04"])
    assert made["confirmed"] == {
        "gazette": "Official Gazette 88/15", "article": "118(3)", "on": "2025-11-20", "by": "legal_adviser",
        "value": "at most 3 days", "was": {"checked": "memory-only", "article": "118(3)", "value": "at most 3 days"},
    }  # fmt: skip
    assert before["law"] != after["law"]
    assert clock(after, "test.bounded")["checked"] == "memory-only"  # another value of the same article waits on
    assert [path.name for path in overlay.rglob("*.yaml")] == ["md.yaml"]
    assert "T-1" not in {row["fact"] for row in asked(capsys)}


def test_a_corrected_value_moves_the_due_day_and_keeps_the_former_one(law, overlay, tmp_path, capsys):
    change = {**YES, "answer": "corrected", "article": "118(4)", "right value": "7"}
    assert answered(capsys, tmp_path / "a.csv", {"T-1": change}) == 0
    answer = evaluated(capsys, tmp_path)
    made = clock(answer, "test.first_time")

    assert made["due"] == ["2020-01-08", "2020-01-08"]
    assert (made["checked"], made["cites"]) == ("corrected", ["md.aliens/118(4)"])
    assert made["confirmed"]["was"] == {"checked": "memory-only", "article": "118(3)", "value": "at most 3 days"}
    entry = yaml.safe_load((overlay / "confirmations" / "md.yaml").read_text())[0]
    assert entry["was"] == {"checked": "memory-only", "article": "118(3)", "value": 3, "unit": "days", "bound": "max"}
    assert any("Corrected by the authority" in one["message"] for one in answer["findings"])

    main(["explain", str(tmp_path / "log.yaml")])
    said = capsys.readouterr().out
    assert "art. 118(4), read on 2025-11-20 by: Legal adviser of the authority; before: art. 118(3), at most 3" in said
    main(["law", "show", "test.first_time", "--json"])
    assert json.loads(capsys.readouterr().out)["text"]["lasts"] == "7 days"


def test_a_bound_is_turned_and_a_unit_exchanged(law, tmp_path, capsys):
    change = {**YES, "answer": "corrected", "right value": "2", "right unit": "weeks", "right bound": "max"}
    assert answered(capsys, tmp_path / "a.csv", {"T-3": change}) == 0
    capsys.readouterr()
    main(["law", "show", "test.bounded", "--json"])
    text = json.loads(capsys.readouterr().out)["text"]

    assert text["at_most"] == {"2 weeks": "md.aliens/118(3)"}
    assert "at_least" not in text


def test_an_article_that_was_not_read_is_filled_in(law, tmp_path, capsys):
    assert answered(capsys, tmp_path / "a.csv", {"T-2": {**YES, "article": "118(5)"}}) == 0
    made = clock(evaluated(capsys, tmp_path), "test.review")

    assert (made["cites"], made["checked"]) == (["md.aliens/118(5)"], "confirmed")


def test_a_rule_whose_number_has_a_point_and_a_single_unit_are_confirmed_and_corrected(law, tmp_path, capsys):
    for name in ("instruments/md/aliens.yaml", "procedures/test/a.yaml", "facts.yaml"):
        text = (law / name).read_text().replace("118(3)", "41.20").replace("lasts: 3 days", "lasts: 1 day")
        (law / name).write_text(text.replace("value: 3,", "value: 1,"))
    change = {**YES, "answer": "corrected", "article": "41.20", "right value": "2", "right unit": "weeks"}

    assert answered(capsys, tmp_path / "a.csv", {"T-1": change}) == 0, capsys.readouterr().err
    made = clock(evaluated(capsys, tmp_path), "test.first_time")
    assert (made["due"], made["cites"]) == (["2020-01-15", "2020-01-15"], ["md.aliens/41.20"])
    assert made["confirmed"]["article"] == "41.20"


@pytest.mark.parametrize("written", ["54.7A(3)", "article 54.7A (3)", "rule 54.7A(3)"])
def test_an_article_with_a_letter_goes_through_the_sheet_to_the_explanation(law, tmp_path, capsys, written):
    for name in ("instruments/md/aliens.yaml", "procedures/test/a.yaml", "facts.yaml"):
        (law / name).write_text((law / name).read_text().replace("118(3)", "54.7A(3)"))
    change = {**YES, "answer": "corrected", "article": written, "right value": "7"}

    assert answered(capsys, tmp_path / "a.xlsx", {"T-1": change}) == 0, capsys.readouterr().err
    made = clock(evaluated(capsys, tmp_path), "test.first_time")
    main(["explain", str(tmp_path / "log.yaml")])
    assert (made["cites"], made["confirmed"]["article"]) == (["md.aliens/54.7A(3)"], "54.7A(3)")
    assert "art. 54.7A(3), read on 2025-11-20" in capsys.readouterr().out


def test_a_fact_that_no_rule_carries_yet_is_asked_about_and_its_article_kept(law, tmp_path, capsys):
    assert answered(capsys, tmp_path / "a.csv", {"T-4": {**YES, "article": "130"}}) == 0
    capsys.readouterr()
    assert "T-4" not in {row["fact"] for row in asked(capsys)}


def test_a_clock_without_a_value_gets_one(law, tmp_path, capsys):
    assert clock(evaluated(capsys, tmp_path), "test.appeal")["due"] is None
    change = {**YES, "article": "120", "answer": "corrected", "right value": "15", "right unit": "days"}
    assert answered(capsys, tmp_path / "a.csv", {"test.appeal": change}) == 0
    made = clock(evaluated(capsys, tmp_path), "test.appeal")

    assert (made["due"], made["checked"]) == (["2020-01-16", "2020-01-16"], "corrected")


def test_of_two_lengths_the_confirmed_one_holds(law, tmp_path, capsys):
    text = RULES.replace("lasts: 3 days", "lasts: 3 to 4 days")
    (law / "procedures/test/a.yaml").write_text(text)
    before = clock(evaluated(capsys, tmp_path), "test.first_time")
    assert (before["due"], before["status"]) == (None, ["unknown"])
    assert answered(capsys, tmp_path / "a.csv", {"T-1": YES}) == 0

    assert clock(evaluated(capsys, tmp_path), "test.first_time")["due"] == ["2020-01-04", "2020-01-04"]


def test_a_length_that_was_read_nowhere_sets_no_day_with_or_without_a_fact(law, tmp_path, capsys):
    text = RULES.replace("lasts: not_read\n  cites: md.aliens/120", "lasts: 8 days\n  cites: md.aliens/119")
    (law / "procedures/test/a.yaml").write_text(text)
    made = evaluated(capsys, tmp_path)

    assert {clock(made, rule)["due"] for rule in ("test.first_time", "test.appeal")} == {None}
    assert {one["rule"] for one in made["findings"] if one["verdict"] == "question"} >= {"test.appeal"}
    told = " ".join(one["message"] for one in made["findings"] if one["rule"] == "test.appeal")
    assert "Open clause" in told


@pytest.mark.parametrize("lasts", ["  lasts: not_read\n", ""])
def test_a_clock_without_a_value_is_never_a_breach(law, tmp_path, capsys, lasts):
    waiting = RULES.replace("window: appeal_lodged", "waiting: released").replace("  lasts: not_read\n", lasts)
    (law / "procedures/test/a.yaml").write_text(waiting.replace("md.aliens/120", "md.aliens/121"))
    content = {**LOG, "timeline": [*LOG["timeline"], event("2020-01-02", "released")]}
    found = [one for one in evaluated(capsys, tmp_path, content)["findings"] if one["rule"] == "test.appeal"]

    assert {one["verdict"] for one in found} <= {"question"}
    assert all("Open clause" in one["message"] for one in found)
    assert main(["explain", str(tmp_path / "log.yaml")]) == 0


def test_a_safeguard_that_was_open_blocks_for_certain(law, tmp_path, capsys):
    def reason(answer: dict) -> str:
        block = next(one for one in answer["blocked"] if "test.order" in one["rules"])
        return block["checked"][block["rules"].index("test.order")]

    assert reason(evaluated(capsys, tmp_path)) == "memory-only"
    assert answered(capsys, tmp_path / "a.csv", {"md.aliens/119": {**YES, "article": "119"}}) == 0
    assert reason(evaluated(capsys, tmp_path)) == "confirmed"


def test_a_second_answer_keeps_the_first(law, overlay, tmp_path, capsys):
    rows = asked(capsys)
    row = next(row for row in rows if row["fact"] == "T-1")
    for change in (YES, YES, {**YES, "answer": "corrected", "right value": "4"}):
        assert main(["law", "confirm", filled(tmp_path / "a.csv", [{**row, **change}])]) == 0
    entry = yaml.safe_load((overlay / "confirmations" / "md.yaml").read_text())[0]

    assert (entry["answer"], entry["value"], entry["was"]["value"]) == ("corrected", 4, 3)
    assert [one["answer"] for one in entry["earlier"]] == ["confirmed"]


def test_a_dry_run_says_what_would_change_and_writes_nothing(law, overlay, tmp_path, capsys):
    change = {**YES, "answer": "corrected", "right value": "7"}
    assert answered(capsys, tmp_path / "a.csv", {"T-1": change}, "--dry-run") == 0
    printed = capsys.readouterr()

    assert "at most 3 days -> at most 7 days" in printed.out
    assert "changes: Custody ends after the first time" in printed.out
    assert "nothing was written" in printed.err
    assert list(overlay.rglob("*")) == []


BAD = [
    ({"answer": "maybe"}, "answer", "`maybe`"),
    ({"answer": ""}, "answer", "no answer"),
    ({"gazette": ""}, "gazette", "gazette"),
    ({"article": ""}, "article", "missing"),
    ({"article": "one hundred"}, "article", "one hundred"),
    ({"article": "118(4)"}, "article", "118(4)"),
    ({"date": ""}, "date", "missing"),
    ({"date": "31.02.2025"}, "date", "31.02.2025"),
    ({"date": "2999-01-01"}, "date", "2999-01-01"),
    ({"confirmed by": ""}, "confirmed by", "missing"),
    ({"confirmed by": "A. Person"}, "confirmed by", "A. Person"),
    ({"right value": "7"}, "right value", "confirmed row"),
    ({"answer": "corrected"}, "answer", "corrects nothing"),
    ({"answer": "corrected", "right value": "a week"}, "right value", "a week"),
    ({"answer": "corrected", "right unit": "moons"}, "right unit", "moons"),
    ({"answer": "corrected", "right bound": "most"}, "right bound", "most"),
    ({"answer": "corrected", "right bound": "min"}, "right value", "sheet"),
    ({"value": "9"}, "value", "`9`"),
    ({"clause": "md.aliens/999"}, "clause", "md.aliens/999"),
]


@pytest.mark.parametrize(
    ("kind", "change", "column", "named"),
    [*(("csv", *one) for one in BAD), *((kind, *one) for kind in ("xlsx", "md") for one in BAD[:2])],
)
def test_a_bad_row_is_said_with_its_place_and_nothing_is_written(
    law, overlay, tmp_path, capsys, kind, change, column, named
):
    rows = asked(capsys)
    rows = [{**row, **YES} if row["fact"] in ("T-1", "T-3") else row for row in rows]
    at = next(n for n, row in enumerate(rows) if row["fact"] == "T-1")
    rows[at].update(change)
    path = filled(tmp_path / f"a.{kind}", rows)

    assert main(["law", "confirm", path]) == 2
    printed = capsys.readouterr()
    number = at + (3 if kind == "md" else 2)
    assert f"{path}, row {number}, column `{column}`" in printed.err
    assert named in printed.err.split("\n")[0]
    assert all(f"  {part}: " in printed.err for part in ("where", "why", "next"))
    assert "nothing was written: 1 of 2" in printed.err
    assert list(overlay.rglob("*")) == []
    assert printed.out == ""


def test_a_clause_answered_twice_and_one_that_was_read_are_bad_rows(law, tmp_path, capsys):
    row = next(row for row in asked(capsys) if row["fact"] == "T-1")
    read = {**row, "clause": "md.aliens/121", "fact": "", "value": "", "unit": "", "bound": ""}
    twice = [{**one, **YES} for one in (row, row, read)]

    assert main(["law", "confirm", filled(tmp_path / "a.csv", twice)]) == 2
    said = capsys.readouterr().err
    assert "answered twice" in said
    assert "was read in the text" in said
    assert "2 of 3" in said


def test_a_value_that_no_sheet_can_exchange_is_a_bad_row(law, tmp_path, capsys):
    (law / "procedures/test/a.yaml").write_text(RULES.replace("  facts: T-1", "  facts: T-1\n  differs: a reason"))
    change = {**YES, "answer": "corrected", "right value": "7"}

    assert answered(capsys, tmp_path / "a.csv", {"T-1": change}) == 2
    assert "differs" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("name", "text", "named"),
    [
        ("a.csv", "one,two\n1,2\n", "lacks columns"),
        ("a.md", "no table\n", "lacks columns"),
        ("a.xlsx", "no workbook", "cannot be read"),
        ("a.txt", "", "no kind"),
        ("a.csv", "", "lacks columns"),
    ],
)
def test_a_file_that_is_no_sheet_is_said(law, tmp_path, capsys, name, text, named):
    (tmp_path / name).write_text(text)

    assert main(["law", "confirm", str(tmp_path / name)]) == 2
    assert named in capsys.readouterr().err


def test_without_an_overlay_there_is_nowhere_to_write(law, tmp_path, monkeypatch, capsys):
    monkeypatch.delenv("STAZA_LAW_OVERLAY")
    assert answered(capsys, tmp_path / "a.csv", {"T-1": YES}) == 2
    assert "--overlay" in capsys.readouterr().err
    assert answered(capsys, tmp_path / "a.csv", {"T-1": YES}, "--overlay", str(tmp_path / "new")) == 0
    assert (tmp_path / "new" / "confirmations" / "md.yaml").is_file()


def test_days_and_numbers_that_a_program_for_tables_made_of_the_cells_are_read(law, tmp_path, capsys):
    row = next(row for row in asked(capsys) if row["rule"] == "test.appeal")
    change = {"answer": "Corrected", "article": 120, "right value": 15.0, "right unit": "Working days"}
    row |= {**GAZETTE, **change, "date": date(2025, 11, 20), "confirmed by": "Legal adviser of the authority"}
    book = xlsxwriter.Workbook(str(tmp_path / "a.xlsx"), {"default_date_format": "dd/mm/yyyy"})
    page = book.add_worksheet()
    page.write_row(0, 0, [name.upper() for name in row])
    page.write_row(1, 0, row.values())
    book.close()

    assert main(["law", "confirm", str(tmp_path / "a.xlsx")]) == 0
    entry = yaml.safe_load((law.parent / "overlay" / "confirmations" / "md.yaml").read_text())[0]
    assert (entry["value"], entry["unit"], entry["confirmed_on"]) == (15, "working_days", "2025-11-20")


def test_an_article_that_a_program_for_tables_keeps_as_a_number_is_not_guessed(law, tmp_path, capsys):
    row = next(row for row in asked(capsys) if row["rule"] == "test.appeal")
    row |= {**GAZETTE, "answer": "corrected", "article": 41.20, "right value": "15", "right unit": "days"}
    book = xlsxwriter.Workbook(str(tmp_path / "a.xlsx"))
    page = book.add_worksheet()
    page.write_row(0, 0, list(row))
    page.write_row(1, 0, row.values())
    book.close()

    assert main(["law", "confirm", str(tmp_path / "a.xlsx")]) == 2
    told = capsys.readouterr().err
    assert "row 2, column `article`" in told and "holds the number 41.2" in told and "as text" in told
    assert not (law.parent / "overlay" / "confirmations").exists()


def test_a_sheet_in_another_encoding_is_said(law, tmp_path, capsys):
    (tmp_path / "a.csv").write_bytes("clause;note\nmd.aliens/119;članak\n".encode("cp1250"))

    assert main(["law", "confirm", str(tmp_path / "a.csv")]) == 2
    assert "UTF-8" in capsys.readouterr().err


@pytest.mark.parametrize("kind", FORMATS)
def test_no_cell_becomes_a_formula_and_none_is_changed_on_the_way(tmp_path, kind):
    cells = ["=1+1", "-x", "@x", "a | b", "back\\slash", "two\nlines", "'quoted", "plain"]
    rows = [{"clause": str(n), "says": cell} for n, cell in enumerate(cells)]
    columns = ("clause", "says")
    path = tmp_path / f"a.{kind}"
    if kind == "xlsx":
        path.write_bytes(as_xlsx(columns, rows, fill=(), codes={}, about=()))
    else:
        path.write_text(as_csv(columns, rows) if kind == "csv" else as_markdown(columns, rows))

    assert [row.cells["says"] for row in read_sheet(path, columns)] == cells
    if kind == "csv":
        assert "\n0,'=1+1\n" in path.read_text()


def test_a_folder_that_cannot_be_written_is_said(law, tmp_path, capsys):
    (tmp_path / "file").write_text("")
    assert answered(capsys, tmp_path / "a.csv", {"T-1": YES}, "--overlay", str(tmp_path / "file")) == 2
    assert "cannot be written" in capsys.readouterr().err


# ------------------------------------------------------------------------------------------------------ the overlay

ENTRY = {
    "clause": "md.aliens/118(3)", "fact": "T-1", "answer": "confirmed", "article": "118(3)", "value": 3,
    "unit": "days", "bound": "max", "gazette": "88/15", "confirmed_on": "2025-11-20", "confirmed_by": "legal_adviser",
    "was": {"checked": "memory-only", "article": "118(3)", "value": 3, "unit": "days", "bound": "max"},
}  # fmt: skip


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"clause": "md.aliens/999"}, "md.aliens/999"),
        ({"fact": "T-9"}, "T-9"),
        ({"clause": "md.aliens/121", "fact": ""}, "was read in the text"),
        ({"was": {**ENTRY["was"], "value": 2}}, "in another form"),
        ({"confirmed_by": "somebody"}, "somebody"),
        ({"article": "?"}, "no article"),
        ({"gazete": "88/15"}, "gazete"),
        ({"value": 7, "bound": "min", "answer": "corrected"}, "cannot be put into the rule"),
    ],
)
def test_an_overlay_that_does_not_fit_the_law_is_refused(law, overlay, tmp_path, capsys, change, named):
    (overlay / "confirmations").mkdir()
    (overlay / "confirmations" / "md.yaml").write_text(yaml.safe_dump([{**ENTRY, **change}]))
    (tmp_path / "log.yaml").write_text(yaml.safe_dump(LOG))

    for words in (["evaluate", str(tmp_path / "log.yaml")], ["law", "check"]):
        assert main(words) == 2
        said = capsys.readouterr().err
        assert named in said
        assert all(f"  {part}: " in said for part in ("where", "why", "next"))


def test_an_overlay_adds_functions_and_worked_cases(law, overlay, tmp_path, capsys):
    (overlay / "vocabularies").mkdir()
    text = "- {function: asylum_sector_lawyer, label: Lawyer of the sector}\n"
    (overlay / "vocabularies" / "functions.yaml").write_text(text)
    change = {**YES, "confirmed by": "Lawyer of the sector"}
    assert answered(capsys, tmp_path / "a.csv", {"T-1": change}) == 0
    cases = {
        "title": "With the overlay", "base": {k: v for k, v in LOG.items() if k != "id"},
        "cases": [{"name": "held", "why": "three days", "fires": [{"rule": "test.first_time", "verdict": "breach"}]}],
    }  # fmt: skip
    (overlay / "examples" / "md").mkdir(parents=True)
    (overlay / "examples" / "md" / "held.yaml").write_text(yaml.safe_dump(cases))
    capsys.readouterr()

    main(["law", "check"])  # the law of this test has rules without cases, and is told so
    told = capsys.readouterr().err
    assert "clauses confirmed: 1, corrected: 0" in told
    assert "does not hold" not in told
    (overlay / "rules").mkdir()
    (overlay / "rules" / "a.yaml").write_text("[]")
    assert main(["law", "check"]) == 2
    assert "nothing else" in capsys.readouterr().err


def test_a_function_of_an_overlay_that_only_records_confirms_nothing(law, overlay, tmp_path, capsys):
    (overlay / "vocabularies").mkdir()
    text = "- {function: desk_officer, label: Officer at the desk, does: records}\n"
    (overlay / "vocabularies" / "functions.yaml").write_text(text)

    assert answered(capsys, tmp_path / "a.csv", {"T-1": {**YES, "confirmed by": "Officer at the desk"}}) != 0
    assert not (overlay / "confirmations").exists()


def test_an_overlay_that_is_not_there_is_said(law, tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("STAZA_LAW_OVERLAY", str(tmp_path / "nowhere"))
    assert main(["law", "check"]) == 2
    assert "nowhere" in capsys.readouterr().err


# --------------------------------------------------------------------------------------------------- who is bound


BORDER = """instrument: md.border
title: Law on the Border
short: Law on the Border
kind: law
checked: verified-text
source: a publication
binds:
- {states: [Moldova], bound: true, basis: own law, note: The day was not read., checked: memory-only, source: not read}
provisions:
- {article: '5', gist: Whoever is held is let go after two days., checked: verified-text, source: the gazette}
"""
LET_GO = """title: A test of the border
rules:
- id: test.border
  title: Whoever is held at the border is let go
  deadline: released
  per: custody.episode
  starts: start
  lasts: 2 days
  cites: md.border/5
"""
FROM = {**YES, "answer": "corrected", "article": "90", "right from": "1.1.2016"}


@pytest.fixture
def border(law) -> Path:
    """An act of which nobody read from when it binds, with a rule that was read."""
    (law / "instruments/md/border.yaml").write_text(BORDER)
    (law / "procedures/test/b.yaml").write_text(LET_GO)
    return law


def test_who_is_bound_is_asked_about_by_what_waits_for_it(border, capsys):
    rows = asked(capsys)
    row = next(one for one in rows if one["binds"])

    assert {key: row[key] for key in ("clause", "fact", "rule", "binds", "binding", "from", "until")} == {
        "clause": "md.border", "fact": "", "rule": "", "binds": "MD", "binding": "yes", "from": "", "until": "",
    }  # fmt: skip
    assert row["in words"] == "Law on the Border: whether and from when it binds Moldova"
    assert row["says"] == "own law. The day was not read."
    assert (row["rules"], row["clocks"], row["safeguards"]) == ("1", "1", "0")
    assert row["waiting rules"] == "Whoever is held at the border is let go"
    weights = [(-int(one["rules"]), -int(one["clocks"]), -int(one["safeguards"])) for one in rows]
    assert weights == sorted(weights)
    second = [one for one in asked(capsys, "--secondary") if one["clause"] == "md.aliens"]
    assert [(one["from"], one["open because"]) for one in second] == [("2015-11-25", "known second-hand only")]


def test_an_act_seen_in_force_whose_first_day_was_not_read_is_open(border, capsys):
    text = BORDER.replace("bound: true", "seen_bound: '2019-01-01', bound: true").replace(
        "memory-only", "verified-text"
    )
    (border / "instruments/md/border.yaml").write_text(text)
    row = next(one for one in asked(capsys) if one["binds"])

    assert row["open because"] == "the day from which it binds was not read"
    assert row["says"] == "own law. Seen in force on 2019-01-01. The day was not read."


@pytest.mark.parametrize("kind", FORMATS)
def test_the_day_from_which_an_act_binds_gives_its_rules_effect(border, overlay, tmp_path, capsys, kind):
    assert verdicts(evaluated(capsys, tmp_path), "test.border") == ["question"]

    assert answered(capsys, tmp_path / f"sheet.{kind}", {"md.border": FROM}) == 0
    said = capsys.readouterr().out
    assert "Law on the Border: whether and from when it binds Moldova: corrected" in said
    assert "binds from a day that was not read -> binds from 2016-01-01; was memory-only" in said
    assert "binds otherwise: Law on the Border, Moldova; rules that rest on it: 1" in said
    assert verdicts(evaluated(capsys, tmp_path), "test.border") == ["breach"]
    entry = yaml.safe_load((overlay / "confirmations" / "md.yaml").read_text())[0]
    assert entry == {
        "clause": "md.border", "binds": "MD", "answer": "corrected", "article": "90", "binding": True,
        "binds_from": "2016-01-01", "gazette": "Official Gazette 88/15", "confirmed_on": "2025-11-20",
        "confirmed_by": "legal_adviser", "was": {"checked": "memory-only", "article": "", "binding": True},
    }  # fmt: skip
    assert not [one for one in asked(capsys, "--secondary") if one["clause"] == "md.border"]


def test_an_act_does_not_bind_before_the_day_that_was_confirmed(border, tmp_path, capsys):
    assert answered(capsys, tmp_path / "a.csv", {"md.border": {**FROM, "right from": "2020-06-01"}}) == 0
    assert verdicts(evaluated(capsys, tmp_path), "test.border") == []


def test_a_lawyer_may_find_that_an_act_does_not_bind(border, tmp_path, capsys):
    no = {**FROM, "right from": "", "right binding": "no"}
    assert answered(capsys, tmp_path / "a.csv", {"md.border": no}) == 0
    assert "-> does not bind" in capsys.readouterr().out
    assert verdicts(evaluated(capsys, tmp_path), "test.border") == []


def test_a_day_that_others_had_seen_no_longer_counts_beside_the_one_that_was_read(border, tmp_path, capsys):
    text = BORDER.replace("bound: true", "seen_bound: '2020-06-01', bound: true").replace(
        "memory-only", "verified-text"
    )
    (border / "instruments/md/border.yaml").write_text(text)
    assert verdicts(evaluated(capsys, tmp_path), "test.border") == []
    assert answered(capsys, tmp_path / "a.csv", {"md.border": FROM}) == 0

    assert verdicts(evaluated(capsys, tmp_path), "test.border") == ["breach"]


def test_the_days_of_an_act_are_confirmed_or_ended(border, overlay, tmp_path, capsys):
    assert answered(capsys, tmp_path / "a.csv", {"md.aliens": {**YES, "article": "165"}}) == 0
    entry = yaml.safe_load((overlay / "confirmations" / "md.yaml").read_text())[0]
    assert (entry["binding"], entry["binds_from"], entry["was"]["checked"]) == (
        True,
        "2015-11-25",
        "verified-secondary",
    )

    until = {**YES, "answer": "corrected", "article": "165", "right until": "2018-01-01"}
    rows = [{**FROM, "clause": "md.aliens", "binds": "MD", "binding": "yes", "from": "2015-11-25", "right from": ""}]
    empty = dict.fromkeys(("fact", "rule", "value", "unit", "bound", "right value", "right unit", "right bound"), "")
    sheet = filled(tmp_path / "b.csv", [{**empty, "note": "", "until": "", **rows[0], **until}])
    assert main(["law", "confirm", sheet]) == 0
    assert "binds from 2015-11-25 -> binds from 2015-11-25 until 2018-01-01" in capsys.readouterr().out
    assert not verdicts(evaluated(capsys, tmp_path), "test.first_time")
    entry = yaml.safe_load((overlay / "confirmations" / "md.yaml").read_text())[0]
    assert [one["answer"] for one in entry["earlier"]] == ["confirmed"]


BAD_DAYS = [
    ({"answer": "confirmed", "right from": ""}, "answer", "nothing to confirm"),
    ({"answer": "confirmed"}, "right from", "days of its own"),
    ({"right from": ""}, "right from", "first day is missing"),
    ({"right from": "soon"}, "right from", "`soon` is no date"),
    ({"right until": "2015-01-01"}, "right until", "would bind from 2016-01-01 until 2015-01-01"),
    ({"right until": "later"}, "right until", "`none`"),
    ({"right binding": "perhaps"}, "right binding", "`perhaps`"),
    ({"right binding": "yes", "right value": "3"}, "right value", "has no length"),
    ({"from": "2014-01-01"}, "from", "The sheet has `2014-01-01`"),
    ({"binds": "RO"}, "clause", "md.border RO"),
    ({"article": ""}, "article", "missing"),
    ({"gazette": ""}, "gazette", "missing"),
    ({"confirmed by": "somebody"}, "confirmed by", "somebody"),
]


@pytest.mark.parametrize(("change", "column", "named"), BAD_DAYS)
@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_a_bad_cell_about_who_is_bound_is_one_message(border, overlay, tmp_path, capsys, kind, change, column, named):
    changes = {"md.border": {**FROM, **change}, "T-1": YES}
    assert answered(capsys, tmp_path / f"sheet.{kind}", changes) == 2
    said = capsys.readouterr().err

    assert said.count("  where: ") == 1
    assert f"column `{column}`" in said
    assert named in said
    assert "nothing was written: 1 of 2 filled rows" in said
    assert list(overlay.rglob("*.yaml")) == []


def test_days_are_no_answer_to_an_article(border, overlay, tmp_path, capsys):
    assert answered(capsys, tmp_path / "a.csv", {"T-1": {**YES, "right from": "2016-01-01"}}) == 2
    assert "column `right from`" in capsys.readouterr().err
    assert list(overlay.rglob("*.yaml")) == []


def test_a_dry_run_says_who_would_be_bound_and_writes_nothing(border, overlay, tmp_path, capsys):
    assert answered(capsys, tmp_path / "a.csv", {"md.border": FROM}, "--dry-run") == 0
    assert "binds otherwise: Law on the Border, Moldova" in capsys.readouterr().out
    assert list(overlay.rglob("*.yaml")) == []


def test_a_sheet_from_before_these_columns_is_still_taken(border, tmp_path, capsys):
    newer = ("binds", "binding", "from", "until", "right binding", "right from", "right until")
    rows = [{key: one for key, one in row.items() if key not in newer} for row in asked(capsys) if not row["binds"]]
    for row in rows:
        row.update(YES if row["fact"] == "T-1" else {})

    assert main(["law", "confirm", filled(tmp_path / "a.csv", rows)]) == 0
    assert verdicts(evaluated(capsys, tmp_path), "test.first_time") == ["breach"]


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"binds": "RO"}, "md.border RO"),
        ({"was": {"checked": "memory-only", "article": "", "binding": False}}, "binds from a day that was not read"),
        ({"binding": None}, "`binding`"),
        ({"clause": "md.aliens/118(3)", "fact": "T-1", "binds": "", "was": ENTRY["was"]}, "what it does not ask"),
    ],
)
def test_an_answer_about_who_is_bound_that_does_not_fit_is_refused(border, overlay, tmp_path, capsys, change, named):
    entry = {
        **ENTRY, "clause": "md.border", "fact": "", "binds": "MD", "answer": "corrected", "article": "90",
        "value": None, "unit": None, "bound": None, "binding": True, "binds_from": "2016-01-01",
        "was": {"checked": "memory-only", "article": "", "binding": True},
    }  # fmt: skip
    (overlay / "confirmations").mkdir()
    (overlay / "confirmations" / "md.yaml").write_text(yaml.safe_dump([entry]))
    assert verdicts(evaluated(capsys, tmp_path), "test.border") == ["breach"]
    (overlay / "confirmations" / "md.yaml").write_text(yaml.safe_dump([{**entry, **change}]))

    assert main(["evaluate", str(tmp_path / "log.yaml")]) == 2
    assert named in capsys.readouterr().err


def test_explain_says_how_it_was_checked_that_the_act_binds_where_that_is_weaker(border, tmp_path, capsys):
    def explained() -> str:
        evaluated(capsys, tmp_path)
        assert main(["explain", str(tmp_path / "log.yaml")]) == 0
        lines = capsys.readouterr().out.splitlines()
        return next(line for line in lines if line.startswith("  Whoever is held") and "last day" in line)

    before = explained()
    assert "read in the text; that the act binds Moldova: open clause: not read" in before
    assert answered(capsys, tmp_path / "a.csv", {"md.border": FROM}) == 0
    assert explained().endswith("(read in the text)")
