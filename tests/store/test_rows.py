"""What a row's digest covers, worked by hand."""

from hashlib import sha256

import pytest

from htkeval.canonical import canonical, fingerprint
from htkeval.store import rows, subjects
from tests.store.deliveries import row

WHO = "a" * 64


def test_a_digest_is_the_fingerprint_of_the_row_as_json():
    """Put together from parts, it must be what the canonical JSON of the whole would give."""
    (stored,) = rows.encode([row(1)], "medarbejder")
    whole = {
        "arm": "treatment",
        "keys": {"medarbejder": None, "opgave": "sag 1", "team": "hold 1"},
        "measured": {"minutter": 21.0, "fejl": None},
        "subject": WHO,
    }
    parts = {"arm": stored.arm, "keys": stored.keys, "measured": stored.measured}
    assert rows.digest(subject=WHO, **parts) == fingerprint(whole)
    assert rows.digest(subject=None, **parts) == fingerprint({**whole, "subject": None})


def test_the_pseudonym_is_taken_out_of_the_row_and_put_back():
    (stored,) = rows.encode([row(1, who="mette")], "medarbejder")
    assert "mette" not in stored.keys + stored.measured
    parts = (stored.arm, stored.keys, stored.measured)
    assert rows.decode(*parts, participant="medarbejder", pseudonym="mette") == row(1, who="mette")


@pytest.mark.parametrize("participant", [None, "findes ikke"])
def test_without_a_participant_column_a_row_stays_whole(participant):
    (stored,) = rows.encode([row(1)], participant)
    assert stored.pseudonym is None
    assert stored.keys == canonical(row(1).keys)


def test_the_roll_up_knows_the_order_and_the_content_does_not():
    one, other = fingerprint(1), fingerprint(2)
    assert rows.roll_up([one, other]) == sha256((one + other).encode()).hexdigest()
    assert rows.roll_up([one, other]) != rows.roll_up([other, one])
    assert rows.content([one, other]) == rows.content([other, one])
    assert rows.content([one, one]) != rows.content([one])


def test_a_token_is_the_hmac_of_the_pseudonym_under_its_salt():
    """RFC 4231, test case 2: key "Jefe", data "what do ya want for nothing?"."""
    expected = "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
    assert subjects.token(b"Jefe".hex(), "what do ya want for nothing?") == expected
