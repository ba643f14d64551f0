"""A whole year of the default process against a twin that loops over single numbers."""

import math
from dataclasses import replace

import numpy as np
import pytest

from standards_net.model import build_setting, draw_initial, vendor_choice
from standards_net.parameters import draw_parameters
from standards_net.scenario import compile_scenario, load_scenario

DRAWS, YEARS = 4, range(2019, 2026)


def everything(two_bases=False, new_only=False):
    """A scenario with every kind of entry."""
    partial = {"who": ["USA"], "vendors": ["open"], "from": 2021, "share_of_market": 0.6, "remove_by": 2024}
    return {
        "name": "twin",
        "title": "Everything at once",
        "policies": "none",
        "ban": [
            {"who": ["KEN"], "vendors": ["china"], "from": 2020, "remove_by": 2022},
            {**partial, "bases": ["5g"]} if two_bases else partial,
            {"who": ["USA"], "vendors": ["china"], "from": 2020, "remove_by": 2023}
            | ({"bases": ["4g"]} if two_bases else {}),
            {"who": ["BRA"], "vendors": ["china"], "from": 2020, "remove_by": 2023, "compliance": 0.8,
             "delay_years": 2.5, "share_of_market": 0.5},
            {"who": ["BRA", "USA"], "vendors": ["china"], "from": 2021, "share_of_market": 0.3,
             "share_by": "areas"},
            {"who": ["CHN"], "vendors": ["west", "open"], "from": 2020, "cap": 0.25},
        ],
        "exit": [{"who": ["KEN"], "vendors": ["open"], "from": 2022, "spares_years": 2}],
        "supply": [
            {"who": ["BRA", "USA"], "vendors": ["ericsson"], "from": 2021, "capacity": 0.5, "price": 1.2},
            {"vendors": ["china"], "from": 2022, "quality": -0.4},
        ],
        "restriction": [{"who": ["BRA"], "vendors": ["west"], "from": 2020, "strength": 0.5}],
        "alignment": [{"who": ["BRA"], "pole": "china", "from": 2020}],
        "finance": [{"who": ["KEN"], "vendors": ["open"], "from": 2021, "strength": 2.0}],
        "investment": [{"vendors": ["west"], "usd_per_year": 5e9, "from": 2020}],
        "quality": [{"vendors": ["open"], "shift": 0.3, "from": 2020}],
        "compatibility": [
            {"between": ["china", "west"], "value": 0.3, "from": 2021, "to": 2023,
             "new_equipment_only": new_only}
        ],
        "agreement": [{"between": ["open", "west"], "from": 2021, "strength": 0.5}],
    }  # fmt: skip


