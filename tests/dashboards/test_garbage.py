"""Streamlit looks for garbage after each page: not among what is loaded for good."""

import gc
import sys
import weakref

from dashboards import garbage


def test_what_is_loaded_is_spared_once_and_again_when_more_is(monkeypatch):
    garbage._spare.cache_clear()
    try:
        for _ in range(2):
            garbage.spare_what_is_loaded()
            assert garbage._spare.cache_info().misses == 1
        assert gc.get_freeze_count() > 100_000
        monkeypatch.setitem(sys.modules, "en_side_mere", sys)
        garbage.spare_what_is_loaded()
        assert garbage._spare.cache_info().misses == 2
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
