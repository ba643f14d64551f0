"""A whole year of the default process against a twin that loops over single numbers."""

import math

import numpy as np
import pytest

from standards_net.model import build_setting, draw_initial, vendor_choice
from standards_net.parameters import draw_parameters
from standards_net.scenario import compile_scenario, load_scenario

_SCENARIO = {
    "name": "twin",
    "title": "Everything at once",
    "ban": [
        {"who": ["KEN"], "vendors": ["china"], "from": 2020, "remove_by": 2022},
        {"who": ["USA"], "vendors": ["open"], "from": 2021},
    ],
    "restriction": [{"who": ["BRA"], "vendors": ["west"], "from": 2020, "strength": 0.5}],
    "alignment": [{"who": ["BRA"], "pole": "china", "from": 2020}],
    "finance": [{"who": ["KEN"], "vendors": ["open"], "from": 2021, "strength": 2.0}],
    "investment": [{"vendors": ["west"], "usd_per_year": 5e9, "from": 2020}],
    "quality": [{"vendors": ["open"], "shift": 0.3, "from": 2020}],
    "compatibility": [{"between": ["china", "west"], "value": 0.3, "from": 2020, "to": 2022}],
    "agreement": [{"between": ["open", "west"], "from": 2021, "strength": 0.5}],
}
DRAWS, YEARS = 3, range(2019, 2024)


def slow_years(world, setting, r):
    """Adoption and deployment of one draw, year by year, in plain Python."""
    lv, p = setting.levers, {k: float(v[r]) for k, v in setting.parameters.items()}
    N, V, S = len(world.countries), len(lv.standard_of), len(lv.standards)
    std = lv.standard_of.tolist()
    W = [
        [sum(setting.tie_mix[r, k] * world.ties[k, i, j] for k in range(len(world.ties))) for j in range(N)]
        for i in range(N)
    ]
    b0 = setting.start[r].tolist()
    C0 = setting.compatibility[r].tolist()
    m = setting.market_share.tolist()
    spill = [
        [
            1.0 if u == v else p["spill_over_within"] if std[u] == std[v] else p["spill_over_across"]
            for u in range(V)
        ]
        for v in range(V)
    ]
    rank = np.argsort(np.argsort(world.income)) / (N - 1)
    eta = [p["price_sensitivity"] * (1 + p["price_sensitivity_of_poor"] * (1 - 2 * x)) for x in rank]

    def benefit(b, C):
        return [
            [sum(W[i][j] * C[std[v]][std[u]] * b[j][u] for j in range(N) for u in range(V)) for v in range(V)]
            for i in range(N)
        ]

    b = [row[:] for row in b0]
    D = setting.deployment[r].tolist()
    Q0 = [max(sum(m[i] * b0[i][v] for i in range(N)), 0.005) for v in range(V)]
    Q, q = Q0[:], [0.0] * V
    e = [[1.0] * S for _ in range(S)]
    n0 = benefit(b0, C0)
    retire = 1 / p["lifetime_radio"]
    for y in range(1, len(lv.years)):
        C = [
            [(lv.of_start[y, s, t] * C0[s][t] + lv.set_to[y, s, t]) * e[s][t] for t in range(S)]
            for s in range(S)
        ]
        reach = [sum(spill[v][u] * Q[u] for u in range(V)) for v in range(V)]
        reach0 = [sum(spill[v][u] * Q0[u] for u in range(V)) for v in range(V)]
        logp = [math.log2(p["progress_ratio"]) * math.log(reach[v] / reach0[v]) for v in range(V)]
        n = benefit(b, C)
        bought = [0.0] * V
        after_b, after_D = [], []
        for i in range(N):
            gain = sum(b[i][v] * q[v] for v in range(V)) - eta[i] * (
                sum(b[i][v] * (math.log(setting.price_index[v]) + logp[v]) for v in range(V))
                - sum(b0[i][v] * math.log(setting.price_index[v]) for v in range(V))
            )
            x = math.exp(p["speed_elasticity"] * gain)
            pi = p["innovation_radio"] + p["spill_over_radio"] * sum(W[i][j] * D[j] for j in range(N))
            im = p["imitation_radio"]
            z = (1 - D[i]) * math.exp(-x * (pi + im))
            new = (pi + im * D[i] - pi * z) / (pi + im * D[i] + im * z)
            kept = [D[i] * b[i][v] * (1 - max(retire, lv.removal[y, i, v])) for v in range(V)]
            g = new - sum(kept)
            U = []
            for v in range(V):
                u = float(setting.taste[r, i, v]) + q[v] - eta[i] * logp[v]
                u += p["network_benefit"] * (n[i][v] - n0[i][v]) + p["lock_in"] * (b[i][v] - b0[i][v])
                u += p["affinity_weight"] * lv.affinity[y, i, v] + p["finance_weight"] * lv.finance[y, i, v]
                u += -p["restriction_weight"] * lv.restriction[y, i, v] + lv.quality[y, v]
                U.append(math.exp(u) if lv.allowed[y, i, v] else 0.0)
            s = [u / sum(U) for u in U]
            total = sum(kept) + g
            after_b.append([(kept[v] + g * s[v]) / total for v in range(V)])
            after_D.append(new)
            for v in range(V):
                bought[v] += m[i] * g * s[v]
        revenue = [bought[v] * setting.price_index[v] * math.exp(logp[v]) for v in range(V)]
        research = [
            revenue[v] / sum(revenue) + lv.investment[y, v] / p["sector_research_radio"] for v in range(V)
        ]
        q = [
            q[v] + p["research_feedback"] * sum(spill[v][u] * research[u] for u in range(V)) for v in range(V)
        ]
        Q = [Q[v] + bought[v] for v in range(V)]
        b, D = after_b, after_D
        sold = [[m[i] * sum(b[i][v] for v in range(V) if std[v] == s) for i in range(N)] for s in range(S)]
        for s in range(S):
            for t in range(S):
                gap = 0.5 * sum(abs(sold[s][i] / sum(sold[s]) - sold[t][i] / sum(sold[t])) for i in range(N))
                h = lv.agreement[y, s, t]
                e[s][t] = e[s][t] * math.exp(-p["compatibility_drift"] * gap * (1 - h)) + p[
                    "compatibility_repair"
                ] * h * (1 - e[s][t])
        yield b, D, q, logp


