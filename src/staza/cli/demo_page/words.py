"""How the page says days, entries, articles and reasons."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from staza.cli.demo_page.cases import Plain
from staza.engine.explain import Reason
from staza.engine.logic import EARLIEST, LATEST, Days
from staza.lawbook.bundle import Bundle
from staza.lawbook.citations import act_of, in_words

WHO = {
    "person": "the person", "authority": "the authority", "court": "a court", "register": "a register",
    "medical": "a doctor", "other_state": "the other State", "legal": "a lawyer",
}  # fmt: skip
CHECKED = {
    "verified-text": "read in the text",
    "verified-secondary": "read in a secondary source",
    "memory-only": "from memory, not checked",
}
ANSWERS = {True: "yes", False: "no", None: "not known"}
ASKING = frozenset({"condition", "flag", "event", "open", "binding"})
_NAME = re.compile(r"[A-Za-z][\w.\-]*")
_ONE_CALL = re.compile(r"^(not )?(exists|here|upon|shown|known)\(([^()]*)\)$")


@dataclass(frozen=True)
class Article:
    """An article as the page links it."""

    cite: str
    words: str
    anchor: str


@dataclass(frozen=True)
class Step:
    """One reason: what was read, the answer it gave, entries and articles it rests on, its own reasons."""

    text: str
    answer: str
    days: str
    entries: tuple[tuple[str, str], ...]  # anchor within the case, words
    articles: tuple[Article, ...]
    parts: tuple["Step", ...]


def short_day(ordinal: int) -> str:
    """Write a day: `3 May 2008`."""
    made = date.fromordinal(ordinal)
    return f"{made.day} {made:%b %Y}"


def short_days(days: Days) -> str:
    """Write an interval of days; one that is a month or a year as that, an open end in words."""
    first, last = days
    if first == last and EARLIEST < first < LATEST:
        return short_day(first)
    known = [short_day(day) if EARLIEST < day < LATEST else "" for day in days]
    if not all(known):
        return f"from {known[0]}" if known[0] else f"up to {known[1]}" if known[1] else "days not known"
    start, stop = date.fromordinal(first), date.fromordinal(last + 1)
    if start.day == stop.day == 1 and last - first < 31:
        return f"{start:%b %Y}"
    whole_year = (start.month, start.day, stop.month, stop.day) == (1, 1, 1, 1) and last - first < 366
    return f"{start.year}" if whole_year else f"{known[0]} to {known[1]}"


def date_of(value: object) -> str:
    """Write a date of a file as precisely as it is given."""
    text = str(value)
    made = date.fromisoformat(text + "-01-01"[len(text) - 4 :] if len(text) < 10 else text)
    return text if len(text) == 4 else f"{made:%b %Y}" if len(text) == 7 else f"{made.day} {made:%b %Y}"


def plain(value: object) -> str:
    """Write a value of a file: truth as yes or no, a code as words, a list with commas."""
    if value is None:
        return "not known"
    if isinstance(value, bool):
        return ANSWERS[value]
    if isinstance(value, list):
        return ", ".join(plain(one) for one in value)
    text = str(value)
    if re.fullmatch(r"\d{4}-\d\d-\d\d", text):
        return date_of(text)
    return re.sub(r"\billegal (entry|stay)\b", r"irregular \1", text.replace("_", " "))


def slug(text: str) -> str:
    """Give a text as a part of an anchor."""
    return re.sub(r"[^A-Za-z0-9]+", "-", text).strip("-")


def told(text: object) -> str:
    """Write a reader's sentence of a file with days and names of flags in words."""
    said = re.sub(r"\b\d{4}-\d\d-\d\d\b", lambda found: date_of(found[0]), str(text))
    return re.sub(r"\b[a-z]+(?:_[a-z]+)+\b", lambda found: f"“{plain(found[0])}”", said)


def article(cite: str, bundle: Bundle) -> Article:
    """Give an article in words with its anchor."""
    words = in_words(cite, bundle.shorts)
    if cite.endswith("/*"):
        words = f"{bundle.shorts.get(act_of(cite), act_of(cite))}, any article"
    return Article(cite, words, "art-" + slug(cite.replace("*", "any")))


def articles(cites: Iterable[str], bundle: Bundle) -> tuple[Article, ...]:
    """Give articles in words."""
    return tuple(article(cite, bundle) for cite in cites)


def question(name: str, bundle: Bundle) -> str:
    """Say what is not known as a question."""
    if name == "binding":
        return "Is the act binding here on that day?"
    for asked in (bundle.flags.get(name), bundle.conditions.get(name), bundle.fields.get(name)):
        if asked is not None and asked.asks:
            return asked.asks
    kind = bundle.kinds.get(name)
    return f"Is there an entry “{kind.label}”?" if kind else plain(name) + "?"


def asserted(context: Plain, bundle: Bundle) -> list[tuple[str, str, str]]:
    """Give what a file asserts beside its entries: question, answer, whose answer it is where not of all."""
    rows = [(question(str(name), bundle), plain(v), "") for name, v in context.items() if name != "by_person"]
    for ref, flags in (context.get("by_person") or {}).items():
        rows += [(question(str(name), bundle), plain(value), str(ref)) for name, value in flags.items()]
    return rows


# -------------------------------------------------------------------------------------------------- reasons


def steps(reason: Reason, bundle: Bundle, labels: Mapping[str, str]) -> tuple[Step, ...]:
    """Give the reasons under one, in words; an expression that only wraps another is left out."""
    return tuple(_step(part, bundle, labels) for part in reason.parts)


def _step(reason: Reason, bundle: Bundle, labels: Mapping[str, str]) -> Step:
    parts = steps(reason, bundle, labels)
    text = reason.text
    if reason.kind == "condition" and parts and not text.endswith("?"):
        wrapped = _ONE_CALL.match(text)
        if wrapped and len(parts) == 1:
            parts, text = parts[0].parts, parts[0].text
        else:
            text = _joined_by(text)
    days = "" if reason.days is None else short_days(reason.days)
    answer = ANSWERS[reason.value] if reason.kind in ASKING else ""
    entries = tuple((slug(ident), labels[ident]) for ident in reason.events[:6] if ident in labels)
    shown = () if reason.kind in ("limit", "sum") else articles(reason.cites, bundle)
    return Step(_said(text, bundle), answer, days, entries, shown, parts)


def _joined_by(text: str) -> str:
    """Say how the parts of an expression are joined: by its outermost word."""
    depth, outer = 0, ""
    for char in text:
        depth += (char == "(") - (char == ")")
        outer += char if depth == 0 else " "
    if " or " in outer:
        return "At least one of these holds"
    if " and " in outer:
        return "All of these hold"
    return "It is not so that" if text.startswith("not ") else text


def _said(text: str, bundle: Bundle) -> str:
    """Write an expression as words: names of kinds as their labels, dots and underscores as spaces."""
    call = _ONE_CALL.match(text)
    if call:
        start = {"exists": "Recorded", "here": "Recorded here", "upon": "Recorded upon it"}.get(call[2], "Shown")
        text = f"{'Not ' + start.lower() if call[1] else start}: {call[3]}"
    if text.endswith("?") or not re.search(r"[_.(=]", text):
        return text
    return _NAME.sub(lambda found: _name(found[0], bundle), text)


def _name(name: str, bundle: Bundle) -> str:
    kind = bundle.kinds.get(name)
    return f"“{kind.label}”" if kind else name.replace("_", " ").replace(".", " ").strip()
