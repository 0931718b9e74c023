"""What was said and what was heard, from a CSV or from two texts."""

import pytest

from htkeval.errors import SheetError
from htkeval.intake.technical.utterances import Utterance, read_utterances
from tests.recognised import SPOKEN


def write(folder, **texts):
    paths = []
    for name, text in texts.items():
        path = folder / f"{name}.txt"
        path.write_text(text, encoding="utf-8")
        paths.append(path)
    return paths


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
@pytest.mark.parametrize("separator", [";", ","])
def test_a_csv_is_read_as_danish_and_english_programs_write_it(tmp_path, encoding, separator):
    file = tmp_path / "tale.csv"
    file.write_bytes(SPOKEN.replace(";", separator).encode(encoding))
    read = read_utterances(file, None)
    assert read[2] == Utterance("Bo", "Borgeren har fået svar i dag", "borgeren fik svar")
    assert [one.speaker for one in read] == ["Anna", "Anna", "Bo"]


def test_two_texts_are_paired_by_name_in_whatever_order(tmp_path):
    said, heard = write(
        tmp_path, said="a b (x-a-1)\nc (y-1)\n", heard=";; a remark\nd (y-1)\na b (x-a-1)\n"
    )
    assert read_utterances(heard, said) == (
        Utterance("x-a", "a b", "a b"),
        Utterance("y", "c", "d"),
    )


def test_lines_without_a_name_are_paired_by_place_and_an_empty_line_is_silence(tmp_path):
    said, heard = write(tmp_path, said="a b\nc\nd\n", heard="a b\n\nd\n")
    read = read_utterances(heard, said)
    assert [one.recognised for one in read] == ["a b", "", "d"]
    assert {one.speaker for one in read} == {""}


@pytest.mark.parametrize(
    ("said", "heard", "told"),
    [
        ("a (x-1)\nb (x-2)\n", "a (x-1)\n", "said.txt, row 2: found an utterance that heard.txt"),
        ("a (x-1)\n", "a (x-1)\nb (x-2)\n", "heard.txt, row 2: found an utterance that said.txt"),
        ("a (x-1)\nb (x-1)\n", "a (x-1)\n", "said.txt, row 2: found an id that stands there twice"),
        ("{ um / uh } a (x-1)\n", "a (x-1)\n", "said.txt, row 1: found alternatives in braces"),
    ],
)
def test_texts_that_do_not_fit_are_refused_with_the_line_and_without_its_words(
    tmp_path, said, heard, told
):
    one, other = write(tmp_path, said=said, heard=heard)
    with pytest.raises(SheetError) as refused:
        read_utterances(other, one)
    assert told in str(refused.value)
    assert "um" not in str(refused.value).replace("remarks", "")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("id,speaker,said\n1,a,b\n", "no column reference, recognised"),
        ("id,speaker,reference,recognised\n1,a,hemmelig\n", "row 2: found fewer cells"),
        ("id,speaker,reference,recognised\n1,a,b,c\n1,a,b,c\n", "row 3: found an id that stands"),
        (
            "id,speaker,reference,recognised\n,a,hemmelig,c\n",
            "row 2: found an utterance without id",
        ),
        ("id,speaker,reference,recognised\n", "no utterance"),
    ],
)
def test_a_csv_that_is_not_so_is_refused(tmp_path, text, told):
    (file,) = write(tmp_path, tale=text)
    with pytest.raises(SheetError, match=told) as refused:
        read_utterances(file, None)
    assert "hemmelig" not in str(refused.value)


def test_a_text_in_other_letters_is_refused(tmp_path):
    (said,) = write(tmp_path, said="a\n")
    heard = tmp_path / "heard.txt"
    heard.write_bytes("fået\n".encode("cp1252"))
    with pytest.raises(SheetError, match="Save it as UTF-8"):
        read_utterances(heard, said)
