"""How often the methods alarm for nothing, as a reader sees it."""

import pytest

from htkeval.reporting import calibration_tables as tables
from htkeval.reporting.calibration import FILE
from htkeval.reporting.calibration import campaign as loaded
from htkeval.resources import PACKAGE
from htkeval.text import render
from tests.reporting.campaign import campaign, cell

FEW = "Intet tal: for få personer eller hold."


def shown(table, language="da"):
    return [[render(one, language) for one in row] for row in table.rows]


def test_kinds_that_keep_the_promise_are_counted_among_those_that_are_meant():
    told = render(tables.told(campaign()), "da")
    assert "opdigtet 2.000" in told
    assert "I 4 af de 5 slags" in told
    lucky = render(tables.luck(campaign()), "da")
    assert "op til 6,8 pct. omkring 5 eller 7,9 pct. omkring 6 kan være held" in lucky


def test_where_the_promise_is_broken_is_said():
    assert render(tables.broken(campaign()), "da").endswith("Hele hold: gentrækning (1).")
    assert tables.broken(campaign(cell())) is None


def test_a_plan_and_its_method_have_the_lowest_and_the_highest_share():
    assert shown(tables.summary(campaign())) == [
        ["Lod for hver opgave: gentrækning", "1", "4,8", "95,1"],
        ["Hele hold: gentrækning", "3", "4,1 til 7,5", "92,0 til 96,2"],
        ["Ændring mod ændring: klyngerobust (CR2)", "1", "5,5", "94,4"],
    ]


def test_where_a_method_does_not_reach_the_user_is_told_by_a_check_or_by_a_gap():
    assert shown(tables.unsupported(campaign())) == [
        [
            "Hele hold: intet tal",
            "4 hold, forhold",
            "0,0",
            "0,0",
            "»Lodtrækningens mulige udfald« er ikke i orden.",
        ],
        [
            "Række over tid: tidsrække (AR(1))",
            "12 perioder, forhold, naboperioder ens (0,4)",
            "100,0",
            "12,0",
            "»Lang nok række« er ikke i orden.",
        ],
    ]
    refused = cell(supported=False, warning="few_df", reported=0.1, method="cr2")
    ((*_, why),) = shown(tables.unsupported(campaign(refused)))
    assert why == FEW
    careful = cell(supported=False, warning="few_clusters", method="cr2")
    ((*_, why),) = shown(tables.unsupported(campaign(careful)))
    assert why == "»Deltagere eller hold nok« er ikke i orden."
    silent = cell(supported=False)
    assert shown(tables.unsupported(campaign(silent)))[0][-1] == "–"


def test_kinds_that_are_told_the_same_share_a_row_that_names_what_all_of_them_have():
    few = {"supported": False, "warning": "few_df", "reported": 0.0, "method": "cr2", "units": 6}
    one = cell(**few, balanced=False, alarms=0.02)
    reacting = cell(**few, balanced=False, reactions=0.3, alarms=0.06)
    alone = cell(**few, balanced=False, reactions=0.3, icc=0.0).model_copy(
        update={"warning": "lone_cluster"}
    )
    larger = cell(**{**few, "units": 8}, balanced=False)
    table = tables.unsupported(campaign(one, larger, alone, reacting, cell()))
    assert [row[1:] for row in shown(table)] == [
        ["6 hold, forhold, ulige store sider (2 slags)", "0,0", "2,0 til 6,0", FEW],
        ["8 hold, forhold, ulige store sider", "0,0", "4,8", FEW],
        [
            "6 hold, forhold, opgaver uden fælles præg, ulige store sider, forskellige reaktioner",
            "0,0",
            "4,8",
            "Intet tal: én person eller ét hold bærer det alene.",
        ],
    ]


def test_every_kind_of_trial_says_what_is_awkward_about_it_and_has_a_column_for_its_size():
    table = next(table for table in tables.every(campaign()) if len(table.rows) == 3)
    assert [render(name, "da") for name in table.head] == ["Slags forsøg", "8 hold", "12 hold"]
    assert shown(table) == [
        ["forhold", "–", "4,8 (95,1)"],
        ["forskel, skæve tal, ulige store sider", "4,1 (96,2)", "–"],
        ["forhold, forskellige reaktioner", "–", "7,5 (92,0)"],
    ]


def test_a_kind_without_a_figure_and_one_that_the_method_is_not_meant_for_are_marked():
    refused = cell(supported=False, warning="few_df", reported=0.1, units=6)
    careful = cell(supported=False, warning="few_clusters", units=8)
    (table,) = tables.every(campaign(refused, careful))
    assert shown(table) == [["forhold", "intet tal", "4,8 (95,1) *"]]


def cells_of(found):
    blank = render(tables.NOTHING, "da")
    return [one for table in tables.every(found) for row in shown(table) for one in row[1:]
            if one != blank]  # fmt: skip


def test_no_two_kinds_of_one_table_have_the_same_name():
    awkward = [
        {},
        {"units": 8},
        {"icc": 0.0},
        {"kind": "rate"},
        {"allocation": "bernoulli"},
        {"sizes": "equal"},
        {"sizes": "one"},
        {"weights": "unit"},
        {"randomised": False},
        {"estimand": "exposure_average"},
    ]
    assert len(cells_of(campaign(*(cell(**one) for one in awkward)))) == len(awkward)


@pytest.mark.skipif(
    not (PACKAGE / "reporting" / FILE).is_file(), reason="no campaign is stored yet"
)
def test_the_stored_campaign_can_be_told_kind_by_kind():
    found = loaded()
    assert len(cells_of(found)) == len(found.cells)
    for *_, why in shown(tables.unsupported(found)):
        assert "_" not in why
