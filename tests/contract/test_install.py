"""The wheel and the source distribution carry the data, and work outside the checkout.

The editable installation is what all other tests run on.
"""

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
def built(tmp_path_factory):
    """The source distribution, and the wheel that is made from it."""
    folder = tmp_path_factory.mktemp("built")
    call(sys.executable, "-m", "build", "--outdir", str(folder), str(ROOT))
    (source,), (wheel,) = folder.glob("*.tar.gz"), folder.glob("*.whl")
    return source, wheel


def test_the_wheel_carries_data_templates_and_types(built):
    names = set(zipfile.ZipFile(built[1]).namelist())
    assert "standards_net/data/datapackage.json" in names
    assert "standards_net/data/scenarios/silos.toml" in names
    assert "standards_net/drawing/network/templates/network.html" in names
    assert "standards_net/studies/carnegie_2019/templates/findings.html" in names
    assert "standards_net/py.typed" in names


def test_installed_it_informs_and_runs(built, tmp_path):
    """A new environment, outside the checkout."""
    source, wheel = map(str, built)
    venv.create(tmp_path / "env", with_pip=True)
    install = (str(tmp_path / "env" / "bin" / "python"), "-m", "pip", "install", "--quiet")
    call(*install, wheel)
    command = str(tmp_path / "env" / "bin" / "standards-net")
    facts = json.loads(call(command, "info", "--json", cwd=tmp_path))
    assert facts["economies"] == 196
    out = call(command, "run", "silos", "--draws", "2", "--until", "2021", "--format", "csv", cwd=tmp_path)
    assert out.startswith("scenario,technology,year,measure")
    call(command, "run", "silos", "--draws", "2", "--until", "2021", "--out", "r", cwd=tmp_path)
    call(command, "draw", "r", "--out", "net.html", cwd=tmp_path)
    assert (tmp_path / "net.html").stat().st_size > 500_000
    call(*install, "--force-reinstall", "--no-deps", source)
    assert json.loads(call(command, "info", "--json", cwd=tmp_path)) == facts