class Twin:
    """One draw, year by year, in plain Python. Shares are lists of rows, one for each buyer or country."""

    def __init__(self, world, levers, parameters, initial, r):
        market = world.market("radio")
        self.lv, self.p = levers, {name: float(values[r]) for name, values in parameters.items()}
        self.N, self.O, self.V, self.S = (
            len(world.countries), len(market.country_of), len(market.vendors), len(levers.standards)
        )  # fmt: skip
        self.std, self.of = levers.standard_of.tolist(), market.country_of.tolist()
        self.w, self.m, self.two = market.weight.tolist(), market.share.tolist(), bool(market.bases)
        self.mean_base = market.adoption.tolist()
        self.homes, self.codes = market.vendor_homes, world.countries
        self.price0, self.pace = market.price_index.tolist(), initial.pace[r].tolist()
        self.launch, self.binds = initial.launch_year[r].tolist(), initial.binding[r].tolist()
        self.late = [math.exp(self.p["order_delay_sd"] * z) for z in initial.lateness[r]]
        self.place = []
        for o, i in enumerate(self.of):
            before = sum(self.w[other] for other in range(o) if self.of[other] == i)
            self.place.append((initial.queue[r, i] + before + self.w[o] / 2) % 1.0)
        kinds = [self.p[f"tie_weight_{kind}"] for kind in world.tie_kinds]
        self.W = [
            [sum(k * world.ties[a, i, j] for a, k in enumerate(kinds)) / sum(kinds) for j in range(self.N)]
            for i in range(self.N)
        ]
        rank = np.argsort(np.argsort(world.income)) / (self.N - 1)
        self.eta = [
            self.p["price_sensitivity"] * (1 + self.p["price_sensitivity_of_poor"] * (1 - 2 * x))
            for x in rank
        ]
        self.retire = 1 / self.p["lifetime_radio"]
        self.C0 = [[self.compatibility_of_2019(a, b) for b in levers.parents] for a in levers.parents]
        start = initial.start[r].tolist()
        self.newer, self.older, self.D = start, start, market.deployment.tolist()
        self.unhindered = self.D
        self.b0 = self.by_country(start)
        self.adoption, self.country_newer, self.country_older = self.b0, self.b0, self.b0
        self.Q0 = [max(sum(self.m[i] * self.b0[i][v] for i in range(self.N)), 0.005) for v in range(self.V)]
        self.Q, self.q = self.Q0, [0.0] * self.V
        self.e = [[1.0] * self.S for _ in range(self.S)]
        self.divided = [[0.0] * self.V for _ in range(self.N)] if levers.new_only_from else None
        n0 = self.benefit(self.C0, None)
        taste = self.taste(initial, r)
        self.anchor = [
            [
                taste[o][v] / self.p["choice_sensitivity"]
                - self.p["network_benefit"] * n0[i][self.std[v]]
                - self.p["lock_in"] * start[o][v]
                for v in range(self.V)
            ]
            for o, i in enumerate(self.of)
        ]

    def compatibility_of_2019(self, a, b):
        name = f"compatibility_{min(a, b)}_{max(a, b)}_radio"
        return 1.0 if a == b else self.p.get(name, 1.0)

    def taste(self, initial, r):
        """Log of the shares that a buyer considers, own, its country's and the world's, and the taste."""
        free, c, w = initial.free[r].tolist(), self.p["weight_of_country_mix"], self.p["weight_of_world_mix"]
        country = self.by_country(free)
        world = [sum(self.m[i] * country[i][v] for i in range(self.N)) for v in range(self.V)]
        found, self.own_taste = [], []
        for o, i in enumerate(self.of):
            row, own = [], []
            for v in range(self.V):
                at_home = sum(self.mean_base[i][u] for u in range(self.V) if self.homes[u] == self.codes[i])
                abroad = w * (1 - at_home)
                mix = (1 - abroad) * ((1 - c) * free[o][v] + c * country[i][v]) + abroad * world[v]
                taste = self.p["taste_sd"] * initial.taste[r, i, v]
                variance = self.p["taste_sd"] ** 2
                if initial.operator_taste is not None:
                    variance += self.p["operator_taste_sd"] ** 2
                    if initial.operator_taste[:, o].any():
                        taste += self.p["operator_taste_sd"] * initial.operator_taste[r, o, v]
                    else:
                        taste = math.sqrt(variance) * initial.taste[r, i, v]
                self.kappa = math.sqrt(1 + 6 * variance / math.pi**2)
                row.append(math.log(mix) + taste / self.kappa)
                own.append(taste / self.kappa)
            found.append(row)
            self.own_taste.append(own)
        return found

    def by_country(self, rows):
        found = [[0.0] * len(rows[0]) for _ in range(self.N)]
        for o, i in enumerate(self.of):
            for v, x in enumerate(rows[o]):
                found[i][v] += self.w[o] * x
        return found

    def benefit(self, C, divided):
        """Part of tied markets that each standard works with; what no split divides works as in 2019."""
        found = []
        for i in range(self.N):
            row = []
            for s in range(self.S):
                n = 0.0
                for j in range(self.N):
                    for u in range(self.V):
                        c, c0 = C[s][self.std[u]], self.C0[s][self.std[u]]
                        split = self.adoption[j][u] if divided is None else divided[j][u]
                        n += self.W[i][j] * c * split
                        n += self.W[i][j] * max(c0, c) * (self.adoption[j][u] - split)
                row.append(n)
            found.append(row)
        return found

    def in_effect(self, i, compliance, in_force, delay):
        """Whether an order has taken effect in a country: it binds, and its delay is over."""
        return self.binds[i] < compliance and in_force >= delay * self.late[i]

    def orders_in_effect(self, base, y, o, v):
        """Of each order on a vendor: the part of a buyer's market it is about, and how long it has been."""
        i = self.of[o]
        for order in getattr(self.lv, base):
            part, whole, compliance, in_force, delay, years_left = (x[y, i, v] for x in order)
            if part > 0.0 and self.in_effect(i, compliance, in_force, delay):
                if whole and part < 1.0 and self.w[o] < 1.0:
                    part = 1.0 if self.place[o] < part else 0.0
                took_effect = 0.5
                while took_effect < delay * self.late[i]:
                    took_effect += 1.0
                yield part, years_left, in_force - took_effect

    def barred(self, base, y, o):
        """Part of a buyer's purchases that it may not make, by vendor."""
        return [
            max((part for part, _, _ in self.orders_in_effect(base, y, o, v)), default=0.0)
            for v in range(self.V)
        ]

    def early(self, base, y, o):
        """What orders remove beyond what retires of the part of the base that they are about anyway."""
        found = []
        for v in range(self.V):
            most = 0.0
            for part, years_left, since in self.orders_in_effect(base, y, o, v):
                if years_left == math.inf:
                    continue
                left = years_left / (years_left + since) if since > 0.0 else 1.0
                bound = 1.0 if part == 1.0 else part * left / (1 - part + part * left)
                most = max(most, bound * max(1 / max(years_left, 1) - self.retire, 0.0))
            found.append(most)
        return found

    def excluded(self, free, out):
        """Shares under exclusion, and what is moved."""
        moved = sum(s * x for s, x in zip(free, out, strict=True))
        gain = [s if x == 0.0 else 0.0 for s, x in zip(free, out, strict=True)]
        if sum(gain) == 0.0:
            gain = [s * (1 - x) for s, x in zip(free, out, strict=True)]
        return [s * (1 - x) + moved * g / sum(gain) for s, x, g in zip(free, out, gain, strict=True)], moved

    def capped(self, choice, kept, g, y, i, served):
        """Purchases under a cap: together the capped vendors get no more than it leaves."""
        lv, inside = self.lv, [v for v in range(self.V) if self.lv.capped[y, i, v]]
        share = sum(choice[v] for v in inside)
        late = lv.cap_compliance[y, i], lv.cap_in_force[y, i], lv.cap_delay[y, i]
        if not inside or g == 0.0 or not self.in_effect(i, *late):
            return choice, 0.0
        most = max(lv.cap[y, i] * served - sum(kept[v] for v in inside), 0.0) / g
        if share <= most:
            return choice, 0.0
        limited = [
            x * most / share if v in inside else x * (1 - most) / (1 - share) for v, x in enumerate(choice)
        ]
        return limited, share - most

    def step(self, y):
        lv, p, N, V, S = self.lv, self.p, self.N, self.V, self.S
        C = [
            [(lv.of_start[y, s, t] * self.C0[s][t] + lv.set_to[y, s, t]) * self.e[s][t] for t in range(S)]
            for s in range(S)
        ]
        spill = [
            [
                1.0 if u == v
                else p["spill_over_within"] if self.std[u] == self.std[v]
                else p["spill_over_across"] * C[self.std[v]][self.std[u]]
                for u in range(V)
            ]
            for v in range(V)
        ]  # fmt: skip
        learning = math.log2(p["progress_ratio"])
        reach, reach0 = (
            [sum(spill[v][u] * Q[u] for u in range(V)) for v in range(V)] for Q in (self.Q, self.Q0)
        )
        logp = [learning * math.log(reach[v] / reach0[v]) for v in range(V)]
        undivided = learning * math.log(sum(self.Q) / sum(self.Q0))
        self.undivided_price = [self.price0[v] * math.exp(undivided) for v in range(V)]
        benefit = self.benefit(C, self.divided)
        after, unhindered = self.deployed(y, logp)

        newer, older, purchases, bought, removed, cost = [], [], [], [], [], []
        stays = []
        for o, i in enumerate(self.of):
            early = self.early("newer", y, o)
            base = [self.D[i] * b for b in self.newer[o]]
            kept = [b * (1 - self.retire - x) for b, x in zip(base, early, strict=True)]
            gone = sum(b * x for b, x in zip(base, early, strict=True))
            g = max(after[i] - sum(kept), 0.0)
            old, renewed = [0.0] * V, 0.0
            if self.two:
                early = self.early("older", y, o)
                base = [(1 - after[i]) * b for b in self.older[o]]
                old = [b * (1 - self.retire - x) for b, x in zip(base, early, strict=True)]
                gone += sum(b * x for b, x in zip(base, early, strict=True))
                renewed = max(1 - after[i] - sum(old), 0.0)

            odds, plain = [], []
            for v in range(V):
                installed = self.newer[o][v]
                if self.two:
                    installed = self.D[i] * installed + (1 - self.D[i]) * self.older[o][v]
                u = self.anchor[o][v] + p["lock_in"] * installed + self.q[v] + lv.quality[y, v]
                u += lv.supply[y, i, v]
                u += p["network_benefit"] * benefit[i][self.std[v]]
                u -= self.eta[i] * (logp[v] + lv.price[y, i, v])
                u += p["affinity_weight"] * lv.affinity[y, i, v]
                u += p["finance_weight"] * lv.finance[y, i, v]
                u -= p["restriction_weight"] * lv.restriction[y, i, v]
                u -= p["anticipation"] * (self.binds[i] < lv.anticipation[y, i, v])
                odds.append(math.exp(p["choice_sensitivity"] * self.kappa * u))
                plain.append(math.exp(p["choice_sensitivity"] * u - self.own_taste[o][v]))
            free = [x / sum(odds) for x in odds]
            choice, _ = self.excluded(free, self.barred("newer", y, o))
            for_older, _ = self.excluded(free, self.barred("older", y, o))
            without_tastes = [x / sum(plain) for x in plain]
            moved, moved_older = (
                sum(f * s for f, s in zip(self.barred(base, y, o), without_tastes, strict=True))
                for base in ("newer", "older")
            )
            choice, displaced = self.capped(choice, kept, g, y, i, after[i])

            new, rest = [g * s for s in choice], [renewed * s for s in for_older]
            newer.append(self.filled(kept, new, choice if self.two else self.newer[o]))
            older.append(self.filled(old, rest, self.older[o]) if self.two else newer[-1])
            stays.append([a + b for a, b in zip(kept, old, strict=True)])
            bought.append([a + b for a, b in zip(new, rest, strict=True)])
            purchases.append([g + renewed])
            removed.append([gone])
            elasticity = p["choice_sensitivity"] * self.eta[i]
            missed, missed_older = (
                min((1 - x) ** (-1 / elasticity) - 1, 1.0)
                for x in (1 - (1 - moved) * (1 - displaced), moved_older)
            )
            cost.append([g * missed + renewed * missed_older])
        self.bought, self.purchases = self.by_country(bought), self.by_country(purchases)
        self.removed, self.cost = self.by_country(removed), self.by_country(cost)
        self.split(y, self.by_country(stays), after)
        self.newer, self.older, self.D, self.unhindered = newer, older, after, unhindered
        self.country_newer, self.country_older = self.by_country(newer), self.by_country(older)
        self.adoption = [
            [
                after[i] * self.country_newer[i][v] + (1 - after[i]) * self.country_older[i][v]
                if self.two
                else self.country_newer[i][v]
                for v in range(V)
            ]
            for i in range(N)
        ]
        self.supplied(y, logp, spill)
        self.drift(y, C)
        self.C, self.logp = C, logp

    def filled(self, kept, bought, empty):
        total = sum(kept) + sum(bought)
        return [(a + b) / total for a, b in zip(kept, bought, strict=True)] if total > 0.0 else empty

    def deployed(self, y, logp):
        """Deployment with and without what replacement takes up of the roll-out."""
        p, V = self.p, self.V
        after, unhindered = [], []
        for i in range(self.N):
            served = self.D[i] if self.two else 1.0
            early = 0.0
            for o in [o for o in range(self.O) if self.of[o] == i]:
                newer, older = self.early("newer", y, o), self.early("older", y, o)
                early += self.w[o] * sum(
                    served * self.newer[o][v] * newer[v] + (1 - served) * self.older[o][v] * older[v]
                    for v in range(V)
                )
            hindered = min(p["delay_per_share"] * early, 1.0)
            b, log0 = self.adoption[i], [math.log(x) for x in self.price0]
            lever = self.lv.price[y, i]
            dearer = sum(b[v] * (log0[v] + logp[v] + lever[v]) - self.b0[i][v] * log0[v] for v in range(V))
            gain = sum(b[v] * self.q[v] for v in range(V)) - self.eta[i] * dearer
            x = self.pace[i] * math.exp(p["speed_elasticity"] * gain)
            tied = sum(self.W[i][j] * self.D[j] for j in range(self.N))
            pi, im = p["innovation_radio"] + p["spill_over_radio"] * tied, p["imitation_radio"]
            for D, speed, found in (
                (self.D[i], x * (1 - hindered), after), (self.unhindered[i], x, unhindered)
            ):  # fmt: skip
                z = (1 - D) * math.exp(-speed * (pi + im))
                grown = (pi + im * D - pi * z) / (pi + im * D + im * z)
                found.append(grown if self.launch[i] <= self.lv.years[y] else D)
        return after, unhindered

    def split(self, y, stays, after):
        """Part of what is in use that was bought since a split for new equipment only."""
        if self.divided is None or self.lv.years[y] < self.lv.new_only_from:
            return
        found = []
        for i in range(self.N):
            served, then = (1.0, 1.0) if self.two else (self.D[i], after[i])
            row = []
            for v in range(self.V):
                before = self.adoption[i][v] * served
                kept = min(stays[i][v] / before, 1.0) if before > 0.0 else 0.0
                amount = self.divided[i][v] * served * kept + self.bought[i][v]
                row.append(amount / then if then > 0.0 else 0.0)
            found.append(row)
        self.divided = found

    def supplied(self, y, logp, spill):
        """Experience and research."""
        p, V = self.p, self.V
        sold = [sum(self.m[i] * self.bought[i][v] for i in range(self.N)) for v in range(V)]
        paid = [
            sum(self.m[i] * self.bought[i][v] * math.exp(self.lv.price[y, i, v]) for i in range(self.N))
            for v in range(V)
        ]
        revenue = [paid[v] * self.price0[v] * math.exp(logp[v]) for v in range(V)]
        research = [
            revenue[v] / sum(revenue) + self.lv.investment[y, v] / p["sector_research_radio"]
            for v in range(V)
        ]
        self.q = [
            self.q[v] + p["research_feedback"] * sum(spill[v][u] * research[u] for u in range(V))
            for v in range(V)
        ]
        self.Q = [self.Q[v] + sold[v] for v in range(V)]

    def drift(self, y, C):
        """Standards drift apart as their markets do, unless they fully work together."""
        p, N, S = self.p, self.N, self.S
        sold = [
            [self.m[i] * sum(x for v, x in enumerate(self.adoption[i]) if self.std[v] == s) for i in range(N)]
            for s in range(S)
        ]
        for s in range(S):
            for t in range(S):
                if C[s][t] >= 1.0:
                    continue
                gap = 0.5 * sum(abs(sold[s][i] / sum(sold[s]) - sold[t][i] / sum(sold[t])) for i in range(N))
                h, e = self.lv.agreement[y, s, t], self.e[s][t]
                drift = p["compatibility_drift"] * min((1 - C[s][t]) / 0.1, 1.0)  # sets in gradually
                self.e[s][t] = e * math.exp(-drift * gap * (1 - h)) + p["compatibility_repair"] * h * (1 - e)


