"""`staza law show`: a rule in words, with its sources and its worked cases; all rules as pages."""

import json
from pathlib import Path

import yaml

from staza.cli.answers import checked_in_words, checking, no_such_rule
from staza.cli.pages import write_page
from staza.lawbook.bundle import Bundle
from staza.lawbook.citations import act_of, article_of, in_words
from staza.lawbook.examples import Row, rows
from staza.lawbook.reader import Sources


def show_rule(bundle: Bundle, sources: Sources, folder: Path, ident: str, *, as_json: bool = False) -> int:
    """Print one rule; raises `StazaError` with the near ids when there is none of that name."""
    if ident not in sources.entries:
        raise no_such_rule(ident, sources.entries, "law show")
    if as_json:
        rule = next(r for r in bundle.rules if r.id == ident)
        plain = {
            "rule": rule.id, "title": rule.title, "file": sources.places[ident], "text": sources.raw[ident],
            "cites": list(rule.cites), "cites_in_words": [in_words(cite, bundle.shorts) for cite in rule.cites],
            "facts": list(rule.facts), **checking(bundle, ident),
        }  # fmt: skip
        print(json.dumps(plain, ensure_ascii=False, indent=1))
        return 0
    print(page(bundle, sources, list(rows(folder / "examples")), ident))
    return 0


def show_all(bundle: Bundle, sources: Sources, folder: Path, out: Path) -> int:
    """Write a Markdown page for each file of rules; prints the folder."""
    cases = list(rows(folder / "examples"))
    by_file: dict[str, list[str]] = {}
    for ident in sources.entries:
        by_file.setdefault(sources.places[ident], []).append(ident)
    for file, idents in by_file.items():
        name = file.removeprefix("procedures/").replace("/", "-").removesuffix(".yaml")
        text = "\n\n".join(page(bundle, sources, cases, ident) for ident in idents)
        write_page(out / f"{name}.md", text + "\n")
    print(out)
    return 0


def page(bundle: Bundle, sources: Sources, cases: list[Row], ident: str) -> str:
    """Give a rule as Markdown: its words, its text, its articles, its facts, its worked cases."""
    rule = next(r for r in bundle.rules if r.id == ident)
    lines = [f"## {rule.title or rule.id}", "", f"`{rule.id}` in `law/{sources.places[ident]}`", "", "```yaml"]
    lines.append(yaml.safe_dump(sources.raw[ident], sort_keys=False, allow_unicode=True, width=100).rstrip())
    lines += ["```", ""]
    if checked := checked_in_words(bundle, ident):
        lines.append(f"- how its article was checked: {checked}")
    for cite in rule.cites:
        provision = sources.provisions.get(act_of(cite), {}).get(article_of(cite))
        if provision:
            where = f"{in_words(cite, bundle.shorts)} ({provision.checked.replace('-', ' ')})"
            lines.append(f"- **{where}**: {provision.gist} Source: {provision.source}.")
    for source in sources.entries[ident].source:
        lines.append(f"- source: {in_words(source, bundle.shorts) if source.startswith('case.') else source}")
    for fact in rule.facts:
        entry = sources.facts.get(fact)
        if entry:
            value = f", {entry.value} {entry.unit} {entry.bound or ''}".rstrip() if entry.value is not None else ""
            lines.append(f"- fact `{fact}`: {entry.kind}, {entry.topic}{value} ({entry.checked.replace('-', ' ')})")
    for row in cases:
        if any(one["rule"] == ident for one in row.fires):
            lines.append(f"- fires: *{row.name}*, {row.why} (`{row.file}`)")
        elif ident in row.silent:
            lines.append(f"- silent: *{row.name}*, {row.why} (`{row.file}`)")
    return "\n".join(lines) + "\n"
