"""Worker processes: what they are given, what they give back, what is dropped."""

from fractions import Fraction
from types import SimpleNamespace

import pytest

from standards_net.workers import at_once, worker_processes


def test_what_is_submitted_may_change_meanwhile():
    """As worlds and levers do, which fill their caches when they are used."""
    value = SimpleNamespace(**{f"kept{number}": number for number in range(2_000)})
    with worker_processes(1) as executor:
        begun = [executor.submit(vars, value) for _ in range(20)]
        for number in range(2_000):
            setattr(value, f"more{number}", 1)
        assert all(len(one.result(timeout=60)) == 2_000 for one in begun)


def raising(begun):
    with worker_processes(1) as executor:
        begun += [executor.submit(abs, -number) for number in range(200)]
        raise KeyError


def test_what_waits_is_dropped():
    begun = []
    with pytest.raises(KeyError):
        raising(begun)
    assert all(one.done() for one in begun)
    assert any(one.cancelled() for one in begun)


def test_errors_come_back():
    with worker_processes(1) as executor:
        begun = executor.submit(Fraction, 1, 0)
        with pytest.raises(ZeroDivisionError):
            begun.result(timeout=60)
    with pytest.raises(ZeroDivisionError):
        at_once().submit(Fraction, 1, 0)
