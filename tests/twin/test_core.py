"""Every array kernel against a slow, obvious twin that loops over single numbers."""

import math

import numpy as np
import pytest

from standards_net.core.choice import choose, network_benefit, tender, tie_average
from standards_net.core.compatibility import compatibility_path, erode, separation
from standards_net.core.deployment import deployment_step
from standards_net.core.exclusion import exclude
from standards_net.core.offer import Barred, Worth, offered
from standards_net.core.supply import learned_price, quality_step, spill_over_matrix
from standards_net.core.turnover import Bases, Caps, EarlyRemoval, OtherChoice, renew
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


def within_cap(choice, instead, capped, room, kept, g):
    """Shares of purchases within a cap, and what it moves."""
    inside = [v for v in range(V) if capped[v]]
    share, most = sum(choice[v] for v in inside), max(room - sum(kept[v] for v in inside), 0.0) / g
    if share <= most:
        return choice, 0.0
    anew = sum(instead[v] for v in range(V) if not capped[v])
    limited = [
        choice[v] * most / share if capped[v] else choice[v] + (share - most) * instead[v] / anew
        for v in range(V)
    ]
    return limited, share - most


@pytest.mark.parametrize("keeps_older", [True, False])
@pytest.mark.parametrize("special", [True, False])
def test_renew(rng, keeps_older, special):
    """Operators of a few countries; some remove early, are capped, or choose otherwise for the older base."""
    country_of = np.array([0, 0, 1, 2, 2, 2, 3, 4])
    weight = np.array([0.3, 0.7, 1.0, 0.2, 0.3, 0.5, 1.0, 1.0])
    buyers = len(country_of)
    newer, older, choice = (simplex(rng, R, buyers, V) for _ in range(3))
    before = np.where(np.arange(N) == 1, 0.0, rng.random((R, N)))
    after = before + (1 - before) * rng.random((R, N)) * (np.arange(N) != 1)
    retirement = 0.05 + 0.1 * rng.random((R, 1, 1))
    who, capped_ones, others = [1, 4, 7], [0, 4, 6], [2, 4, 5]
    early = [np.zeros((R, buyers, V)) for _ in range(2)]
    capped, limit, instead = np.zeros((buyers, V), bool), np.ones((R, buyers)), simplex(rng, R, buyers, V)
    of_older = choice.copy()
    given = {}
    if special:
        for rates in early:
            rates[:, who, 1:] = np.where(rng.random((R, 3, V - 1)) < 0.5, 0.25, 0.0)
        capped[capped_ones, 1:3] = True
        limit[:, capped_ones] = rng.random((R, 3))
        of_older[:, others] = simplex(rng, R, 3, V)
        given = {
            "early": EarlyRemoval(np.array(who), np.arange(1, V), *(rates[:, who, 1:] for rates in early)),
            "caps": Caps(
                np.array(capped_ones), capped[capped_ones], limit[:, capped_ones], instead[:, capped_ones]
            ),
            "older_choice": OtherChoice(np.array(others), of_older[:, others]),
        }
    year = renew(
        Bases(newer, older), before, after, retirement, choice, **given,
        country_of=country_of, weight=weight, keeps_older=keeps_older,
    )  # fmt: skip
    for r in range(R):
        bought, stays = np.zeros((N, V)), np.zeros((N, V))
        by_country = [np.zeros((N, V)), np.zeros((N, V))]
        for o, i in enumerate(country_of):
            removed = 0.0
            sides = [(newer, before[r, i], after[r, i], choice)]
            if keeps_older:
                sides.append((older, 1 - after[r, i], 1 - after[r, i], of_older))
            for k, (base, had, has, chosen) in enumerate(sides):
                gone = [had * base[r, o, v] * early[k][r, o, v] for v in range(V)]
                kept = [had * base[r, o, v] * (1 - retirement[r, 0, 0]) - gone[v] for v in range(V)]
                removed += sum(gone)
                g = max(has - sum(kept), 0.0)
                split, displaced = list(chosen[r, o]), 0.0
                if k == 0 and g > 0.0:
                    split, displaced = within_cap(split, instead[r, o], capped[o], limit[r, o] * has, kept, g)
                total = sum(kept) + g
                start = split if keeps_older and k == 0 else base[r, o]
                filled = [(kept[v] + g * split[v]) / total if total > 0.0 else start[v] for v in range(V)]
                np.testing.assert_allclose(year.bases[k][r, o], filled, rtol=1e-10)
                purchases = (year.purchases, year.older_purchases)[k][r, o]
                assert purchases == pytest.approx(g, rel=1e-12, abs=1e-15)
                if special and k == 0 and o in capped_ones:
                    assert year.displaced[r, capped_ones.index(o)] == pytest.approx(displaced, abs=1e-12)
                bought[i] += weight[o] * g * np.array(split)
                stays[i] += weight[o] * np.array(kept)
                by_country[k][i] += weight[o] * np.array(filled)
            assert year.removed[r, o] == pytest.approx(removed, abs=1e-15)
        np.testing.assert_allclose(year.bought[r], bought, rtol=1e-10, atol=1e-15)
        np.testing.assert_allclose(year.stays[r], stays, rtol=1e-10, atol=1e-15)
        for k in range(2 if keeps_older else 1):
            np.testing.assert_allclose(year.by_country[k][r], by_country[k], rtol=1e-10)
    assert keeps_older or year.bases.older is year.bases.newer or (year.bases.older == year.bases.newer).all()


