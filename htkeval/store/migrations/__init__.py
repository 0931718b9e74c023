"""How a store made by an earlier htkeval is brought up to this one, by Alembic."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlalchemy import Connection

HEAD = "0003"
"""The newest revision: what `schema.py` says. Kept here so that opening needs no Alembic."""

FOLDER = Path(__file__).parent


def upgrade(connection: Connection) -> None:
    """Run the migrations that are missing, inside the connection's transaction.

    Raises:
        LookupError: The store's revision is not known here: a newer htkeval made it.
    """
    from alembic import command
    from alembic.config import Config
    from alembic.util import CommandError

    config = Config()
    config.set_main_option("script_location", str(FOLDER).replace("%", "%%"))
    config.attributes["connection"] = connection
    try:
        command.upgrade(config, "head")
    except CommandError as unknown:
        raise LookupError(str(unknown)) from unknown
