"""The addresses of files for download: nobody can work one out who was not given it.

Streamlit's own is a hash of the content, of large files even of a part of it: whoever can guess
what a sheet holds would have its address, and an answer to whether he guessed right.
"""

from __future__ import annotations

import hmac
from hashlib import sha256
from secrets import token_bytes

from streamlit.runtime import memory_media_file_storage as storage

_SECRET = token_bytes(32)


def address(data: bytes, mimetype: str, filename: str | None = None) -> str:
    """The name of a file in its address: the same for the same file as long as the server lives."""
    told = f"{len(data)}:{mimetype}:{filename or ''}:".encode()
    return hmac.new(_SECRET, told + data, sha256).hexdigest()


def settle() -> None:
    """Have Streamlit call files so."""
    storage._calculate_file_id = address
