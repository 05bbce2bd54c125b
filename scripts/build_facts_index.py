"""Build law/facts.yaml, the index of the facts on the first instruments.

Usage: python scripts/build_facts_index.py FOLDER

FOLDER holds law-eu.yaml, law-echr.yaml and law-wb.yaml. The index keeps of each fact what a rule needs
in order to be checked against it: where it stands, what it counts and how it was checked.
"""

from __future__ import annotations

import argparse
from collections import Counter
from pathlib import Path
from typing import Any

import yaml

Fact = dict[str, Any]

INDEX = Path(__file__).resolve().parent.parent / "law" / "facts.yaml"

# Title of an instrument in the facts: its citation prefix. Of law-eu.yaml only these are taken.
EU_ACTS = {
    "Return Directive 2008/115/EC": "eu.2008-115",
    "Asylum Procedures Directive 2013/32/EU": "eu.2013-32",
    "Reception Conditions Directive 2013/33/EU": "eu.2013-33",
    "Eurodac Regulation (EU) No 603/2013": "eu.2013-603",
    "Dublin III Regulation (EU) No 604/2013": "eu.2013-604",
}
# Of law-echr.yaml everything is taken: a title missing here is an error.
CONVENTION_AND_FORMER_ACTS = {
    "Eurodac Regulation (EC) No 2725/2000": "eu.2000-2725",
    "Dublin II Regulation (EC) No 343/2003": "eu.2003-343",
    "Dublin Implementing Regulation (EC) No 1560/2003": "eu.2003-1560",
    "Reception Conditions Directive 2003/9/EC": "eu.2003-9",
    "Qualification Directive 2004/83/EC": "eu.2004-83",
    "Asylum Procedures Directive 2005/85/EC": "eu.2005-85",
    "European Convention on Human Rights": "echr",
    "Protocol No. 4 to the ECHR": "echr.p4",
    "Protocol No. 7 to the ECHR": "echr.p7",
    "Charter of Fundamental Rights of the European Union": "charter",
    "Rules of Court of the European Court of Human Rights": "rules-of-court",
}

# Of law-wb.yaml the clocks, guards, duties and institutions of Bosnia and Herzegovina; a title is known by how it
# begins.
NATIONAL = {
    "Austria-BiH bilateral": "ba-at",
    "Austria-BiH implementing": "ba-eu.p-at",
    "Benelux-BiH implementing": "ba-eu.p-benelux",
    "BiH readmission agreements with Albania": "ba-al",
    "BiH-Benelux bilateral": "ba-benelux",
    "BiH-Croatia": "ba-hr",
    "BiH-Denmark": "ba-dk",
    "BiH-Montenegro": "ba-me",
    "BiH-Serbia": "ba-rs",
    "CPT/Inf (2012) 15": "echr",
    "Consular practice of BiH": "ba.practice",
    "Court of BiH": "ba.practice",
    "EC-BiH": "ba-eu",
    "ECtHR, Al Husin": "echr",
    "Forced-return monitoring": "ba.ombudsman",
    "Germany-BiH implementing": "ba-eu.p-de",
    "Implementing protocol to the Switzerland": "ba-ch.p",
    "Law amending the Law on Aliens": "ba.aliens",
    "Law amending the Law on the Human Rights Ombudsman": "ba.ombudsman",
    "Law amending the Law on the Service": "ba.service",
    "Law on Aliens": "ba.aliens",
    "Law on Asylum": "ba.asylum",
    "Law on Border Control (Official Gazette BiH 53/09": "ba.border-2009",
    "Law on Border Control (Official Gazette BiH 7/25": "ba.border",
    "Law on Movement and Stay": "ba.aliens-2008",
    "Norway-BiH": "ba-no",
    "Practice": "ba.practice",
    "Rulebook on Asylum": "ba.asylum-rulebook",
    "Rulebook on collecting": "ba.border-records",
    "Rulebook on standards of functioning of the immigration": "ba.immigration-centre",
    "Rulebook on standards": "ba.asylum-centre",
    "Rulebook on supervision": "ba.removal",
    "Rulebook on the Central Database": "ba.central-database",
    "Rulebook on the content": "ba.records",
    "Rulebook on the manner of border": "ba.border-checks",
    "Switzerland-BiH": "ba-ch",
}

# What the facts say of the set-up names no act: the act under which the body acts. What is left out decides nothing
# about a person.
SET_UP = {
    "BA-INS-001": "ba.asylum",
    "BA-INS-002": "ba.aliens",
    "BA-INS-003": "ba-eu.p-at",
    "BA-INS-004": "ba-eu.p-at",
    "BA-INS-005": "ba.service",
    "BA-INS-006": "ba.asylum",
    "BA-INS-008": "ba.ombudsman",
    "BA-MON-001": "ba.ombudsman",
}
NO_LAW = (
    "Practice reports", "Readmission network of BiH", "Strategy in the Area of Migration and Asylum 2021-2025",
)  # fmt: skip
# Definitions that a rule rests on: until when a case is pending, which text applies, and a text of which no period was
# read.
ASKED_ABOUT = ("BA-ASY-002", "BA-BIL-001", "BA-BIL-020")

