"""Every array kernel against a slow, obvious twin that loops over single numbers."""

import math

import numpy as np
import pytest

from standards_net.core.choice import choose, network_benefit, tender, tie_average
from standards_net.core.compatibility import compatibility_path, erode, separation
from standards_net.core.deployment import deployment_step
from standards_net.core.exclusion import cap_purchases, exclude
from standards_net.core.supply import learned_price, quality_step, spill_over_matrix
from standards_net.core.turnover import Bases, EarlyRemoval, refill, turnover
from standards_net.model.year import in_use

R, N, V, S, K, M = 3, 5, 4, 3, 2, 2


@pytest.fixture
def rng():
    return np.random.default_rng(11)


def simplex(rng, *shape):
    return rng.dirichlet(np.ones(shape[-1]), shape[:-1])


def test_deployment_step_against_a_fine_euler_integration(rng):
    start, p, q = rng.random(N), 0.05 * rng.random(N), 0.5 * rng.random(N)
    speed, steps = 0.5 + rng.random(N), 200_000
    for i in range(N):
        d = start[i]
        for _ in range(steps):
            d += speed[i] * (p[i] + q[i] * d) * (1 - d) / steps
        assert deployment_step(start, p, q, speed)[i] == pytest.approx(d, abs=2e-6)


def test_tie_average(rng):
    values, ties, mix = rng.random((R, N, 2)), simplex(rng, K, N, N), simplex(rng, R, K)
    fast = tie_average(values, ties, mix)
    for r in range(R):
        for i in range(N):
            for m in range(2):
                slow = sum(mix[r, k] * ties[k, i, j] * values[r, j, m] for k in range(K) for j in range(N))
                assert fast[r, i, m] == pytest.approx(slow, rel=1e-12)


def test_network_benefit(rng):
    shares, c = simplex(rng, R, N, S), rng.random((R, S, S))
    c = (c + c.swapaxes(1, 2)) / 2
    fast = network_benefit(shares, c)
    for r in range(R):
        for i in range(N):
            for s in range(S):
                slow = sum(c[r, s, t] * shares[r, i, t] for t in range(S))
                assert fast[r, i, s] == pytest.approx(slow, rel=1e-12)


def test_choose(rng):
    utility, allowed = rng.normal(size=(R, N, V)), rng.random((N, V)) < 0.7
    allowed[:, 0] = True
    beta = 0.5 + rng.random((R, 1, 1))
    fast = choose(utility, allowed, beta)
    for r in range(R):
        for i in range(N):
            weights = [math.exp(beta[r, 0, 0] * utility[r, i, v]) if allowed[i, v] else 0.0 for v in range(V)]
            for v in range(V):
                assert fast[r, i, v] == pytest.approx(weights[v] / sum(weights), rel=1e-12)


def test_tender(rng):
    choice, random = simplex(rng, R, N, V), rng.random((R, N, M))
    allowed = rng.random((N, V)) < 0.6
    allowed[:, 1] = True
    choice = np.where(allowed, choice, 0.0)
    choice /= choice.sum(axis=-1, keepdims=True)
    holders, due = rng.integers(0, V, (R, N, M)), rng.random((N, M)) < 0.5
    fast = tender(holders, choice, due, random, allowed)
    for r in range(R):
        for i in range(N):
            for m in range(M):
                slow = holders[r, i, m]
                if due[i, m] or not allowed[i, slow]:
                    reached = 0.0
                    for v in range(V):
                        reached += choice[r, i, v]
                        if random[r, i, m] < reached:
                            slow = v
                            break
                assert fast[r, i, m] == slow


