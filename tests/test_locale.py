"""Every sentence has its Danish."""

import pytest

from htkeval.locale.__main__ import compiled, problems
from htkeval.resources import PACKAGE


@pytest.mark.campaign  # every day by `make lint`, which asks the same function
def test_every_sentence_is_translated_with_the_same_placeholders():
    assert problems("da") == []


def test_the_compiled_catalogue_is_made_from_the_areas():
    kept = (PACKAGE / "locale" / "da" / "LC_MESSAGES" / "htkeval.mo").read_bytes()
    assert kept == compiled("da"), "run `make locale`"


def test_a_sentence_has_the_same_words_in_every_area():
    """Else the area that comes first by name decides what all the others say."""
    from babel.messages.pofile import read_po

    seen: dict[str, set[str]] = {}
    for file in sorted((PACKAGE / "locale" / "da" / "LC_MESSAGES").glob("*.po")):
        with file.open("rb") as source:
            for message in read_po(source):
                if message.id:
                    seen.setdefault(str(message.id), set()).add(str(message.string))
    assert {sentence: words for sentence, words in seen.items() if len(words) > 1} == {}