UNITS = ("hours", "days", "working_days", "weeks", "months", "years")  # what a rule counts

HEAD = """\
# Index of the facts that the law files encode; made by scripts/build_facts_index.py, not by hand.
# One fact a line, sorted by instrument and id. A rule names the facts it rests on; they are looked up here.
# instrument: citation prefix. article: as the fact cites it. kind: clock, guard, duty, definition, institution (who is
# competent) or benchmark (a figure drawn from case law, not a rule of law). value, unit, bound: what is counted.
# checked: verified-text (the words were read), verified-secondary (a publication says so),
# memory-only (read nowhere: no legal effect, a question for a lawyer).
"""


def read_facts(path: Path, prefixes: dict[str, str], *, whole: bool) -> list[Fact]:
    """Read one list of facts; `whole` says that every instrument in it must be known."""
    facts: list[Fact] = yaml.safe_load(path.read_text(encoding="utf-8"))
    unknown = {fact["instrument"] for fact in facts} - set(prefixes)
    if whole and unknown:
        raise SystemExit(f"{path.name}: no citation prefix for {', '.join(sorted(unknown))}")
    return [entry(fact, prefixes[fact["instrument"]]) for fact in facts if fact["instrument"] in prefixes]


def read_national(path: Path, country: str) -> list[Fact]:
    """Read the clocks, guards, duties and institutions of one country, and what a rule asks about.

    A title that is not known is an error.
    """
    found = []
    wanted = ("clock", "guard", "duty", "institution")
    for fact in yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader):
        if fact.get("country") == country and (fact["kind"] in wanted or fact["id"] in ASKED_ABOUT):
            title = str(fact["instrument"])
            prefix = SET_UP.get(fact["id"]) if title == "Institutional set-up" else None
            if title in ("Institutional set-up", *NO_LAW) and prefix is None:
                continue
            prefix = prefix or next((code for start, code in NATIONAL.items() if title.startswith(start)), None)
            if prefix is None:
                raise SystemExit(f"{path.name}: no citation prefix for {title}")
            counted = isinstance(fact["value"], int | float) and fact["unit"] in UNITS
            found.append(entry(fact if counted else {**fact, "value": None, "unit": None}, prefix))
    return found


def entry(fact: Fact, prefix: str) -> Fact:
    """What the index keeps of a fact."""
    return {
        "id": fact["id"],
        "instrument": prefix,
        "article": str(fact["article"] or "?"),
        "kind": "benchmark" if fact["topic"] == "benchmark" else fact["kind"],
        "topic": fact["topic"],
        "value": fact["value"],
        "unit": fact["unit"],
        "bound": fact.get("bound"),
        "checked": fact["verification"],
    }


def quoted(text: str) -> str:
    """A single-quoted YAML scalar."""
    return "'" + text.replace("'", "''") + "'"


def scalar(key: str, value: Any) -> str:
    """One value, quoted only where it must be or where it is an article."""
    if value is None:
        return "null"
    if not isinstance(value, str):
        return str(value)
    plain = key != "article" and not any(mark in value for mark in ":,#'\"[]{}")
    return value if plain else quoted(value)


def line(fact: Fact) -> str:
    """One fact as a flow mapping."""
    return "- {" + ", ".join(f"{key}: {scalar(key, value)}" for key, value in fact.items()) + "}"


def render(facts: list[Fact]) -> str:
    """The file, sorted; two facts with one id are an error."""
    twice = [name for name, count in Counter(fact["id"] for fact in facts).items() if count > 1]
    if twice:
        raise SystemExit(f"ids that occur twice: {', '.join(sorted(twice))}")
    ordered = sorted(facts, key=lambda fact: (fact["instrument"], fact["id"]))
    return HEAD + "".join(line(fact) + "\n" for fact in ordered)


def main() -> None:
    """Write the index and print how many checked facts of each kind it holds."""
    parser = argparse.ArgumentParser(description="Build law/facts.yaml.")
    parser.add_argument("folder", type=Path, help="folder with law-eu.yaml, law-echr.yaml and law-wb.yaml")
    parser.add_argument("--out", type=Path, default=INDEX, help="the index to write")
    options = parser.parse_args()
    folder: Path = options.folder
    facts = read_facts(folder / "law-eu.yaml", EU_ACTS, whole=False)
    facts += read_facts(folder / "law-echr.yaml", CONVENTION_AND_FORMER_ACTS, whole=True)
    facts += read_national(folder / "law-wb.yaml", "BA")
    text = render(facts)
    if sorted(facts, key=lambda fact: (fact["instrument"], fact["id"])) != yaml.safe_load(text):
        raise SystemExit("what was written does not read back as the same facts")
    options.out.parent.mkdir(parents=True, exist_ok=True)
    options.out.write_text(text, encoding="utf-8")
    kinds = Counter(fact["kind"] for fact in facts if fact["checked"] != "memory-only")
    counts = ", ".join(f"{count} {kind}" for kind, count in sorted(kinds.items()))
    print(f"{len(facts)} facts; checked: {counts}")


if __name__ == "__main__":
    main()
