"""What the address of a page says: it can be sent, and stays when the page is loaded again."""

from __future__ import annotations

import streamlit as st


def asked(name: str) -> str | None:
    """What it says of something."""
    return st.query_params.get(name)


def keep(name: str, value: str | None) -> None:
    """Have it say so; nothing where there is nothing to say."""
    if not value:
        st.query_params.pop(name, None)
    elif asked(name) != value:
        st.query_params[name] = value


def trial(name: str) -> None:
    """Have it say which trial is shown; a new one has no name yet."""
    keep("trial", name)
