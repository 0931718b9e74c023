"""A file of a paper: which format, which language, which bytes."""

from typing import Literal

from pydantic import Field

from htkeval.frozen import Frozen
from htkeval.text import Language

PaperFormat = Literal["pdf", "docx", "html"]
FORMATS: tuple[PaperFormat, ...] = ("pdf", "docx", "html")


class PaperFile(Frozen):
    """A file of a paper, as a decision takes it along."""

    format: PaperFormat
    """Which kind of file."""
    language: Language
    """In which language."""
    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")
    """SHA-256 of its bytes."""