def test_a_year_of_everything(toy_world):
    levers = compile_scenario(toy_world, load_scenario(_SCENARIO), "radio", YEARS)
    drawn = draw_parameters(toy_world.parameters, DRAWS, 5)
    baseline = draw_initial(toy_world, "radio", 5, slice(0, DRAWS))
    setting = build_setting(toy_world, levers, drawn, baseline)
    twins = [slow_years(toy_world, setting, r) for r in range(DRAWS)]
    state = vendor_choice().init(setting)
    for _ in YEARS[1:]:
        state, info = vendor_choice().step(state, setting)
        for r, twin in enumerate(twins):
            b, D, q, logp = next(twin)
            np.testing.assert_allclose(state.adoption[r], b, rtol=1e-10, atol=1e-14)
            np.testing.assert_allclose(state.deployment[r], D, rtol=1e-11)
            np.testing.assert_allclose(state.quality[r], q, rtol=1e-10)
            np.testing.assert_allclose(np.log(info.price[r] / setting.price_index), logp, rtol=1e-9)
    assert state.year == len(YEARS) - 1


def test_the_banned_base_is_gone_when_it_must_be(toy_world):
    levers = compile_scenario(toy_world, load_scenario(_SCENARIO), "radio", YEARS)
    drawn = draw_parameters(toy_world.parameters, DRAWS, 5)
    setting = build_setting(toy_world, levers, drawn, draw_initial(toy_world, "radio", 5, slice(0, DRAWS)))
    state, kenya = vendor_choice().init(setting), toy_world.countries.index("KEN")
    left = [setting.start[:, kenya, 0] * setting.deployment[:, kenya]]
    for _ in YEARS[1:]:
        state, _ = vendor_choice().step(state, setting)
        left.append(state.adoption[:, kenya, 0] * state.deployment[:, kenya])
    for years_gone in range(1, 4):
        assert left[years_gone] == pytest.approx(left[0] * (1 - years_gone / 3), abs=1e-12)
