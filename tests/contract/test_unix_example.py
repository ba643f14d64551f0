"""The example of UNIX 1988 runs, and says what was published."""

import importlib.util
from pathlib import Path

import pytest


def test_unix_1988(capsys):
    path = Path(__file__).parents[2] / "examples" / "05_unix_1988.py"
    spec = importlib.util.spec_from_file_location("unix_1988", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    found = module.main(draws=200)
    assert (found["configurations"], found["minima"], found["basins"]) == (256, 2, [128, 128])
    assert found["energies"] == pytest.approx([-3828.9, -3828.9], abs=1e-9)
    assert found["actual"] == pytest.approx(-3806.1, abs=1e-9)
    assert found["below_actual"] == 8
    assert found["size_right"] == pytest.approx(96.93, abs=0.005)
    assert min(found["robust"]) == pytest.approx(0.447761, abs=5e-7)
    assert found["base"][("Sun", "Prime")] == 1.0
    assert found["base"][("Sun", "AT&T")] == 0.5
    assert 0.5 < found["recoded"][("Sun", "Prime")] < 1.0
    said = capsys.readouterr().out
    assert "2, the same" in said
    assert "Configuration 1: Sun, AT&T, IBM, Prime" in said
