"""Rules of choice on cases computed by hand, and what a mechanism does to the world's year."""

import pickle

import numpy as np
import pytest

import standards_net as sn
from standards_net import processes
from standards_net.core.nested_logit import choose_within
from standards_net.model import build_setting, draw_initial, random_numbers_by_year, vendor_choice
from standards_net.model.mechanisms import (
    MECHANISMS,
    as_mechanism,
    from_rule,
    linear_threshold,
    make_mechanism,
    voter,
)
from standards_net.model.purchase_rules import (
    UNDECIDED,
    AveragingRule,
    BestResponseRule,
    HeatBathRule,
    IndependentCascadeRule,
    LinearThresholdRule,
    LogitRule,
    MajorityRule,
    Outlook,
    QVoterRule,
    VoterRule,
)
from standards_net.parameters import draw_parameters
from standards_net.scenario import compile_scenario, load_scenario

YEARS = range(2019, 2031)
NOTHING = {"name": "nothing", "title": "Nothing", "policies": "none"}
BAN = {**NOTHING, "ban": [{"who": ["KEN", "CHN"], "vendors": ["china"], "from": 2021}]}
STILL = {"research_feedback": 0.0, "progress_ratio": 1.0, "compatibility_drift": 0.0, "speed_elasticity": 0.0}
COUNT = 1000
EVEN = (np.arange(COUNT) + 0.5) / COUNT  # random numbers spread evenly: chances can be counted


def outlook(**given):
    """One country that holds standard 0 of three, in as many draws as there are random numbers."""
    random = np.asarray(given.pop("random", [0.5]), dtype=float)[:, None]
    draws, three = len(random), np.zeros((len(random), 1, 3))
    made = {
        "held": np.zeros((draws, 1), dtype=np.int64),
        "bought": np.zeros((draws, 1), dtype=np.int64),
        "threshold_draw": np.full((draws, 1), 0.5),
        "open": np.ones((1, 3), dtype=bool),
        "random": random,
        "year": 1,
    }
    for name in ("tied", "adoption", "tied_adoption", "newly", "utility"):
        made[name] = three + np.asarray(given.pop(name, np.nan))
    for name in ("held", "bought", "threshold_draw"):
        if name in given:
            made[name] = made[name] * 0 + given.pop(name)
    if "open" in given:
        made["open"] = np.array([given.pop("open")])
    return Outlook(**made, **given)


def chances(rule, **given):
    """How often each standard comes out over random numbers spread evenly."""
    return np.bincount(rule(outlook(random=EVEN, **given))[:, 0], minlength=3) / COUNT


def walk(world, scenario, mechanism, draws=4, rng=3, years=YEARS):
    loaded = load_scenario(scenario)
    levers = compile_scenario(world, loaded, "radio", years)
    drawn = draw_parameters(world.parameters, draws, rng)
    for name, value in loaded.file.parameters.items():
        drawn[name] = np.full(draws, float(value))
    block = slice(0, draws)
    random = (
        random_numbers_by_year("mechanism", world, levers.technology, levers.years, rng, block, 1)
        if mechanism.random_numbers
        else None
    )
    setting = build_setting(world, levers, drawn, draw_initial(world, "radio", rng, block), random)
    states, infos = [mechanism.init(setting)], []
    for _ in years[1:]:
        state, info = mechanism.step(states[-1], setting)
        states.append(state)
        infos.append(info)
    return setting, states, infos


def choice_of(info):
    return info.bought / info.purchases[..., None]


