"""Word errors: the published count, known pairs, a slow count of our own, and what is compared."""

import csv
import random

import pytest

from htkeval.intake.technical import word_errors
from htkeval.intake.technical.utterances import Utterance, read_utterances
from htkeval.intake.technical.word_errors import count, normalised, scores, speakers
from tests.recognised import KNOWN, SPOKEN, UTTERANCES, published, write_pair

counted = pytest.mark.usefixtures("jiwer")
beside = pytest.mark.skipif(
    not UTTERANCES.is_file(), reason="sclite-wer is not beside this checkout"
)


@pytest.fixture
def jiwer():
    return pytest.importorskip("jiwer", reason="the extra wer is not installed")


def rate(utterances) -> float:
    return scores(count(utterances))[0].value


def distance(said: list[str], heard: list[str]) -> int:
    """Levenshtein's distance by its definition, column by column."""
    row = list(range(len(heard) + 1))
    for i, word in enumerate(said, start=1):
        above, row = row, [i]
        for j, other in enumerate(heard, start=1):
            row.append(min(above[j] + 1, row[-1] + 1, above[j - 1] + (word != other)))
    return row[-1]


@counted
@beside
def test_the_published_example_has_885_errors_in_1676_words(tmp_path):
    said, heard = write_pair(tmp_path)
    found = count(read_utterances(heard, said))
    assert (found.total, found.words, found.utterances) == (885, 1676, 57)
    assert rate(read_utterances(heard, said)) == 885 / 1676


@counted
@beside
def test_speakers_have_the_errors_that_sclite_printed(tmp_path):
    """sclite's report lvc_hyp.ctm.filt.raw; it forgives 2347-b two fragments of words (278)."""
    said, heard = write_pair(tmp_path)
    found = [(one.words, one.errors) for one in speakers(read_utterances(heard, said))]
    assert found[:3] == [(250, 128), (639, 280), (188, 171)]
    assert sum(errors for _, errors in found) == 885


@counted
@pytest.mark.skipif(not KNOWN.is_file(), reason="sclite-wer is not beside this checkout")
def test_known_pairs_have_their_known_rates():
    with KNOWN.open(newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            pair = Utterance("", row["ref"], row["hyp"])
            assert rate([pair]) == pytest.approx(float(row["wer"]), abs=1e-9)


@counted
def test_errors_are_levenshteins_distance_utterance_by_utterance():
    rng = random.Random(4)
    pairs = [
        Utterance("", *(" ".join(rng.choices("abcd", k=rng.randrange(9))) for _ in range(2)))
        for _ in range(200)
    ]
    apart = [distance(one.reference.split(), one.recognised.split()) for one in pairs]
    assert count(pairs).total == sum(apart)


@counted
def test_the_rate_is_of_all_words_and_not_the_mean_of_rates(tmp_path):
    file = tmp_path / "tale.csv"
    file.write_text(SPOKEN, encoding="utf-8")
    read = read_utterances(file, None)
    each = [rate([one]) for one in read]
    assert each == [0, 1, 4 / 6]
    assert rate(read) == 5 / 10 != sum(each) / 3


@counted
def test_what_is_heard_in_silence_is_put_in_and_a_silent_speaker_has_no_rate():
    read = (Utterance("Anna", "", "tak for i dag"), Utterance("Bo", "ja", "ja"))
    assert count(read).errors == {"substitutions": 0, "deletions": 0, "insertions": 4}
    assert [(one.errors, one.rate) for one in speakers(read)] == [(4, None), (0, 0.0)]


@counted
def test_speakers_are_numbers_and_none_where_one_utterance_names_nobody():
    named = (Utterance("Bo", "a", "a"), Utterance("Anna", "b", "c"))
    assert [one.number for one in speakers(named)] == [1, 2]
    assert "Anna" not in str(speakers(named))
    assert speakers((*named, Utterance("", "d", "d"))) == ()


def test_case_signs_spaces_and_ways_of_storing_a_letter_are_no_errors():
    assert normalised(" »Ja«,  det er KL. 9!\n") == "ja det er kl 9"
    assert normalised("A\u030arhus") == normalised("Århus")
    assert normalised("Åge") != normalised("Age")
    assert len(word_errors.NORMALISATION) == 4


@beside
def test_the_example_is_the_one_that_was_counted():
    assert len(published()) == 57