@pytest.mark.parametrize("keeps_older", [True, False])
@pytest.mark.parametrize("removing", [True, False])
def test_turnover(rng, keeps_older, removing):
    """Operators of a few countries, of which some remove equipment early."""
    country_of = np.array([0, 0, 1, 2, 2, 2, 3, 4])
    buyers = len(country_of)
    newer, older = simplex(rng, R, buyers, V), simplex(rng, R, buyers, V)
    before = np.where(np.arange(N) == 1, 0.0, rng.random((R, N)))
    after = before + (1 - before) * rng.random((R, N)) * (np.arange(N) != 1)
    retirement = 0.05 + 0.1 * rng.random((R, 1, 1))
    who = [1, 4, 7]
    of_newer, of_older = np.zeros((R, buyers, V)), np.zeros((R, buyers, V))
    if removing:
        for rates in (of_newer, of_older):
            rates[:, who] = np.where(rng.random((R, 3, V)) < 0.5, 0.25, 0.0)
    early = EarlyRemoval(np.array(who), of_newer[:, who], of_older[:, who]) if removing else None
    turned = turnover(
        Bases(newer, older), before, after, retirement, early, country_of=country_of, keeps_older=keeps_older
    )
    for r in range(R):
        for o, i in enumerate(country_of):
            removed = 0.0
            sides = [(newer, before[r, i], after[r, i], of_newer, turned.newer, turned.purchases)]
            if keeps_older:
                left = 1 - after[r, i]
                sides.append((older, left, left, of_older, turned.older, turned.older_purchases))
            for base, had, has, order, kept, bought in sides:
                stays = []
                for v in range(V):
                    stays.append(had * base[r, o, v] * (1 - retirement[r, 0, 0] - order[r, o, v]))
                    removed += had * base[r, o, v] * order[r, o, v]
                np.testing.assert_allclose(kept[r, o], stays, rtol=1e-12)
                assert bought[r, o] == pytest.approx(has - sum(stays), rel=1e-12, abs=1e-15)
            assert turned.removed[r, o] == pytest.approx(removed, abs=1e-15)
    if not keeps_older:
        assert not turned.older.any()
        assert not turned.older_purchases.any()


def test_refill(rng):
    """Also of a base that is empty and of which nothing is bought."""
    country_of, weight = np.array([0, 0, 1, 2, 3, 4, 4]), np.array([0.3, 0.7, 1.0, 1.0, 1.0, 0.4, 0.6])
    buyers = len(country_of)
    kept, purchases = 0.2 * rng.random((R, buyers, V)), rng.random((R, buyers))
    kept[:, 2], purchases[:, 2] = 0.0, 0.0
    kept[:, 3] = 0.0
    choice, before = simplex(rng, R, buyers, V), simplex(rng, R, buyers, V)
    fast = refill(kept, purchases, choice, before, country_of, weight)
    for r in range(R):
        shares, bought = np.zeros((N, V)), np.zeros((N, V))
        for o, i in enumerate(country_of):
            total = sum(kept[r, o]) + purchases[r, o]
            for v in range(V):
                slow = before[r, o, v]
                if total > 0.0:
                    slow = (kept[r, o, v] + purchases[r, o] * choice[r, o, v]) / total
                assert fast.shares[r, o, v] == pytest.approx(slow, rel=1e-12)
                shares[i, v] += weight[o] * slow
                bought[i, v] += weight[o] * purchases[r, o] * choice[r, o, v]
        np.testing.assert_allclose(fast.by_country[r], shares, rtol=1e-12)
        np.testing.assert_allclose(fast.bought[r], bought, rtol=1e-12)


@pytest.mark.parametrize("by_draw", [True, False])
def test_exclude(rng, by_draw):
    country_of = np.array([0, 0, 1, 2, 3, 4, 4])
    buyers = len(country_of)
    choice = simplex(rng, R, buyers, V)
    shape = (R, N, V) if by_draw else (N, V)
    barred = np.where(rng.random(shape) < 0.4, rng.choice([0.3, 1.0], shape), 0.0)
    barred[..., 3, :] = np.maximum(barred[..., 3, :], 0.2)  # nobody sells freely there
    barred[..., :3, 0] = 0.0
    fast, moved = exclude(choice, barred, country_of)
    for r in range(R):
        for o, i in enumerate(country_of):
            out = [barred[r, i, v] if by_draw else barred[i, v] for v in range(V)]
            may = [choice[r, o, v] * (1 - out[v]) for v in range(V)]
            gone = sum(choice[r, o, v] * out[v] for v in range(V))
            gain = [choice[r, o, v] if out[v] == 0.0 else 0.0 for v in range(V)]
            gain = gain if sum(gain) > 0.0 else may
            assert moved[r, o] == pytest.approx(gone, abs=1e-15)
            for v in range(V):
                slow = may[v] + (gone * gain[v] / sum(gain) if sum(gain) > 0.0 else 0.0)
                assert fast[r, o, v] == pytest.approx(slow, rel=1e-12)


