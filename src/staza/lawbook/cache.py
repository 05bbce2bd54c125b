"""The law, read once: kept under the digest of its files and of the program's version.

The cache is never needed and never trusted beyond its digest: it is rebuilt when absent, written beside and renamed,
and read only from a folder that belongs to the user alone. With a warm cache nothing of pydantic is imported.
"""

import hashlib
import os
import pickle
import sys
import tempfile
from pathlib import Path

from staza import __version__
from staza.engine.evaluate import VERSION
from staza.lawbook.bundle import Bundle
from staza.lawbook.files import digest, law_folder, overlay_folder

#: What decides the shape of the cache: a change of any of them makes it another cache.
SHAPED_BY = (
    "engine/types.py",
    "engine/expressions.py",
    "engine/days.py",
    "lawbook/calendars.py",
    "lawbook/compose.py",
    "lawbook/rules.py",
    "lawbook/bundle.py",
    "lawbook/clauses.py",
    "lawbook/competence.py",
    "lawbook/overlay.py",
)


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


def _kept(path: Path) -> Bundle | None:
    try:
        about = path.stat()
        if about.st_uid != os.getuid() or about.st_mode & 0o022:
            return None
        kept = pickle.loads(path.read_bytes())  # noqa: S301 - written by this user, named by the digest
        return kept if isinstance(kept, Bundle) else None
    except (OSError, pickle.UnpicklingError, EOFError, AttributeError, ImportError, IndexError, TypeError):
        return None


def _keep(path: Path, bundle: Bundle) -> None:
    """Write the cache atomically; a folder that cannot be written is no fault."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=".law-")
        with os.fdopen(handle, "wb") as file:
            pickle.dump(bundle, file, protocol=pickle.HIGHEST_PROTOCOL)
        Path(name).replace(path)
        for old in path.parent.glob("law-*.pickle"):
            if old != path and len(list(path.parent.glob("law-*.pickle"))) > 8:
                old.unlink(missing_ok=True)
    except OSError:
        return
