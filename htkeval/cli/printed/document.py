"""What every printed document begins with."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from htkeval.frozen import Frozen


class Printed(Frozen):
    """A document with its version at the top."""

    schema_: Literal[1] = Field(default=1, alias="schema")
    """Version of the document's form."""
