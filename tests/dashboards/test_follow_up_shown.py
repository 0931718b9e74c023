"""What became of a booked saving, on the trial's page."""

from dataclasses import replace

import pytest

from tests.business.test_following import followed, record
from tests.dashboards import examples as x
from tests.dashboards.pages_on_nouns import text_of, trial


@pytest.mark.parametrize(
    ("language", "words"),
    [
        (
            "da",
            ("Er det, der er booket, realiseret?", "6 måneder: 1. juli 2027", "30.000 kr.",
             "fra 1. april 2027 til 30. juni 2027", "50 pct. af det, forsøget målte"),
        ),
        (
            "en",
            ("Was what is booked realised?", "6 months: 1 July 2027", "30,000 kr.",
             "from 1 April 2027 to 30 June 2027", "50 % of what the trial measured"),
        ),
    ],
)  # fmt: skip
def test_the_page_tells_what_was_realised_and_what_nobody_has_said(language, words):
    became = followed(record("2027-01-01", "2027-03-31", 30_000, minutes=4))
    page = trial(x.portfolio(replace(x.go(), follow_up=became)), language)
    shown = text_of(page)
    for one in words:
        assert one in shown


def test_without_a_booking_the_page_says_nothing_of_it():
    assert "realiseret" not in text_of(trial(x.portfolio(x.go())))
