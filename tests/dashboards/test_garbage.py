"""Streamlit looks for garbage after each page: not among what is loaded for good."""

import gc
import sys

from dashboards import garbage


def test_what_is_loaded_is_spared_once_and_again_when_more_is(monkeypatch):
    try:
        garbage.spare_what_is_loaded()
        spared = gc.get_freeze_count()
        assert spared > 0
        made = [[n] for n in range(1000)]
        garbage.spare_what_is_loaded()
        assert gc.get_freeze_count() <= spared  # nothing of a page is kept for good
        monkeypatch.setitem(sys.modules, "en_side_mere", sys)
        garbage.spare_what_is_loaded()
        assert gc.get_freeze_count() > spared
        del made
    finally:
        gc.unfreeze()
        garbage._spare.cache_clear()
