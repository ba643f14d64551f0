"""What a type checker sees of the package in another project: right code passes, a misspelt name does not."""

import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

GOOD = """
import standards_net as sn
from standards_net import processes

world = sn.load_world()
result = sn.run(world, "silos", draws=2, rng=1, mechanism=sn.model.linear_threshold(0.5))
gap = result.values("beta", scenario="silos")
names: list[str] = list(result)
again: sn.Result = sn.rerun(result)
for name, variable in result.items():
    print(name, variable.unit, sn.measures.MEASURES["beta"].meaning)
d = sn.diffuse(world, processes.voter(), initial="2019", steps=3)
print(sn.Status(str(d.status[0])).meaning, gap.shape, result.get("beta"))


def policy(course: sn.Course) -> dict[str, object] | None:
    return {"gdp_usd": world.gdp_usd} if course.year == 2025 else None


course = sn.begin(world, "silos", draws=2, rng=1).step().given(gdp_usd=world.gdp_usd)
pieces: list[sn.Piece] = sn.split(world, "silos", draws=512, pieces=2, rng=1)
part: sn.Part = pieces[0].run()
joined: sn.Result = sn.join(piece.run() for piece in pieces)
path = sn.stream(pieces, "r.zarr", resume=True)
own = sn.run(world, "silos", policy=policy, measures={"mine": lambda c: c.values("beta")}, shared_draw=0)
problem = sn.adapters.salib.problem(world, ["lock_in"])
answers = sn.adapters.salib.evaluate([[0.5]], problem, world, "silos")
table = own.to_iamc("countries", quantiles=[0.5])
graph = own.to_networkx(year=2030)
small: sn.Result = sn.load_result(own.condensed().save("r.nc"), variables=["beta"])
"""

BAD = """
import standards_net as sn

sn.nonsense
sn.measures.MEASURE
sn.run(sn.load_world(), "silos", mechanisms="voter")
sn.split(sn.load_world(), "silos", parts=2)
sn.load_result("r.nc").to_iamc(region="world")
sn.adapters.salib.nonsense(1)
"""


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    folder = tmp_path_factory.mktemp("downstream")
    (folder / "good.py").write_text(GOOD)
    (folder / "bad.py").write_text(BAD)
    return folder


COMMANDS = {
    "mypy": [sys.executable, "-m", "mypy", "--strict", "--config-file="],
    "pyright": [str(Path(sys.executable).with_name("pyright")), "--pythonpath", sys.executable],
}


def check(project, tool, file):
    return subprocess.run([*COMMANDS[tool], file], cwd=project, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("tool", COMMANDS)
def test_right_code_passes(project, tool):
    done = check(project, tool, "good.py")
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("tool", COMMANDS)
def test_misspelt_names_do_not(project, tool):
    done = check(project, tool, "bad.py")
    assert done.returncode == 1, done.stdout + done.stderr
    for line in (4, 5, 6, 7, 8, 9):
        assert f"bad.py:{line}:" in done.stdout, done.stdout