def paired(world, content, draws=DRAWS):
    """Setting of a scenario, and a twin for each draw."""
    levers = compile_scenario(world, load_scenario(content), "radio", YEARS)
    drawn, initial = draw_parameters(world.parameters, draws, 5), draw_initial(
        world, "radio", 5, slice(0, draws)
    )  # fmt: skip
    setting = build_setting(world, levers, drawn, initial)
    return setting, [Twin(world, levers, drawn, initial, r) for r in range(draws)]


@pytest.fixture(params=["countries", "operators", "one base", "two bases of countries"])
def any_world(request, toy_world, operator_world):
    """Countries or operators that buy, for one base or two."""
    market = operator_world.market("radio")
    return {
        "countries": toy_world,
        "operators": operator_world,
        "one base": replace(operator_world, markets={"radio": replace(market, bases=())}),
        "two bases of countries": replace(operator_world, markets={"radio": replace(market, operators=None)}),
    }[request.param]


@pytest.mark.parametrize("new_only", [False, True])
def test_a_year_of_everything(any_world, new_only):
    two_bases = bool(any_world.market("radio").bases)
    setting, twins = paired(any_world, everything(two_bases, new_only))
    state = vendor_choice().init(setting)
    for y in range(1, len(YEARS)):
        state, info = vendor_choice().step(state, setting)
        for r, twin in enumerate(twins):
            twin.step(y)
            close = {"rtol": 1e-8, "atol": 1e-13}
            np.testing.assert_allclose(state.bases.newer[r], twin.newer, **close)
            np.testing.assert_allclose(state.bases.older[r], twin.older, **close)
            np.testing.assert_allclose(state.by_base.newer[r], twin.country_newer, **close)
            np.testing.assert_allclose(state.by_base.older[r], twin.country_older, **close)
            np.testing.assert_allclose(state.adoption[r], twin.adoption, **close)
            np.testing.assert_allclose(state.deployment[r], twin.D, **close)
            np.testing.assert_allclose(state.unhindered[r], twin.unhindered, **close)
            np.testing.assert_allclose(state.quality[r], twin.q, **close)
            np.testing.assert_allclose(state.volume[r], twin.Q, **close)
            np.testing.assert_allclose(np.log(info.price[r] / setting.price_index), twin.logp, rtol=1e-8)
            np.testing.assert_allclose(info.undivided_price[r], twin.undivided_price, **close)
            np.testing.assert_allclose(info.compatibility[r], twin.C, **close)
            np.testing.assert_allclose(info.bought[r], twin.bought, **close)
            np.testing.assert_allclose(info.purchases[r], np.ravel(twin.purchases), **close)
            np.testing.assert_allclose(info.removed[r], np.ravel(twin.removed), **close)
            if new_only:
                np.testing.assert_allclose(state.divided[r], twin.divided, **close)
    assert state.year == len(YEARS) - 1
    assert (state.unhindered > state.deployment).any()  # or the test shows little
    assert not new_only or (state.divided > 0.1).any()
    cost = np.array([np.ravel(twin.cost) for twin in twins])
    assert (cost > 0.0).any()