class TestRules:
    def test_logit_leaves_every_decision_open(self):
        assert (LogitRule()(outlook()) == UNDECIDED).all()

    def test_heat_bath_draws_with_the_chances_of_the_logit(self):
        weights = np.log([0.2, 0.5, 0.3])
        np.testing.assert_allclose(chances(HeatBathRule(), utility=weights), [0.2, 0.5, 0.3])
        np.testing.assert_allclose(chances(HeatBathRule(), utility=weights + 900.0), [0.2, 0.5, 0.3])
        closed = np.where([True, False, True], weights, -np.inf)
        np.testing.assert_allclose(chances(HeatBathRule(), utility=closed), [0.4, 0.0, 0.6])

    def test_best_response_takes_the_largest_and_keeps_what_is_held_among_equals(self):
        rule = BestResponseRule()
        assert rule(outlook(utility=[1.0, 3.0, 2.0]))[0, 0] == 1
        assert rule(outlook(utility=[1.0, 3.0, 3.0], held=2))[0, 0] == 2
        assert rule(outlook(utility=[1.0, 3.0, 3.0], held=0))[0, 0] == 1

    @pytest.mark.parametrize(("bar", "found"), [(0.0, 2), (0.59, 2), (0.6, 2), (0.61, 0), (1.0, 0)])
    def test_a_threshold_is_reached_or_not(self, bar, found):
        assert LinearThresholdRule(bar)(outlook(tied=[0.3, 0.1, 0.6]))[0, 0] == found
        assert LinearThresholdRule()(outlook(tied=[0.3, 0.1, 0.6], threshold_draw=bar))[0, 0] == found

    def test_a_threshold_is_asked_only_of_what_may_be_sold(self):
        seen = outlook(tied=[0.3, 0.1, 0.6], open=[False, True, False])
        assert LinearThresholdRule(0.1)(seen)[0, 0] == 1
        assert LinearThresholdRule(0.2)(seen)[0, 0] == 0  # what is held, though nobody may sell it

    def test_granovetter_tips_at_once_or_not_at_all(self):
        """Thresholds 0, 0.01, ...: each who goes over brings the next; without the second nobody does."""

        def rounds(thresholds):
            rule, over, zero = LinearThresholdRule(), 0.0, np.zeros((1, len(thresholds)), np.int64)
            for _ in range(120):
                tied = np.array([[[1.0 - over, over, 0.0]]]) * np.ones((1, len(thresholds), 1))
                seen = Outlook(
                    held=zero, bought=zero, tied=tied, adoption=tied, tied_adoption=tied, newly=tied,
                    utility=tied, open=np.array([[False, True, False]]), random=tied[..., 0],
                    threshold_draw=thresholds[None], year=1,
                )  # fmt: skip
                # Nobody is needed for the first one, whose threshold is 0.
                over = np.mean((rule(seen)[0] == 1) | (thresholds == 0.0))
            return over * len(thresholds)

        bars = np.arange(100) / 100
        assert rounds(bars) == 100
        assert rounds(np.where(bars == 0.01, 0.02, bars)) == pytest.approx(1)

    def test_a_cascade_convinces_by_one_less_the_exponential(self):
        rule = IndependentCascadeRule(2.0)
        found = chances(rule, newly=[0.0, 0.3, 0.1])
        over = 1.0 - np.exp(-0.8)
        np.testing.assert_allclose(found, [1 - over, 0.75 * over, 0.25 * over], atol=1.0 / COUNT)
        assert chances(rule, newly=[0.0, 0.0, 0.0], bought=2).tolist() == [0, 0, 1]
        assert chances(IndependentCascadeRule(0.0), newly=[0.0, 0.5, 0.5]).tolist() == [1, 0, 0]
        assert chances(IndependentCascadeRule(1e9), newly=[0.0, 0.5, 0.0]).tolist() == [0, 1, 0]

    def test_the_voter_copies_by_weight(self):
        np.testing.assert_allclose(chances(VoterRule(), tied=[0.5, 0.2, 0.3]), [0.5, 0.2, 0.3])
        closed = chances(VoterRule(), tied=[0.5, 0.2, 0.3], open=[False, True, True])
        np.testing.assert_allclose(closed, [0.0, 0.4, 0.6])
        nobody = chances(VoterRule(), tied=[1.0, 0.0, 0.0], open=[False, True, True], held=0)
        assert nobody.tolist() == [1, 0, 0]  # nobody to copy: what is held, and by logit if it is closed

    def test_q_voters_must_all_agree(self):
        found = chances(QVoterRule(2, 0.0), tied=[0.2, 0.5, 0.3])
        np.testing.assert_allclose(found, [1 - 0.25 - 0.09, 0.25, 0.09], atol=1.0 / COUNT)
        noisy = chances(QVoterRule(2, 0.3), tied=[0.2, 0.5, 0.3])
        np.testing.assert_allclose(noisy[1:], [0.7 * 0.25 + 0.1, 0.7 * 0.09 + 0.1], atol=2.0 / COUNT)
        one, voter = (
            r(outlook(random=EVEN, tied=[0.5, 0.2, 0.3])) for r in (QVoterRule(1, 0.0), VoterRule())
        )
        np.testing.assert_array_equal(one, voter)

    def test_the_majority_rules_and_a_draw_keeps_what_is_held(self):
        assert MajorityRule()(outlook(tied=[0.3, 0.3, 0.4]))[0, 0] == 2
        assert MajorityRule()(outlook(tied=[0.2, 0.4, 0.4], held=2))[0, 0] == 2
        assert MajorityRule()(outlook(tied=[0.9, 0.1, 0.0], open=[False, True, True]))[0, 0] == 1

    def test_averages_are_averages(self):
        seen = outlook(adoption=[1.0, 0.0, 0.0], tied_adoption=[0.0, 0.5, 0.5])
        np.testing.assert_allclose(AveragingRule(0.6)(seen)[0, 0], [0.6, 0.2, 0.2])

    @pytest.mark.parametrize(
        ("make", "sentence"),
        [
            (lambda: LinearThresholdRule(-0.1), "threshold is -0.1; it must be a number from 0 to 1."),
            (lambda: IndependentCascadeRule(-1), "rate is -1; it must be a number of 0 or more."),
            (lambda: QVoterRule(q=1.5), "q is 1.5; it must be a whole number of at least 1."),
            (lambda: QVoterRule(noise=2), "noise is 2; it must be a number from 0 to 1."),
            (lambda: AveragingRule("much"), "stubbornness is 'much'; it must be a number from 0 to 1."),
        ],
    )
    def test_impossible_parameters(self, make, sentence):
        with pytest.raises(sn.StandardsNetError, match=sentence.replace(".", r"\.")):
            make()


