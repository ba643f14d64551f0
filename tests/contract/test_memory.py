"""What does not fit into memory is told before it is run."""

import pytest

import standards_net as sn
from standards_net.ensemble import memory

ASKED = {"rng": 1, "until": 2025, "technologies": ["radio", "iot"]}


def test_the_estimate_is_what_the_result_holds(world):
    result = sn.run(world, ["silos", "one-standard"], draws=40, snapshots=[2022], **ASKED)
    (piece,) = sn.split(
        world, ["silos", "one-standard"], pieces=1, draws=40, snapshots=[2022], **ASKED
    )[:1]  # fmt: skip
    fixed, by_draw = memory.bytes_of_result(piece.layout)
    held = sum(variable.values.nbytes for variable in result.values())
    assert fixed + 40 * by_draw == pytest.approx(held, rel=0.05)


def test_too_many_draws_are_refused_with_the_number_that_would_fit(world, monkeypatch):
    monkeypatch.setattr(memory, "available_bytes", lambda: 64 * 2**20)
    with pytest.raises(sn.StandardsNetError) as refused:
        sn.run(world, "silos", draws=1_000_000, **ASKED)
    told = str(refused.value)
    assert told.startswith("1,000,000 draws of 1 scenario need some ")
    fit = int(told.split("; ")[1].split(" draws")[0].replace(",", ""))
    assert 100 < fit < 10_000
    (piece, *_) = sn.split(world, "silos", pieces=10**6, draws=fit, **ASKED)
    memory.check_memory(piece.layout)
    (piece, *_) = sn.split(world, "silos", pieces=10**6, draws=fit + 2, **ASKED)
    with pytest.raises(sn.StandardsNetError, match="draws would fit"):
        memory.check_memory(piece.layout)


def test_what_the_machine_has_is_known():
    free = memory.available_bytes()
    assert free is None or 2**20 < free < 2**50
