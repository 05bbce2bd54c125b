"""Which acts may be done now, and which wait for a safeguard."""

from staza.engine import governing, safeguards
from staza.engine.answer import Acts, Block, Missing
from staza.engine.conditions import Reading
from staza.engine.questions import missing_of
from staza.engine.types import Rule


def acts_now(reading: Reading) -> Acts:
    """Give the acts that something blocks at the end of the day of the answer, and those that nothing does.

    What is not known blocks an irreversible act. A safeguard whose article was read nowhere counts as not known.
    """
    now = (reading.as_of, reading.as_of)
    reasons: dict[str, list[tuple[Rule, list[Missing]]]] = {}
    for rule in reading.law.rules:
        if not rule.blocks:
            continue
        value, doubts = safeguards.blocked_now(rule, reading)
        if value is False or governing.governs(reading, rule, now, None) is False:
            continue
        certain = value is True and rule.verified
        unknown = [] if value is True else missing_of(reading, doubts)
        for act in _waiting(rule, reading):
            if certain or reading.law.acts[act].irreversible:
                reasons.setdefault(act, []).append((rule, unknown))
    blocked = tuple(_block(act, reasons[act]) for act in reading.law.acts if act in reasons)
    return blocked, tuple(act for act in reading.law.acts if act not in reasons)


def _waiting(rule: Rule, reading: Reading) -> list[str]:
    """Give the acts that a rule blocks: those it names, and those that stand under their names."""
    acts = reading.law.acts
    included = {inner for name in rule.blocks for inner in acts[name].includes}
    return [name for name in acts if name in rule.blocks or name in included]


def _block(act: str, reasons: list[tuple[Rule, list[Missing]]]) -> Block:
    return Block(
        act,
        "person",
        tuple(rule.id for rule, _ in reasons),
        tuple(dict.fromkeys(cite for rule, _ in reasons for cite in rule.cites)),
        tuple(dict.fromkeys(fact for rule, _ in reasons for fact in rule.facts)),
        tuple(_reason(rule, unknown) for rule, unknown in reasons),
        tuple(tuple(unknown) for _, unknown in reasons),
    )


def _reason(rule: Rule, unknown: list[Missing]) -> str:
    """Say why in one line; of what is not known also who can supply it."""
    title = rule.title or rule.id
    asked = ", ".join(f"{one.asks} (who can supply it: {one.answered_by.replace('_', ' ')})" for one in unknown)
    return f"{title}: not known: {asked}" if unknown else title