def test_offered(rng):
    """Utility term by term, the logit, and who is barred; the last buyer's order differs between draws."""
    country_of, standard_of = np.array([0, 0, 1, 2, 3, 4]), np.array([0, 1, 1, 2])
    buyers = len(country_of)
    newer, older, served = simplex(rng, R, buyers, V), simplex(rng, R, buyers, V), rng.random((R, N))
    worth = Worth(
        appeal=rng.normal(size=(R, buyers, V)), benefit=rng.random((R, N, S)), lock_in=rng.random(R),
        quality=rng.normal(size=(R, V)), log_price=rng.normal(size=(R, V)),
        price_lever=rng.normal(size=(N, V)), price_sensitivity=rng.random((R, N)),
        sensitivity=1 + rng.random(R),
    )  # fmt: skip
    for part in (rng.random((R, 2, V)).round(), np.array([[[1.0, 0, 0, 0], [0, 0.5, 0, 0]]])):
        part[:, :, -1] = 0.0
        barred = Barred(np.array([1, 5]), part)
        found = offered(worth, Bases(newer, older), served, country_of, standard_of, barred)
        for r in range(R):
            for o, i in enumerate(country_of):
                odds = []
                for v in range(V):
                    use = served[r, i] * newer[r, o, v] + (1 - served[r, i]) * older[r, o, v]
                    u = worth.appeal[r, o, v] + worth.benefit[r, i, standard_of[v]]
                    u += worth.lock_in[r] * use + worth.quality[r, v]
                    u -= worth.price_sensitivity[r, i] * (worth.log_price[r, v] + worth.price_lever[i, v])
                    assert found.utility[r, o, v] == pytest.approx(u, rel=1e-12)
                    odds.append(math.exp(worth.sensitivity[r] * u))
                shares = [x / sum(odds) for x in odds]
                if o in barred.buyers:
                    k = [1, 5].index(o)
                    np.testing.assert_allclose(found.free[r, k], shares, rtol=1e-12)
                    limited, moved = exclude(np.array([shares]), part[r if len(part) > 1 else 0, [k]])
                    assert found.moved[r, k] == pytest.approx(moved[0], rel=1e-12, abs=1e-15)
                    shares = limited[0]
                np.testing.assert_allclose(found.choice[r, o], shares, rtol=1e-12, atol=1e-300)
    full = barred.of_all(buyers)
    assert full.shape == (1, buyers, V)
    np.testing.assert_array_equal(full[0, [1, 5]], part[0])
    assert full.sum() == part.sum()


@pytest.mark.parametrize("by_draw", [True, False])
def test_exclude(rng, by_draw):
    choice = simplex(rng, R, N, V)
    shape = (R, N, V) if by_draw else (N, V)
    barred = np.where(rng.random(shape) < 0.4, rng.choice([0.3, 1.0], shape), 0.0)
    barred[..., 3, :] = np.maximum(barred[..., 3, :], 0.2)  # nobody sells freely there
    barred[..., :3, 0] = 0.0
    fast, moved = exclude(choice, barred)
    for r in range(R):
        for i in range(N):
            out = [barred[r, i, v] if by_draw else barred[i, v] for v in range(V)]
            may = [choice[r, i, v] * (1 - out[v]) for v in range(V)]
            gone = sum(choice[r, i, v] * out[v] for v in range(V))
            gain = [choice[r, i, v] if out[v] == 0.0 else 0.0 for v in range(V)]
            gain = gain if sum(gain) > 0.0 else may
            assert moved[r, i] == pytest.approx(gone, abs=1e-15)
            for v in range(V):
                slow = may[v] + (gone * gain[v] / sum(gain) if sum(gain) > 0.0 else 0.0)
                assert fast[r, i, v] == pytest.approx(slow, rel=1e-12)


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
