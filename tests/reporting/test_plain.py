"""A person's own words stay words, whatever signs they hold."""

import re

import pytest

from dashboards import as_html
from htkeval.reporting.plain import aloud, plain, shortened, together

UNESCAPED = re.compile(r"(?<!\\)[`*_\[\]<>$]")


@pytest.mark.parametrize(
    "words",
    [
        "<script>alert(1)</script>",
        "**fed** _kursiv_ `kode` ~~væk~~",
        "[her](javascript:alert(1)) ![x](https://x.example/y.png)",
        "# Overskrift",
        "| a | b |",
        ":red[rød] :material/check: $x^2$ &lt;b&gt;",
    ],
)
def test_no_sign_is_left_that_markdown_reads(words):
    assert not UNESCAPED.search(plain(words))
    assert not UNESCAPED.search(aloud(words))


def test_removing_escapes_and_joiners_gives_the_words_back():
    words = r"<b>*x*</b> \n :smile: www.example.dk a@b.dk -> {y} #1"
    shown = re.sub(r"\\([^\w\s])", r"\1", plain(words)).replace("\u2060", "")
    assert shown.replace("\u00a0", " ") == words


def test_icons_emoji_addresses_and_arrows_are_broken_by_a_sign_without_width():
    for words in (
        ":smile:",
        ":material/check:",
        "www.example.dk",
        "https://example.dk",
        "->",
        "--",
    ):
        assert "\u2060" in plain(words), words


def test_a_time_of_day_is_left_as_it_is():
    assert "\u2060" not in plain("kl. 10:30")


def test_lines_become_one_line_so_that_no_heading_or_list_can_begin():
    assert plain("a\n\n# b\n- c").count("\n") == 0


def test_what_is_too_long_ends_in_an_ellipsis():
    assert shortened("a" * 4000, 90) == "a" * 89 + "…"
    assert shortened("kort", 90) == "kort"
    assert len(plain("æ" * 4000, longest=90)) == 90


@pytest.mark.parametrize(
    ("words", "kept"),
    [
        ("15 pct. af", "15\u00a0pct. af"),
        ("−0,4 til", "−0,4\u00a0til"),
        ("16. juni 2026 til", "16.\u00a0juni 2026 til"),
        ("12 % faster", "12\u00a0% faster"),
    ],
)
def test_a_number_is_not_parted_from_its_word(words, kept):
    assert together(words) == kept


@pytest.mark.parametrize("sign", ["\u202e", "\u2066", "\x00", "\x1b", "\ud800"])
def test_what_turns_letters_round_or_cannot_be_sent_is_written_out(sign):
    """A table's cells are escaped HTML; these signs are none of it, and reach the reader as signs
    that he can see."""
    told = as_html.line(f"a{sign}b", "da")
    assert sign not in told
    assert told.encode()
    assert sign not in plain(f"a{sign}b")
