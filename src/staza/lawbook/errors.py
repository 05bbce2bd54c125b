"""What is wrong with a law file or a log, in four parts: what, where, why, what next."""

from dataclasses import dataclass


@dataclass
class StazaError(Exception):
    """Base of what this program raises about its input; never about a person's case."""

    what: str
    where: str
    why: str
    next: str

    def __str__(self) -> str:
        return f"{self.what}\n  where: {self.where}\n  why: {self.why}\n  next: {self.next}"

    def as_dict(self) -> dict[str, str]:
        """Give the four parts as they stand in JSON."""
        return {"what": self.what, "where": self.where, "why": self.why, "next": self.next}


class LawError(StazaError):
    """A fault in a law file."""


class CaseFileError(StazaError):
    """A fault in the file of a log."""
