"""Rules and the world's year under them against slow twins that loop over single numbers."""

import math

import numpy as np
import pytest

from standards_net.core.nested_logit import choose_within
from standards_net.model import build_setting, draw_initial, random_numbers_by_year
from standards_net.model.mechanisms import from_rule
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
from standards_net.model.purchasing import build_outlook
from standards_net.model.year import Offer, by_standard, step
from standards_net.parameters import draw_parameters
from standards_net.scenario import compile_scenario, load_scenario

R, N, S, V = 4, 7, 3, 5


@pytest.fixture
def rng():
    return np.random.default_rng(23)


@pytest.fixture
def seen(rng):
    """Anything a rule may see: closed standards, equal shares, nobody newly gone over."""
    newly = rng.dirichlet(np.ones(S), (R, N)) * rng.random((R, N, 1))
    newly[:, 0] = 0.0
    tied = rng.dirichlet(np.ones(S), (R, N))
    tied[:, 1] = [0.4, 0.4, 0.2]
    tied[:, 2] = [1.0, 0.0, 0.0]
    is_open = rng.random((N, S)) < 0.7
    is_open[:, 1] |= ~is_open.any(axis=1)
    is_open[2] = [False, True, True]
    return Outlook(
        held=rng.integers(0, S, (R, N)),
        bought=rng.integers(0, S, (R, N)),
        tied=tied,
        adoption=rng.dirichlet(np.ones(S), (R, N)),
        tied_adoption=rng.dirichlet(np.ones(S), (R, N)),
        newly=newly,
        utility=np.where(is_open, rng.normal(0.0, 3.0, (R, N, S)), -np.inf),
        open=is_open,
        random=rng.random((R, N)),
        threshold_draw=rng.random((R, N)),
        year=3,
    )


def slow_draw(weights, random):
    """One of several by weight, or nothing if all are 0."""
    total, passed = sum(weights), 0.0
    for s, weight in enumerate(weights):
        passed += weight
        if random * total < passed:
            return s
    return UNDECIDED


def slow_best(values, held):
    """The largest; what is held if none is larger."""
    best = held
    for s, value in enumerate(values):
        if value > values[best]:
            best = s
    return best


def slow_answer(name, o, r, i):  # noqa: C901 - one branch a rule
    """Standard or shares of one country in one draw."""
    opened = [s for s in range(S) if o.open[i, s]]
    tied = [float(o.tied[r, i, s]) if s in opened else 0.0 for s in range(S)]
    held, random = int(o.held[r, i]), float(o.random[r, i])
    if name == "logit":
        return UNDECIDED
    if name == "heat bath":
        return slow_draw([math.exp(u) for u in o.utility[r, i]], random)
    if name == "best response":
        return slow_best(o.utility[r, i].tolist(), held)
    if name == "majority":
        return slow_best(tied, held) if max(tied) > 0 else held
    if name == "threshold":
        leader = slow_best(tied, held)
        return leader if 0 < tied[leader] >= o.threshold_draw[r, i] else held
    if name == "voter":
        found = slow_draw(tied, random)
        return held if found == UNDECIDED else found
    if name == "q-voter":
        passed = 0.0
        for s in opened:
            passed += 0.8 * o.tied[r, i, s] ** 2 + 0.2 / len(opened)
            if random < passed:
                return s
        return held
    if name == "cascade":
        new = [float(o.newly[r, i, s]) if s in opened else 0.0 for s in range(S)]
        over = 1.0 - math.exp(-1.5 * sum(new))
        passed = 0.0
        for s in opened:
            passed += over * new[s] / sum(new) if sum(new) else 0.0
            if random < passed:
                return s
        return int(o.bought[r, i])
    return [0.3 * o.adoption[r, i, s] + 0.7 * o.tied_adoption[r, i, s] for s in range(S)]


RULES = {
    "logit": LogitRule(),
    "heat bath": HeatBathRule(),
    "best response": BestResponseRule(),
    "majority": MajorityRule(),
    "threshold": LinearThresholdRule(),
    "voter": VoterRule(),
    "q-voter": QVoterRule(2, 0.2),
    "cascade": IndependentCascadeRule(1.5),
    "averaging": AveragingRule(0.3),
}


@pytest.mark.parametrize("name", RULES)
def test_rules(seen, name):
    found = RULES[name](seen)
    for r in range(R):
        for i in range(N):
            twin = slow_answer(name, seen, r, i)
            np.testing.assert_allclose(found[r, i], twin, rtol=1e-12, err_msg=f"{name} {r} {i}")