def test_cap_purchases(rng):
    choice, purchases = simplex(rng, R, N, V), rng.random((R, N))
    capped, kept, room = rng.random((N, V)) < 0.5, 0.3 * rng.random((R, N, V)), rng.random((R, N))
    purchases[0, 0] = 0.0
    capped[:, 0] = False
    instead = simplex(rng, R, N, V)
    fast = cap_purchases(choice, instead, capped, kept, purchases, room)
    for r in range(R):
        for i in range(N):
            share = sum(choice[r, i, v] for v in range(V) if capped[i, v])
            left = max(room[r, i] - sum(kept[r, i, v] for v in range(V) if capped[i, v]), 0.0)
            most = left / purchases[r, i] if purchases[r, i] > 0.0 else 1.0
            over = share > most
            anew = sum(instead[r, i, v] for v in range(V) if not capped[i, v])
            for v in range(V):
                slow = choice[r, i, v]
                if over and capped[i, v]:
                    slow *= most / share
                elif over:
                    slow += (share - most) * instead[r, i, v] / anew
                assert fast[r, i, v] == pytest.approx(slow, rel=1e-10)


def test_in_use(rng):
    newer, older, served = simplex(rng, R, N, V), simplex(rng, R, N, V), rng.random((R, N))
    fast = in_use(Bases(newer, older), served)
    for r in range(R):
        for i in range(N):
            for v in range(V):
                slow = served[r, i] * newer[r, i, v] + (1 - served[r, i]) * older[r, i, v]
                assert fast[r, i, v] == pytest.approx(slow, rel=1e-12)


def test_supply(rng):
    volume, first = 1 + rng.random((R, V)), rng.random((R, V))
    ratio = 0.8 + 0.15 * rng.random((R, 1))
    within, across = rng.random((R, 1, 1)), rng.random((R, 1, 1))
    family = rng.integers(0, S, V)
    same = (family[:, None] == family).astype(float)
    share, quality = simplex(rng, R, V), rng.normal(size=(R, V))
    price = learned_price(volume, first, ratio)
    spill = spill_over_matrix(same, within, across)
    grown = quality_step(quality, share, spill, 0.1)
    for r in range(R):
        for v in range(V):
            slow = (volume[r, v] / first[r, v]) ** (math.log(ratio[r, 0]) / math.log(2))
            assert price[r, v] == pytest.approx(slow, rel=1e-12)
            reach = 0.0
            for u in range(V):
                weight = 1.0 if u == v else within[r, 0, 0] if same[v, u] else across[r, 0, 0]
                assert spill[r, v, u] == pytest.approx(weight)
                reach += weight * share[r, u]
            assert grown[r, v] == pytest.approx(quality[r, v] + 0.1 * reach, rel=1e-12)


def test_compatibility(rng):
    adoption, weights = simplex(rng, R, N, S), simplex(rng, N)
    drift, agreement, repair = 0.05 * rng.random((R, 1, 1)), rng.random((S, S)), 0.2
    kept, start = (rng.random((R, S, S)) for _ in range(2))
    of_start, set_to = rng.random((S, S)), rng.random((S, S))
    apart = separation(adoption, weights)
    after = erode(kept, apart, drift, agreement, repair)
    path = compatibility_path(start, of_start, set_to, kept)
    for r in range(R):
        sold = [[weights[i] * adoption[r, i, s] for i in range(N)] for s in range(S)]
        for s in range(S):
            for t in range(S):
                slow = 0.5 * sum(abs(sold[s][i] / sum(sold[s]) - sold[t][i] / sum(sold[t])) for i in range(N))
                assert apart[r, s, t] == pytest.approx(slow, abs=1e-14)
                h = agreement[s, t]
                left = kept[r, s, t] * math.exp(-drift[r, 0, 0] * slow * (1 - h))
                left += repair * h * (1 - kept[r, s, t])
                assert after[r, s, t] == pytest.approx(left, rel=1e-12)
                way = of_start[s, t] * start[r, s, t] + set_to[s, t]
                assert path[r, s, t] == pytest.approx(way * kept[r, s, t], rel=1e-12)
