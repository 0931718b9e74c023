"""Every sentence has its Danish."""

from htkeval.locale.__main__ import compiled, problems
from htkeval.resources import PACKAGE


def test_every_sentence_is_translated_with_the_same_placeholders():
    assert problems("da") == []


def test_the_compiled_catalogue_is_made_from_the_areas():
    kept = (PACKAGE / "locale" / "da" / "LC_MESSAGES" / "htkeval.mo").read_bytes()
    assert kept == compiled("da"), "run `make locale`"