def test_choose_within(rng):
    utility, beta = rng.normal(0.0, 2.0, (R, N, V)), 0.5 + rng.random((R, 1, 1))
    allowed, standard_of = rng.random((N, V)) < 0.7, np.array([0, 2, 0, 1, 2])
    weight, split = choose_within(utility, allowed, standard_of, S, beta)
    for r in range(R):
        for i in range(N):
            for s in range(S):
                own = [v for v in range(V) if standard_of[v] == s]
                odds = {v: math.exp(beta[r, 0, 0] * utility[r, i, v]) if allowed[i, v] else 0.0 for v in own}
                total = sum(odds.values())
                expected = math.log(total) if total else -math.inf
                assert weight[r, i, s] == pytest.approx(expected, rel=1e-12)
                for v in own:
                    assert split[r, i, v] == pytest.approx(odds[v] / total if total else 0.0, rel=1e-12)


_SCENARIO = {
    "name": "twin",
    "title": "Bans and a lead",
    "policies": "none",
    "ban": [
        {"who": ["KEN", "CHN"], "vendors": ["china"], "from": 2020, "remove_by": 2022},
        {"who": ["USA"], "vendors": ["open"], "from": 2021},
    ],
    "quality": [{"vendors": ["open"], "shift": 0.8, "from": 2020}],
}
DRAWS, YEARS = 3, range(2019, 2025)


@pytest.mark.parametrize("name", RULES)
def test_years(toy_world, name):
    """What is seen, bought and remembered each year, country by country."""
    levers = compile_scenario(toy_world, load_scenario(_SCENARIO), "radio", YEARS)
    random = random_numbers_by_year(
        "mechanism", toy_world, levers.technology, levers.years, 5, slice(0, DRAWS), 1
    )
    drawn, baseline = draw_parameters(toy_world.parameters, DRAWS, 5), draw_initial(
        toy_world, "radio", 5, slice(0, DRAWS)
    )  # fmt: skip
    setting = build_setting(toy_world, levers, drawn, baseline, random)
    mechanism, countries = from_rule(RULES[name], name), len(toy_world.countries)
    state = mechanism.init(setting)
    bought = [[int(state.shares[r, i].argmax()) for i in range(countries)] for r in range(DRAWS)]
    before = [row[:] for row in bought]
    for y in range(1, len(YEARS)):
        offer, outlook = seen_offer(state, setting)
        after, info = mechanism.step(state, setting)
        for r in range(DRAWS):
            now = bought[r][:]
            for i in range(countries):
                check_outlook(toy_world, setting, state, outlook, bought[r], before[r], r, i)
                shares = slow_purchases(name, outlook, offer, levers, y, r, i)
                found = info.bought[r, i] / info.purchases[r, i]
                np.testing.assert_allclose(found, shares, rtol=1e-9, atol=1e-12, err_msg=f"{y} {r} {i}")
                mix = [
                    sum(shares[v] for v in range(len(shares)) if levers.standard_of[v] == s) for s in range(S)
                ]
                now[i] = mix.index(max(mix))
            before[r], bought[r] = bought[r], now
        assert after.holders[..., 0].tolist() == bought
        assert after.holders[..., 1].tolist() == before
        state = after


def seen_offer(state, setting):
    """What the year's decision is given, caught on its way."""
    caught = []

    def decide(state, setting, offer):
        caught.append((offer, build_outlook(state, setting, offer)[0]))
        return state.holders, offer.choice

    step(state, setting, decide)
    return caught[0]


def check_outlook(world, setting, state, outlook, bought, before, r, i):
    """What tied countries hold and who went over, tie by tie."""
    held = [row.index(max(row)) for row in state.shares[r].tolist()]
    tied, newly = [0.0] * S, [0.0] * S
    for j in range(len(held)):
        weight = sum(setting.tie_mix[r, k] * world.ties[k, i, j] for k in range(len(world.ties)))
        tied[held[j]] += weight
        if bought[j] != before[j]:
            newly[bought[j]] += weight
    assert outlook.held[r, i] == held[i]
    np.testing.assert_allclose(outlook.tied[r, i], tied, rtol=1e-12, atol=1e-15)
    np.testing.assert_allclose(outlook.newly[r, i], newly, rtol=1e-12, atol=1e-15)
    np.testing.assert_allclose(outlook.tied_adoption[r, i], [
        sum(setting.tie_mix[r, k] * world.ties[k, i, j] * state.shares[r, j, s]
            for k in range(len(world.ties)) for j in range(len(held)))
        for s in range(S)
    ], rtol=1e-9, atol=1e-12)  # fmt: skip


def slow_purchases(name, outlook, offer: Offer, levers, y, r, i):
    """Shares of the purchases of one country by vendor."""
    logit = offer.choice[r, i].tolist()
    answer = slow_answer(name, outlook, r, i)
    wanted = answer if isinstance(answer, list) else [1.0 if s == answer else 0.0 for s in range(S)]
    wanted = [w if outlook.open[i, s] else 0.0 for s, w in enumerate(wanted)]
    if sum(wanted) == 0.0:
        return logit
    own = by_standard(np.array([[logit]]), levers.standard_of, S)[0, 0]
    return [
        wanted[s] / sum(wanted) * logit[v] / own[s] if levers.allowed[y, i, v] else 0.0
        for v, s in enumerate(levers.standard_of.tolist())
    ]
