"""The wheel carries the data; wheel and editable install work outside the checkout."""

import json
import os
import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

pytestmark = pytest.mark.slow


def call(*command, cwd=None):
    clean = {k: v for k, v in os.environ.items() if not k.startswith("PYTHON")}
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=cwd, env=clean)
    assert done.returncode == 0, f"{command}\n{done.stdout[-2000:]}\n{done.stderr[-2000:]}"
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    folder = tmp_path_factory.mktemp("wheel")
    call(sys.executable, "-m", "build", "--wheel", "--outdir", str(folder), str(ROOT))
    (built,) = folder.glob("*.whl")
    return built


def test_the_wheel_carries_data_templates_and_types(wheel):
    names = set(zipfile.ZipFile(wheel).namelist())
    assert "standards_net/data/datapackage.json" in names
    assert "standards_net/data/scenarios/silos.toml" in names
    assert "standards_net/drawing/network/templates/network.html" in names
    assert "standards_net/studies/carnegie_2019/templates/findings.html" in names
    assert "standards_net/py.typed" in names


@pytest.mark.parametrize("how", ["wheel", "editable"])
def test_installed_it_informs_and_runs(wheel, tmp_path, how):
    """A new environment, outside the checkout."""
    venv.create(tmp_path / "env", with_pip=True)
    python = tmp_path / "env" / "bin" / "python"
    target = [str(wheel)] if how == "wheel" else ["--editable", str(ROOT)]
    call(str(python), "-m", "pip", "install", "--quiet", *target)
    command = str(tmp_path / "env" / "bin" / "standards-net")
    facts = json.loads(call(command, "info", "--json", cwd=tmp_path))
    assert facts["economies"] == 196
    out = call(command, "run", "silos", "--draws", "2", "--until", "2021", "--format", "csv", cwd=tmp_path)
    assert out.startswith("scenario,technology,year,measure")
    call(command, "run", "silos", "--draws", "2", "--until", "2021", "--out", "r", cwd=tmp_path)
    call(command, "draw", "r", "--out", "net.html", cwd=tmp_path)
    assert (tmp_path / "net.html").stat().st_size > 500_000