def test_the_logit_in_two_stages():
    utility = np.log(np.array([[[3.0, 1.0, 4.0, 2.0]]]))
    weight, split = choose_within(
        utility, np.array([[True, True, False, True]]), np.array([0, 0, 1, 2]), 4, 2.0
    )
    np.testing.assert_allclose(np.exp(weight)[0, 0], [10.0, 0.0, 4.0, 0.0])
    np.testing.assert_allclose(split[0, 0], [0.9, 0.1, 0.0, 1.0])
    far, _ = choose_within(np.array([[[900.0, -900.0]]]), np.ones((1, 2), bool), np.array([0, 1]), 2)
    assert far.tolist() == [[[900.0, -900.0]]]
    both, split = choose_within(np.array([[[900.0, -900.0]]]), np.ones((1, 2), bool), np.array([0, 0]), 1)
    assert both.tolist() == [[[900.0]]]
    assert split.tolist() == [[[1.0, 0.0]]]


class TestYears:
    def test_logit_is_vendor_choice_to_the_last_bit(self, world):
        years = range(2019, 2026)
        runs = [
            sn.run(world, ["broad-allied-ban", "three-poles"], draws=8, rng=5, years=years, mechanism=p)
            for p in (vendor_choice(), MECHANISMS["logit"])
        ]
        for name, variable in runs[0].variables.items():
            np.testing.assert_array_equal(variable.values, runs[1][name].values, err_msg=name)

    @pytest.mark.parametrize("world_of", ["toy_world", "operator_world"])
    def test_shares_of_the_logit_are_vendor_choice_too(self, request, world_of):
        def softmax(o):
            return np.exp(o.utility) / np.exp(o.utility).sum(axis=-1, keepdims=True)

        world = request.getfixturevalue(world_of)
        _, one, _ = walk(world, BAN, vendor_choice())
        _, two, _ = walk(world, BAN, from_rule(softmax, "softmax"))
        np.testing.assert_allclose(one[-1].adoption, two[-1].adoption, rtol=1e-12, atol=1e-14)

    def test_best_response_is_the_limit_of_no_noise(self, toy_world):
        """With nothing to be gained from others the best is the one of the largest taste, for ever."""
        off = {**NOTHING, "parameters": {**STILL, "network_benefit": 0.0, "lock_in": 0.0}}
        setting, _, infos = walk(toy_world, off, MECHANISMS["best-response"])
        best = np.eye(3)[setting.taste.argmax(axis=-1)]
        for info in infos:
            np.testing.assert_allclose(choice_of(info), best, atol=1e-12)

    def test_vendor_choice_without_noise_buys_as_best_response_does(self, toy_world):
        sharp = {**NOTHING, "parameters": {**STILL, "choice_sensitivity": 1e4, "network_benefit": 1.0}}
        shifted = {**sharp, "quality": [{"vendors": ["open"], "shift": 1.0, "from": 2020}]}
        _, one, _ = walk(toy_world, shifted, vendor_choice())
        _, two, _ = walk(toy_world, shifted, MECHANISMS["best-response"])
        np.testing.assert_allclose(one[-1].adoption, two[-1].adoption, atol=1e-6)

    def test_the_heat_bath_buys_the_logit_on_average(self, toy_world):
        """The first year's purchases over 2,000 draws: within four standard errors of the probabilities."""
        two = range(2019, 2021)
        same = {**NOTHING, "parameters": {**STILL, "taste_sd": 0.0, "choice_sensitivity": 1.0}}
        _, _, (drawn,) = walk(toy_world, same, MECHANISMS["heat-bath"], draws=2000, years=two)
        _, _, (expected,) = walk(toy_world, same, vendor_choice(), draws=2000, years=two)
        found, chance = choice_of(drawn).mean(axis=0), choice_of(expected).mean(axis=0)
        assert (np.abs(found - chance) < 4 * np.sqrt(chance * (1 - chance) / 2000) + 1e-12).all()
        assert set(np.unique(choice_of(drawn).round(9))) == {0.0, 1.0}

    def test_who_listens_to_nobody_changes_nothing(self, toy_world):
        deaf = from_rule(AveragingRule(1.0), "deaf")
        setting, states, _ = walk(toy_world, NOTHING, deaf)
        for state in states:
            np.testing.assert_allclose(state.shares, states[0].shares, atol=1e-12)
        assert setting.random is not None

    def test_averaging_comes_to_a_consensus_where_nobody_is_shut_out(self, toy_world):
        _, states, _ = walk(toy_world, NOTHING, MECHANISMS["averaging"], years=range(2019, 2120))
        spread = [np.ptp(state.shares, axis=1).max() for state in states]
        assert spread[-1] < 0.01 * spread[0]

    def test_without_a_ban_no_cascade_starts(self, toy_world):
        _, states, infos = walk(toy_world, NOTHING, MECHANISMS["independent-cascade"])
        held = np.eye(3)[states[0].shares.argmax(axis=-1)]
        for info in infos:
            np.testing.assert_allclose(choice_of(info), held, atol=1e-12)

    def test_a_ban_starts_a_cascade_in_the_year_after(self, make_toy):
        world = make_toy(6)
        scenario = {**NOTHING, "ban": [{"who": ["USA", "KEN"], "vendors": ["china"], "from": 2021}]}
        eager = from_rule(IndependentCascadeRule(1e6), "eager")
        _, states, _ = walk(world, scenario, eager)
        start = states[0].holders[..., 0]
        assert (states[1].holders[..., 0] == start).all()  # 2020: nobody has to go over
        banned = [world.countries.index(c) for c in ("USA", "KEN")]
        others = [i for i in range(6) if i not in banned]
        china = compile_scenario(world, load_scenario(scenario), "radio", YEARS).standards.index("china")
        forced = (start[:, banned] == china).any(axis=1)
        assert forced.any()
        assert (states[2].holders[:, others, 0] == start[:, others]).all()  # 2021: they alone go over
        assert (states[3].holders[forced][:, others, 0] != china).all()  # 2022: all that look to them follow

    def test_who_may_not_buy_what_it_holds_buys_by_logit(self, toy_world):
        stubborn = from_rule(LinearThresholdRule(1.0), "stubborn")
        setting, states, infos = walk(toy_world, BAN, stubborn)
        china, kenya = setting.levers.standards.index("china"), toy_world.countries.index("KEN")
        closed = states[1].shares[:, kenya].argmax(axis=-1) == china
        _, _, logit = walk(toy_world, BAN, MECHANISMS["logit"])
        share = choice_of(infos[1])[:, kenya]
        assert (share[:, 0] == 0).all()
        assert ((share[closed] > 0).sum(axis=-1) == 2).all()
        assert ((choice_of(logit[1])[:, kenya] > 0).sum(axis=-1) == 2).all()


