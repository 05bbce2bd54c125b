"""How the page says days, entries, articles and reasons."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from staza.cli.answers import CHECKED as CHECKED_CLAUSES
from staza.cli.demo_page.cases import Plain
from staza.engine.days import is_known
from staza.engine.explain import Reason
from staza.engine.logic import Days
from staza.lawbook.bundle import Bundle
from staza.lawbook.citations import act_of, in_words

WHO = {
    "person": "the person", "authority": "the authority", "court": "a court", "register": "a register",
    "medical": "a doctor", "other_state": "the other State", "legal": "a lawyer",
}  # fmt: skip
CLAUSES = {state: said.partition(", ")[0] for state, said in CHECKED_CLAUSES.items()}  # without what follows of it
CHECKED = {**CLAUSES, "memory-only": "from memory"}  # of entries and judgments, of which none is an open clause
ANSWERS = {True: "yes", False: "no", None: "not known"}
ASKING = frozenset({"condition", "flag", "event", "open", "binding"})
_NAME = re.compile(r"[A-Za-z][\w.\-]*")
_VALUE = re.compile(r"(true|false|unknown)$|(diff|add|first|last|earliest|latest|parent|from)\([^<=>]*\)$")
_CALLS = tuple(
    (re.compile(pattern), words)
    for pattern, words in (
        (r"\bhas\(([\w.]+)\)", r"\1 is recorded"),
        (r"\brelation\(([\w.]+)\)\.([\w.]+)", r"\2, for the one who is \1"),
        (r"\bshown\((not )?([\w.]+)\)", r"\1\2 is shown"),
        (r"\bsaid\(([\w.]+), ([^()]*)\)", r"\1, as said in \2"),
        (r"\bbinds\(([\w.\-]+)\)", r"\1 binds"),
        (r"\b(first|last|earliest|latest)\(", r"the \1 of ("),
        (r"^exists\((.*)\)$", r"recorded: \1"),
        (r"^here\((.*)\)$", r"recorded in this procedure: \1"),
        (r"^upon\((.*)\)$", r"recorded upon it: \1"),
        (r"^(any|during)\((.*)\)$", r"\1 \2"),
        (r" != ", " is not "),
        (r" = ", " is "),
        (r" in \[([^\]]*)\]", r" is one of \1"),
        (r" >= ", " at least "),
        (r" <= ", " at most "),
        (r" > ", " after or above "),
        (r" < ", " before or below "),
    )
)


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
    if first == last and is_known(first):
        return short_day(first)
    known = [short_day(day) if is_known(day) else "" for day in days]
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
    if name.startswith("clause."):
        return "How long is this period? The law was not read on it."
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
    """Give what decides a reason, in words: `and`, `or`, `not` fall away; what they rest on stays with its answer."""
    made = (_step(one, bundle, labels) for part in reason.parts for one in _deciding(part))
    return tuple(dict.fromkeys(made))


def _step(reason: Reason, bundle: Bundle, labels: Mapping[str, str]) -> Step:
    text = _said(reason.text, bundle)
    days = "" if reason.days is None else short_days(reason.days)
    if reason.kind in ("limit", "met") and days:
        text, days = f"{text}{', last day' if reason.kind == 'limit' else ','} {days}", ""
    return Step(
        text=text[:1].upper() + text[1:],
        answer=ANSWERS[reason.value] if reason.kind in ASKING else "",
        days=days,
        entries=tuple((slug(ident), labels[ident]) for ident in reason.events[:6] if ident in labels),
        articles=() if reason.kind in ("limit", "sum") else articles(reason.cites, bundle),
        parts=steps(reason, bundle, labels),
    )


def _deciding(reason: Reason) -> Iterator[Reason]:
    """Give the reasons that decide a bare expression; anything that has a name or a question is itself one."""
    text = reason.text
    if reason.kind != "condition" or not reason.parts or text.endswith("?") or _NAME.fullmatch(text):
        if not _VALUE.match(text):
            yield reason
        return
    for part in _chosen(reason) if text.startswith("if(") else _decisive(reason):
        yield from _deciding(part)


def _decisive(reason: Reason) -> Iterable[Reason]:
    """Leave out the parts of an `and` or `or` that did not decide it."""
    joined = _joined_by(reason.text)
    settled = (joined == "or" and reason.value is True) or (joined == "and" and reason.value is not True)
    settled = settled or (joined == "or" and reason.value is None)
    return [part for part in reason.parts if part.value is reason.value] if settled else reason.parts


def _chosen(reason: Reason) -> Iterable[Reason]:
    """Give the branch of an `if(a, b, …, otherwise)` that was taken, or all where it is not known which."""
    parts = reason.parts
    for n in range(0, len(parts) - 1, 2):
        if parts[n].value is None:
            return parts
        if parts[n].value is True:
            return parts[n : n + 2]
    return parts[-1:]


def _joined_by(text: str) -> str:
    """Give the outermost word of an expression: `and`, `or` or nothing."""
    depth, outer = 0, ""
    for char in text:
        depth += (char == "(") - (char == ")")
        outer += char if depth == 0 else " "
    return "or" if " or " in outer else "and" if " and " in outer else ""


def _said(text: str, bundle: Bundle) -> str:
    """Write an expression as words: names of kinds as their labels, dots and underscores as spaces."""
    if text.endswith("?") or not re.search(r"[_.(=<>\[]", text):
        return text
    for pattern, words in _CALLS:
        text = pattern.sub(words, text)
    return _NAME.sub(lambda found: _name(found[0], bundle), text)


def _name(name: str, bundle: Bundle) -> str:
    kind = bundle.kinds.get(name)
    if kind:
        return f"“{kind.label}”"
    return bundle.shorts.get(name) or name.replace("_", " ").replace(".", " ").strip()
