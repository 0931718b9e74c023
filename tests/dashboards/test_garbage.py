"""Streamlit looks for garbage after each page: not among what is loaded for good."""

import gc
import sys
import weakref

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


class Page:
    """What hangs together in a circle, so that only a search for garbage frees it."""

    def __init__(self):
        self.itself = self


def test_a_page_that_was_open_when_more_was_loaded_is_not_kept_for_good(monkeypatch):
    try:
        page = Page()
        still = weakref.ref(page)
        garbage.spare_what_is_loaded()
        del page
        monkeypatch.setitem(sys.modules, "en_side_mere", sys)
        garbage.spare_what_is_loaded()
        assert still() is None
    finally:
        gc.unfreeze()
        garbage._spare.cache_clear()
