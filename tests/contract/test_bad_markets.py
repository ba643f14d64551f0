"""Every mistake with the graph of operators or a synthetic market has its own clear sentence."""

import re

import pytest

import standards_net as sn
from standards_net.world import synthetic_market
from standards_net.world.operators import operator_coverage


def complains(sentence):
    return pytest.raises(sn.StandardsNetError, match=re.escape(sentence))


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        ({"size": 100.0}, "size is 100.0; give a whole number of firms."),
        ({"size": "many"}, "size is 'many'; give a whole number of firms."),
        ({"size": True}, "size is True; give a whole number of firms."),
        ({"size": 3}, "size is 3; give at least 4, one firm for each economy of the world."),
        ({"size": -1}, "size is -1; give at least 4, one firm for each economy of the world."),
        ({"size": 2_000_001}, "size is 2,000,001; memory allows at most 2,000,000 firms."),
        ({"degree": 0.0}, "degree is 0; the mean degree must be above 0 and finite."),
        ({"degree": float("nan")}, "degree is nan; the mean degree must be above 0 and finite."),
        ({"degree": 100.0}, "degree is 100; a firm of 100 has at most 99 partners."),
        (
            {"size": 1_000_000, "degree": 200.0},
            "degree is 200; memory allows at most 100 with 1,000,000 firms.",
        ),
        ({"heterogeneity": 2.0}, "heterogeneity is 2; the exponent must be above 2 and finite"),
        ({"heterogeneity": float("inf")}, "heterogeneity is inf; the exponent must be above 2 and finite"),
        ({"within": 1.5}, "within is 1.5; it is a share, 0 to 1."),
        ({"within": float("nan")}, "within is nan; it is a share, 0 to 1."),
        ({"group_ties": -0.1}, "group_ties is -0.1; it is a share, 0 to 1."),
        ({"technology": "Radio"}, "unknown technology 'Radio'; did you mean 'radio'?"),
        ({"rng": -1}, "rng is -1; give a whole number of 0 or more"),
    ],
)
def test_each_bad_argument_has_its_sentence(toy_world, asked, sentence):
    with complains(sentence):
        synthetic_market(toy_world, **({"size": 100, "rng": 1} | asked))


def test_all_complaints_come_at_once(toy_world):
    with pytest.raises(sn.StandardsNetError) as caught:
        synthetic_market(toy_world, 2, degree=-1.0, heterogeneity=1.0, within=2.0, group_ties=2.0)
    assert len(caught.value.complaints) == 5


def test_an_unknown_technology_has_no_operators(world):
    for ask in (world.operators, lambda technology: operator_coverage(world, technology)):
        with complains("unknown technology '6g'; valid are core, iot, radio."):
            ask("6g")
