"""Near names: what may have been meant by a name that nobody declared."""

from collections.abc import Iterable

MOST = 3
SHORTEST_PART = 4  # a shorter word stands in too many names to say anything


def near_names(name: object, known: Iterable[object]) -> list[str]:
    """Give the known names that are near to one that is not, nearest first: misspelt, or only a part of the name."""
    from difflib import get_close_matches  # only for what is wrong: it costs the start of every command

    given, names = str(name), [str(one) for one in known]
    found = get_close_matches(given, names, MOST)
    if len(given) >= SHORTEST_PART:
        found += [one for one in names if given in one and one not in found]
    last = given.rsplit(".", 1)[-1]
    if not found and last != given and len(last) >= SHORTEST_PART:  # another folder of the law was meant
        found = [one for one in names if one.rsplit(".", 1)[-1] == last]
    return found[:MOST]


def did_you_mean(name: object, known: Iterable[object]) -> str:
    """Ask whether a known name was meant; empty where none is near."""
    found = near_names(name, known)
    return f"Did you mean {' or '.join(f'`{one}`' for one in found)}?" if found else ""
