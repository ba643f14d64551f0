"""Rules of the house: public names, directions of imports, light import, no global state."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import standards_net as sn

SOURCE = Path(sn.__file__).parent

# Each room may import only from rooms before it.
ROOMS = (
    "errors", "frozen", "status", "files", "threads", "core", "checks", "randomness", "parameters", "tables",
    "world", "networks", "scenario", "processes", "model", "measures", "estimation", "results", "ensemble",
    "diffusion", "alignment", "drawing", "studies", "cli", "__main__",
)  # fmt: skip


def modules():
    return sorted(p for p in SOURCE.rglob("*.py") if "data" not in p.relative_to(SOURCE).parts[:1])


def room_of(path: Path) -> str:
    return path.relative_to(SOURCE).parts[0].removesuffix(".py")


def imports(path: Path) -> set[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("standards_net."):
            found.add(node.module.split(".")[1])
    return found


@pytest.mark.parametrize("path", modules(), ids=lambda p: str(p.relative_to(SOURCE)))
def test_arrows_never_turn_round(path):
    room = room_of(path)
    if room == "__init__":
        pytest.skip("the package itself lifts names from all rooms")
    for other in imports(path):
        assert ROOMS.index(other) <= ROOMS.index(room), f"{room} imports {other}"


def test_public_names_are_these():
    assert sorted(sn.__all__) == [
        "DataError", "Diffusion", "Mechanism", "Process", "Result", "Scenario", "ScenarioError",
        "StandardsNetError", "Status", "UnknownNameError", "World", "__version__", "alignment",
        "alignment_game", "bloc_sizes", "compile_scenario", "diffuse", "diffusion", "drawing",
        "effective_standards", "equilibria", "find_blocs", "fragmentation", "interoperability_loss",
        "landscape", "load_result", "load_scenario", "load_world", "measures", "model", "networks", "pivotal",
        "processes", "rerun", "run", "scenario_names", "synthetic_market",
    ]  # fmt: skip
    assert dir(sn) == sorted(sn.__all__)
    for name in sn.__all__:
        assert getattr(sn, name) is not None


def test_an_unknown_name_is_an_attribute_error():
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        sn.nothing  # noqa: B018


def test_import_is_light():
    heavy = ("igraph", "pyvis", "matplotlib", "xarray", "scipy", "pandas", "networkx", "pydantic", "typer")
    code = f"import sys, standards_net; print([m for m in {heavy!r} if m in sys.modules])"
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert out.stdout.strip() == "[]"


def test_a_run_needs_no_drawing_library():
    code = (
        "import sys, standards_net as sn; w = sn.load_world();"
        "sn.run(w, 'silos', draws=2, rng=1, years=range(2019, 2021));"
        "print([m for m in ('igraph', 'pyvis', 'matplotlib', 'xarray', 'networkx') if m in sys.modules])"
    )
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert out.stdout.strip() == "[]"


@pytest.mark.parametrize("path", modules(), ids=lambda p: str(p.relative_to(SOURCE)))
def test_no_global_randomness_and_no_assert(path):
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        assert not isinstance(node, ast.Assert), f"assert at line {node.lineno}"
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Attribute):
            chain = ast.unparse(node)
            if chain.startswith("np.random."):
                assert node.attr in {
                    "default_rng", "Generator", "BitGenerator", "Philox", "SeedSequence",
                }, chain  # fmt: skip


@pytest.mark.parametrize("path", modules(), ids=lambda p: str(p.relative_to(SOURCE)))
def test_functions_and_files_stay_small(path):
    text = path.read_text(encoding="utf-8")
    assert text.count("\n") <= 400, "split the file"
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef):
            docstring = ast.get_docstring(node, clean=False) or ""
            body = node.end_lineno - node.lineno - docstring.count("\n")
            assert body <= 60, f"{node.name} has {body} lines"


def test_public_functions_have_docstrings_with_annotations():
    for path in modules():
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
                assert ast.get_docstring(node), f"{path.name}: {node.name}"
                assert node.returns is not None, f"{path.name}: {node.name}"
