"""Writing a page of an answer to a file."""

from pathlib import Path

from staza.lawbook.errors import StazaError


def write_page(path: Path, text: str) -> None:
    """Write a page and the folders that it lies in; raises `StazaError` where that cannot be."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    except OSError as fault:
        raise StazaError(
            "The page cannot be written.", str(path), fault.strerror or "unknown", "Give another path with `--out`."
        ) from None
