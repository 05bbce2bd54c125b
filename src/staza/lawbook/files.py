"""Reading YAML: what stands where, with the line of every key."""

import hashlib
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from staza.lawbook.errors import LawError

EXAMPLES = "examples"
NAMING = ("id", "kind", "body", "procedure", "act")  # keys under which an entry of a list has its name


def law_folder() -> Path:
    """Give the folder of the law: `STAZA_LAW`, else the checkout's, else the one packaged with the program."""
    given = os.environ.get("STAZA_LAW")
    if given:
        if not (Path(given) / "procedures").is_dir():
            raise LawError(
                "There is no law to read.",
                given,
                "`STAZA_LAW` names a folder that is not there or has no `procedures` in it.",
                "Correct the path, or unset `STAZA_LAW`.",
            )
        return Path(given)
    checkout = Path(__file__).resolve().parents[3] / "law"
    return checkout if checkout.is_dir() else Path(__file__).resolve().parents[1] / "_law"


def overlay_folder() -> Path | None:
    """Give the folder of the overlay: `STAZA_LAW_OVERLAY`, none where it is not set; raises `LawError`."""
    given = os.environ.get("STAZA_LAW_OVERLAY")
    if given and not Path(given).is_dir():
        raise LawError(
            "There is no overlay to read.",
            given,
            "`STAZA_LAW_OVERLAY` names a folder that is not there.",
            "Correct the path, make the folder, or unset `STAZA_LAW_OVERLAY`.",
        )
    return Path(given) if given else None


def law_files(folder: Path) -> Iterator[Path]:
    """Give the law files in a fixed order; worked examples are no law."""
    return (folder / name for name in _law_names(folder))


def _law_names(folder: Path) -> list[str]:
    """Give the names of the law files below a folder in a fixed order; every command looks them up."""
    found: list[str] = []
    below = [""]
    while below:
        head = below.pop()
        with os.scandir(folder / head) as entries:
            for entry in entries:
                name = f"{head}/{entry.name}" if head else entry.name
                if entry.is_dir(follow_symlinks=False):
                    below += [name] if name != EXAMPLES else []
                elif name.endswith(".yaml") and entry.is_file():
                    found.append(name)
    return sorted(found, key=lambda name: name.split("/"))


class _Loader(yaml.CSafeLoader):
    """YAML in which a key stands once in its mapping: of two values one would be lost without a word."""

    def construct_mapping(self, node: Any, deep: bool = False) -> Any:
        seen: set[str] = set()
        for key, _ in node.value if isinstance(node, yaml.MappingNode) else ():
            if isinstance(key, yaml.ScalarNode):
                if key.value in seen and key.value != "<<":
                    raise yaml.constructor.ConstructorError(
                        None, None, f"the key `{key.value}` stands twice in one mapping", key.start_mark
                    )
                seen.add(key.value)
        return super().construct_mapping(node, deep=deep)


def plain(text: bytes | str) -> Any:
    """Give what a text of YAML holds; raises `yaml.YAMLError`, also for a key that stands twice."""
    return yaml.load(text, Loader=_Loader)  # noqa: S506 - a safe loader


def digest(folder: Path, version: str, overlay: Path | None = None) -> str:
    """Give the digest of all law files, those of an overlay that has some, and the version of the program."""
    total = hashlib.sha256(version.encode())
    for place, head in ((folder, ""), (overlay, "overlay/")):
        for name in _law_names(place) if place else ():
            with open(f"{place}/{name}", "rb", buffering=0) as file:  # noqa: PTH123 - a path of each costs as much again
                total.update(f"{head}{name}\0".encode() + file.read() + b"\0")
    return total.hexdigest()


def load(path: Path, folder: Path) -> Any:  # Any: whatever the file holds; the models refuse what they do not know
    """Give the content of a law file; raises `LawError` with the line of a fault of YAML."""
    try:
        return _with_text_keys(plain(path.read_bytes()))
    except yaml.YAMLError as fault:
        mark = getattr(fault, "problem_mark", None)
        line = mark.line + 1 if mark else 1
        raise LawError(
            "A law file is not YAML.",
            f"{path.relative_to(folder)}:{line}",
            str(getattr(fault, "problem", fault)),
            "Mend the line; a value with `: ` or `#` in it is put in quotes.",
        ) from None


def _with_text_keys(value: Any) -> Any:
    """Undo YAML 1.1, for which the key `on` is a truth."""
    if isinstance(value, dict):
        return {"on" if key is True else key: _with_text_keys(one) for key, one in value.items()}
    return [_with_text_keys(one) for one in value] if isinstance(value, list) else value


def holds(node: Any, key: str | int) -> bool:
    """Say whether a mapping or list of a file has something under a key."""
    if isinstance(node, dict):
        return key in node
    return isinstance(node, list) and isinstance(key, int) and 0 <= key < len(node)


def tree_with_lines(path: Path) -> Any:  # Any: a node of PyYAML, which has no types for them
    """Give what a file of YAML holds as nodes that know their lines."""
    return yaml.compose(path.read_bytes(), Loader=yaml.CSafeLoader)


def line_of(path: Path, keys: list[str | int]) -> int:
    """Give the line of the value that a path of keys leads to, or of the last key that exists."""
    return line_in(tree_with_lines(path), keys)


def line_in(node: Any, keys: list[str | int]) -> int:
    """Give the line as `line_of` does, in what `tree_with_lines` gave."""
    line = 1
    for key in keys:
        found = None
        if isinstance(node, yaml.MappingNode):
            found = next(((k, v) for k, v in node.value if k.value == str(key)), None)
            if found:
                line, node = found[0].start_mark.line + 1, found[1]
        elif isinstance(node, yaml.SequenceNode) and isinstance(key, int) and key < len(node.value):
            node = node.value[key]
            line = node.start_mark.line + 1
            found = (node, node)
        if not found:
            break
    return line


def line_of_entry(path: Path, name: str, key: str | None) -> int:
    """Give the line of what an entry says under a key, else of what the file's `defaults` do, else of the entry."""
    whole = tree_with_lines(path)
    found = _entry(whole, name)
    if found is None:
        return 1
    line, body = found
    defaults = _under(whole, "defaults")
    lines = [one.start_mark.line + 1 for node in (body, defaults[1]) for one, _ in _pairs(node) if one.value == key]
    return lines[0] if lines else line


def _pairs(node: Any) -> list[tuple[Any, Any]]:
    return node.value if isinstance(node, yaml.MappingNode) else []


def _under(node: Any, key: str) -> tuple[Any, Any]:
    """Give the nodes of a key and its value, none where a mapping does not have it."""
    return next((pair for pair in _pairs(node) if pair[0].value == key), (None, None))


def _entry(node: Any, name: str) -> tuple[int, Any] | None:
    """Find the mapping that has the name (`NAMING`), or the value whose key it is."""
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            if key.value == name:
                return key.start_mark.line + 1, value
            if key.value in NAMING and value.value == name:
                return key.start_mark.line + 1, node
        within = [value for _, value in node.value]
    else:
        within = node.value if isinstance(node, yaml.SequenceNode) else []
    return next((found for one in within if (found := _entry(one, name))), None)
