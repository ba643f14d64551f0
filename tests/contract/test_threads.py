"""Calls in several threads at once: the bytes of calls in a row, and BLAS as it was."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
import threadpoolctl

import standards_net as sn
from standards_net.threads import single_threaded_blas

ASKED = {"draws": 24, "until": 2021, "technologies": "radio"}


def blas_threads():
    found = threadpoolctl.threadpool_info()
    return [one["num_threads"] for one in found if one["user_api"] == "blas"]


def test_eight_runs_at_once_give_the_bytes_of_eight_in_a_row(world):
    before, together = set(blas_threads()), Barrier(8)

    def run(seed):
        together.wait()
        return sn.run(world, "broad-allied-ban", rng=seed, **ASKED)

    with ThreadPoolExecutor(8) as pool:
        at_once = list(pool.map(run, range(8)))
    for seed, found in enumerate(at_once):
        alone = sn.run(world, "broad-allied-ban", rng=seed, **ASKED)
        for name in alone:
            assert found[name].values.tobytes() == alone[name].values.tobytes(), name
    assert set(blas_threads()) == before


@pytest.mark.parametrize("order", ["first in, first out", "first in, last out"])
def test_the_limit_holds_in_every_thread_and_is_lifted_by_the_last(order):
    before = set(blas_threads())
    with ThreadPoolExecutor(1) as one, ThreadPoolExecutor(1) as two:
        limits = [single_threaded_blas(), single_threaded_blas()]
        places = [one, two]
        for place, limit in zip(places, limits, strict=True):
            place.submit(limit.__enter__).result()
            assert all(pool.submit(blas_threads).result() == [1] * len(blas_threads()) for pool in places)
        if order == "first in, last out":
            places, limits = places[::-1], limits[::-1]
        places[0].submit(limits[0].__exit__, None, None, None).result()
        assert set(blas_threads()) == {1}
        places[1].submit(limits[1].__exit__, None, None, None).result()
        assert set(blas_threads()) == before


def test_the_limit_of_a_caller_is_left_as_it_was():
    with threadpoolctl.threadpool_limits(2, user_api="blas"):
        with ThreadPoolExecutor(1) as pool:

            def limited():
                with single_threaded_blas():
                    return blas_threads()

            assert set(pool.submit(limited).result()) == {1}
        assert set(blas_threads()) == {2}
