"""The law, read once: kept under the digest of its files and of the program's version.

The key is the content: the path and every byte of every law file, of the overlay, and of the program's files that
decide the shape of the law. Sizes and times of files are not looked at: they can agree where the content does not,
after a checkout, a copy that keeps times, or with a clock that is wrong, and reading all files takes three
milliseconds. So the cache is never stale, and never trusted beyond its digest. It is never needed: it is rebuilt when
absent or broken, written beside and renamed, and read only from a folder that belongs to the user alone. With a warm
cache nothing of pydantic is imported.

The file is a sum of what follows, and parts that are each opened when they are first asked for: a log of one State
needs neither the rules of national law that bind others nor the calendars.
"""

import hashlib
import os
import pickle
import sys
from collections.abc import Iterable
from dataclasses import fields, is_dataclass
from io import BytesIO
from itertools import chain
from pathlib import Path
from typing import Any, TypeAlias

from staza import __version__
from staza.engine.evaluate import VERSION
from staza.engine.types import Rule
from staza.lawbook.bundle import Bundle, states_bound
from staza.lawbook.files import digest, law_folder, overlay_folder

#: What decides the shape of the cache: a change of any of them makes it another cache.
SHAPED_BY = (
    "engine/types.py",
    "engine/expressions.py",
    "engine/days.py",
    "lawbook/cache.py",
    "lawbook/binds.py",
    "lawbook/calendars.py",
    "lawbook/compose.py",
    "lawbook/rules.py",
    "lawbook/bundle.py",
    "lawbook/clauses.py",
    "lawbook/competence.py",
    "lawbook/overlay.py",
)
_SUM = hashlib.sha256().digest_size
_Bound: TypeAlias = tuple[str, ...] | None  # the States that rules may bind; None: any State
_Group: TypeAlias = tuple[_Bound, tuple[int, ...], bytes]  # rules with their places among all
_BROKEN = (
    OSError, pickle.UnpicklingError, EOFError, AttributeError, ImportError, IndexError, KeyError, TypeError, ValueError,
)  # fmt: skip


def cache_folder() -> Path:
    """Give the folder of the cache: `STAZA_CACHE`, else the user's."""
    given = os.environ.get("STAZA_CACHE") or os.environ.get("XDG_CACHE_HOME")
    return Path(given or Path.home() / ".cache") / "staza"


def load_bundle(folder: Path | None = None) -> Bundle:
    """Give all law with the overlay of the installation, from the cache where it is fresh."""
    folder, overlay = folder or law_folder(), overlay_folder()
    package = Path(__file__).parents[1]
    shape = hashlib.sha256(b"".join((package / name).read_bytes() for name in SHAPED_BY)).hexdigest()
    version = f"{__version__}/{VERSION}/{shape}/{sys.version_info[:2]}"
    key = digest(folder, version, overlay)
    path = cache_folder() / f"law-{key[:32]}.pickle"
    kept = _kept(path)
    if kept is not None:
        return kept
    from staza.lawbook.check import checked_law  # pydantic is slow to import and only needed here

    bundle, _ = checked_law(folder, key, overlay)
    _keep(path, bundle)
    return bundle


# ---------------------------------------------------------------------------------------------------------- parts


class KeptBundle(Bundle):
    """The law out of the cache: a field is opened when it is first read, rules by the States that they may bind."""

    _parts: dict[str, bytes]
    _rules: list[_Group]
    _opened: dict[_Bound, list[Rule]]

    @classmethod
    def of(cls, parts: dict[str, bytes], rules: list[_Group]) -> "KeptBundle":
        """Give the law of a file of the cache; nothing is opened yet."""
        made = cls.__new__(cls)
        made._parts, made._rules, made._opened, made.laws = parts, rules, {}, {}
        return made

    def __getattr__(self, name: str) -> Any:  # Any: a field of `Bundle`; asked for only where it is not opened yet
        parts: dict[str, bytes] = self.__dict__.get("_parts", {})
        if name == "rules":
            value: Any = self._merged(self._rules)
        elif name in parts:
            value = pickle.loads(parts.pop(name))  # noqa: S301 - part of what `_kept` was content with
        else:
            raise AttributeError(name)
        setattr(self, name, value)
        return value

    def rules_for(self, state: str) -> list[Rule]:
        """Give the rules that can say anything about a State, without opening the others."""
        if "rules" in self.__dict__:
            return super().rules_for(state)
        return self._merged([one for one in self._rules if one[0] is None or state in one[0]])

    def _merged(self, groups: list[_Group]) -> list[Rule]:
        for states, _, data in groups:
            if states not in self._opened:
                self._opened[states] = pickle.loads(data)  # noqa: S301 - as above
        numbered = chain.from_iterable(zip(numbers, self._opened[states], strict=True) for states, numbers, _ in groups)
        return [rule for _, rule in sorted(numbered, key=lambda one: one[0])]


class _Pickler(pickle.Pickler):
    """Writes a dataclass as a call with its values, which opens in half the time of the way it would go by itself."""

    def reducer_override(self, value: Any) -> Any:
        if is_dataclass(value) and not isinstance(value, type):
            return type(value), tuple(getattr(value, one.name) for one in fields(value))
        return NotImplemented


def _pickled(value: Any) -> bytes:
    data = BytesIO()
    _Pickler(data, pickle.HIGHEST_PROTOCOL).dump(value)
    return data.getvalue()


def _packed(bundle: Bundle) -> bytes:
    """Give the bytes of the file that keeps a bundle."""
    names = [one.name for one in fields(Bundle) if one.name not in ("rules", "laws")]
    groups: dict[_Bound, list[int]] = {}
    for number, rule in enumerate(bundle.rules):
        states = states_bound(bundle, rule)
        groups.setdefault(None if states is None else tuple(sorted(states)), []).append(number)
    rules = [
        (states, tuple(numbers), _pickled([bundle.rules[number] for number in numbers]))
        for states, numbers in groups.items()
    ]
    data = pickle.dumps(({name: _pickled(getattr(bundle, name)) for name in names}, rules), pickle.HIGHEST_PROTOCOL)
    return hashlib.sha256(data).digest() + data


def _kept(path: Path) -> Bundle | None:
    """Give the law of a file of the cache, None where it is not there, not of this user alone, or not whole."""
    try:
        about = path.stat()
        if about.st_uid != os.getuid() or about.st_mode & 0o022:
            return None
        whole = path.read_bytes()
        if hashlib.sha256(memoryview(whole)[_SUM:]).digest() != whole[:_SUM]:
            return None
        parts, rules = pickle.loads(memoryview(whole)[_SUM:])  # noqa: S301 - written by this user, named by the digest
        return KeptBundle.of(parts, rules)
    except _BROKEN:
        return None


def _keep(path: Path, bundle: Bundle) -> None:
    """Write the cache atomically; a folder that cannot be written is no fault."""
    import tempfile  # slow to import and only needed here

    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=".law-")
        with os.fdopen(handle, "wb") as file:
            file.write(_packed(bundle))
        Path(name).replace(path)
        _drop_old(path, path.parent.glob("law-*.pickle"))
    except OSError:
        return


def _drop_old(path: Path, kept: Iterable[Path]) -> None:
    """Keep this file and the seven that were written last."""
    others = [one for one in kept if one != path]
    for old in sorted(others, key=lambda one: one.stat().st_mtime, reverse=True)[7:]:
        old.unlink(missing_ok=True)
