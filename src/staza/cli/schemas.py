"""`staza law schema`: the JSON Schemas of the law files, written into `law/schema` or compared with it."""

import sys
from pathlib import Path

from staza.cli.pages import write_page
from staza.lawbook.schema_export import FOLDER, differences, schema_texts


def schemas(folder: Path, *, check: bool) -> int:
    """Write the schemas; with `check` only say what differs, exit 1 where something does."""
    place = folder / FOLDER
    if check:
        found = list(differences(place))
        for one in found:
            print(f"staza: law/{FOLDER}/{one}; `staza law schema` writes it.", file=sys.stderr)
        return 1 if found else 0
    wanted = schema_texts()
    for path in place.glob("*.json"):
        if path.name not in wanted:
            path.unlink()
    for name, text in wanted.items():
        write_page(place / name, text)
    print(place)
    return 0
