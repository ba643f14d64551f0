"""A small study whose numbers change only when somebody means it (``make freeze``)."""

import json

import pytest
from freeze import FROZEN, small_study


def test_the_small_study_gives_the_frozen_numbers():
    frozen = json.loads(FROZEN.read_text(encoding="utf-8"))
    found = small_study()
    assert found.keys() == frozen.keys()
    for name, rows in frozen.items():
        for measure, values in rows.items():
            assert found[name][measure] == pytest.approx(values, rel=1e-6, abs=1e-9), (name, measure)