class TestNames:
    @pytest.mark.parametrize("name", ["linear_threshold", "Linear-Threshold", "linear threshold"])
    def test_ways_of_writing_a_name(self, name):
        assert as_mechanism(name) == MECHANISMS["linear-threshold"]

    @pytest.mark.parametrize("name", ["bass", "arthur", "polya"])
    def test_processes_without_a_counterpart_say_why(self, name):
        with pytest.raises(sn.StandardsNetError, match=f"'{name}' is a process on networks and .*heat-bath"):
            as_mechanism(name)

    @pytest.mark.parametrize("make", [processes.logit, processes.voter, processes.linear_threshold])
    def test_a_process_on_networks_is_refused_with_the_mechanism_to_use(self, world, make):
        process = make()
        name = process.name.replace(" ", "-")
        sentence = f"'{process.name}' is a process on networks.*mechanism='{name}', or standards_net.model"
        with pytest.raises(sn.StandardsNetError, match=sentence):
            sn.run(world, "silos", draws=2, rng=1, mechanism=process)

    @pytest.mark.parametrize("make", [processes.bass, processes.arthur, processes.polya])
    def test_one_without_a_counterpart_is_refused_with_the_reason(self, world, make):
        with pytest.raises(sn.StandardsNetError, match="no counterpart in the yearly model: it"):
            sn.run(world, "silos", draws=2, rng=1, mechanism=make())

    def test_a_process_of_ones_own_is_refused(self, world):
        mine = processes.Process("mine", None, None)
        with pytest.raises(
            sn.StandardsNetError, match=r"'mine' is a process .* or a standards_net.model.Mech"
        ):
            sn.run(world, "silos", draws=2, rng=1, mechanism=mine)

    @pytest.mark.parametrize("given", [None, 3, sn.Mechanism, ["voter"]])
    def test_other_things_are_refused(self, world, given):
        with pytest.raises(sn.StandardsNetError, match=r"mechanism is .*; give a name"):
            sn.run(world, "silos", draws=2, rng=1, mechanism=given)

    def test_unknown_parameters_are_named(self):
        with pytest.raises(
            sn.StandardsNetError, match="'voter' does not take the parameters q; it takes none"
        ):
            make_mechanism("voter", {"q": 2})

    def test_parameters_act_and_are_recorded(self, toy_world):
        """The fault that began this: two thresholds gave the same provenance, or the same bytes."""
        low, high = (
            sn.run(toy_world, BAN, draws=4, rng=1, years=YEARS, technologies=["radio"],
                   mechanism=linear_threshold(threshold))
            for threshold in (0.1, 0.9)
        )  # fmt: skip
        assert low != high
        assert low.provenance["mechanism"]["parameters"] == {"threshold": 0.1}
        assert high.provenance["mechanism"]["parameters"] == {"threshold": 0.9}

    def test_a_name_and_its_object_are_the_same_run(self, toy_world):
        one, two = (
            sn.run(toy_world, BAN, draws=4, rng=1, years=YEARS, mechanism=m) for m in ("voter", voter())
        )
        assert one == two
        assert one.provenance == two.provenance

    @pytest.mark.parametrize("name", MECHANISMS)
    def test_every_mechanism_survives_pickling(self, name):
        assert pickle.loads(pickle.dumps(MECHANISMS[name])) == MECHANISMS[name]