def test_the_cost_of_exclusion(any_world):
    """Each base is charged for what its own buyers miss."""
    two_bases = bool(any_world.market("radio").bases)
    setting, twins = paired(any_world, everything(two_bases))
    state = vendor_choice().init(setting)
    for y in range(1, len(YEARS)):
        state, info = vendor_choice().step(state, setting)
        for r, twin in enumerate(twins):
            twin.step(y)
            np.testing.assert_allclose(info.exclusion_cost[r], np.ravel(twin.cost), rtol=1e-8, atol=1e-12)


@pytest.mark.parametrize("two_bases", [False, True])
def test_the_banned_base_is_gone_when_it_must_be(toy_world, operator_world, two_bases):
    world = operator_world if two_bases else toy_world
    setting, _ = paired(world, everything(two_bases))
    state, kenya = vendor_choice().init(setting), world.countries.index("KEN")

    def left_of(state):
        served = state.deployment[:, kenya]
        return state.adoption[:, kenya, 0] if two_bases else state.adoption[:, kenya, 0] * served

    left = [left_of(state)]
    for _ in YEARS[1:]:
        state, _ = vendor_choice().step(state, setting)
        left.append(left_of(state))
    assert left[3] == pytest.approx(0.0, abs=1e-12)
    if not two_bases:  # of two, the older one also shrinks as the newer one grows
        for years_gone in range(1, 4):
            assert left[years_gone] == pytest.approx(left[0] * (1 - years_gone / 3), abs=1e-12)
