"""Sobol indices: a function whose indices are known, parameters that cannot matter, and ranking."""

import re

import numpy as np
import pandas as pd
import pytest
from SALib.sample import sobol

import standards_net as sn
from standards_net.sensitivity import RANDOM_NUMBERS, ranking, sobol_indices, uncertain_parameters
from standards_net.sensitivity.sobol import _rows


def ishigami(x):
    return np.sin(x[0]) + 7.0 * np.sin(x[1]) ** 2 + 0.1 * x[2] ** 4 * np.sin(x[0])


def test_indices_of_ishigamis_function(world):
    """First-order .3139, .4424, 0 and total .5576, .4424, .2437 (Saltelli et al. 2010); a fourth nothing."""
    inputs = list(world.parameters.values())[:3]
    problem = {"num_vars": 4, "names": ["a", "b", "c", "d"], "bounds": [[-np.pi, np.pi]] * 4}
    points = sobol.sample(problem, 4096, calc_second_order=False, seed=1).reshape(4096, 6, 4)
    values = ishigami(points.transpose(2, 1, 0)[:3])
    found = pd.DataFrame(_rows(values[:, None, :, None], ["s"], ["m"], inputs))
    np.testing.assert_allclose(found["first"], [0.3139, 0.4424, 0.0, 0.0], atol=0.03)
    np.testing.assert_allclose(found["total"], [0.5576, 0.4424, 0.2437, 0.0], atol=0.03)
    truth = np.array([0.5576, 0.4424, 0.2437])
    assert (np.abs(found["total"][:3] - truth) < 4.0 * found["total_se"][:3]).all()
    assert list(found["parameter"])[-1] == RANDOM_NUMBERS
    assert list(found["basis"])[:3] == [p.basis for p in inputs]


def test_parameters_that_cannot_matter_have_no_index(world):
    """While all radios follow one standard, neither its laws nor double running moves anything."""
    found = sobol_indices(world, "broad-allied-ban", measures=["china_share"], year=2023, base=16, rng=1)
    total = found.set_index("parameter")["total"]
    assert (total[["network_benefit", "network_law", "double_running_rate"]] < 1e-12).all()
    assert total[RANDOM_NUMBERS] > 0.3
    assert not found["parameter"].str.endswith(("_core", "_iot")).any()


def test_a_measure_that_does_not_vary_has_no_rows(world):
    found = sobol_indices(
        world, "status-quo-2019", measures=["interoperability_loss", "china_share"], year=2021, base=4, rng=1
    )
    assert set(found["measure"]) == {"china_share"}


def test_differences_of_a_scenario_from_itself_do_not_vary(world):
    found = sobol_indices(
        world, ["silos", "status-quo-2019"], against="status-quo-2019", measures=["china_share"], year=2022,
        base=4, rng=1,
    )  # fmt: skip
    assert set(found["scenario"]) == {"silos"}


def test_the_same_seed_gives_the_same_indices_whatever_the_threads(world):
    asked = {"measures": ["china_share"], "year": 2022, "base": 8}
    one, two = (sobol_indices(world, "silos", rng=3, threads=n, **asked) for n in (1, 2))
    pd.testing.assert_frame_equal(one, two)


def test_ranking_averages_over_measures_and_scenarios():
    indices = pd.DataFrame(
        {
            "scenario": ["s", "s", "t", "t"],
            "measure": ["m", "m", "n", "n"],
            "parameter": ["a", "b", "a", "b"],
            "basis": ["estimated", "judgement"] * 2,
            "total": [0.2, 0.1, 0.0, 0.5],
        }
    )
    ranked = ranking(indices)
    assert ranked["parameter"].tolist() == ["b", "a"]
    assert ranked["rank"].tolist() == [1, 2]
    most = ranked.loc[0, ["mean_total", "largest_total", "measure", "scenario"]]
    assert most.tolist() == [0.3, 0.5, "n", "t"]


def test_a_design_of_several_blocks_is_that_of_its_draws(toy_world):
    """512 points are two blocks of draws: the same bytes on one thread and on two."""
    quo = {"name": "quo", "title": "Policies of 2019"}
    asked = {"measures": "china_share", "year": 2020, "base": 512, "rng": 3}
    one, two = (sobol_indices(toy_world, quo, threads=n, **asked) for n in (1, 2))
    pd.testing.assert_frame_equal(one, two)
    assert len(one) == len(uncertain_parameters(toy_world, "radio")) + 1


def test_where_nothing_varies_there_is_an_empty_table(world):
    found = sobol_indices(world, "silos", against="silos", measures="china_share", year=2020, base=2, rng=1)
    assert found.empty
    assert ranking(found).empty
    assert list(found.columns)[:3] == ["scenario", "measure", "parameter"]


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ({"base": 12}, "base is 12; it must be a power of two, such as 256."),
        ({"base": 1}, "base is 1; it must be a whole number of at least 2."),
        ({"base": 2**40}, "it can be at most 16,384."),
        ({"measures": ["vendor_price"]}, "unknown measure with one number per draw 'vendor_price'"),
        ({"measures": []}, "no measure given; name at least one."),
        ({"measures": ["rao", "rao"]}, "measure 'rao' is given twice; names must differ."),
        ({"measures": [["rao"]]}, "measures holds ['rao']; it must be names"),
        ({"measures": None}, "measures holds None; it must be names"),
        ({"technology": "7g"}, "unknown technology '7g'"),
        ({"technology": None}, "technology is None; name one, such as 'radio'."),
        ({"technology": ["radio", "iot"]}, "technology is ['radio', 'iot']; name one"),
        ({"year": 2019}, "year is 2019; it must be a year from 2020 to 2100."),
        ({"against": "silo"}, "unknown scenario 'silo'"),
        ({"against": ["silos", "one-standard"]}, "scenario is ['silos', 'one-standard']; it must be a name"),
        ({"world": "w"}, "world is 'w'; give what load_world returns."),
    ],
)
def test_bad_requests(world, asked, told):
    with pytest.raises(sn.StandardsNetError, match=re.escape(told)):
        sobol_indices(**{"world": world, "scenarios": "silos", "base": 4, "rng": 1, **asked})
