"""Rules of the house: public names, directions of imports, light import, no global state."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

import standards_net as sn

SOURCE = Path(sn.__file__).parent
ROOT = SOURCE.parents[1]

# Each room may import only from rooms before it.
ROOMS = (
    "errors", "sinks", "frozen", "status", "files", "country_names", "threads", "workers", "progress", "core",
    "memory", "wording", "labels", "checks", "randomness", "calibration", "parameters", "tables", "world",
    "networks", "politics", "scenario", "processes", "model", "measures", "estimation", "results",
    "ensemble", "evidence", "diffusion", "alignment", "sensitivity", "adapters", "drawing", "briefs",
    "reports", "desk", "studies", "cli", "__main__",
)  # fmt: skip


def source_files():
    return sorted(p for p in SOURCE.rglob("*.py") if "data" not in p.relative_to(SOURCE).parts[:1])


def module_of(path: Path) -> str:
    parts = path.relative_to(SOURCE.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


@pytest.fixture(scope="module")
def trees() -> dict[Path, ast.Module]:
    """Every source file, parsed once."""
    return {path: ast.parse(path.read_text(encoding="utf-8")) for path in source_files()}


def imported(tree: ast.Module) -> set[str]:
    """Modules of the package that a file imports, at its head or inside functions."""
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("standards_net"):
            found |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return found


def test_imports_never_point_backwards(trees):
    wrong = []
    for path, tree in trees.items():
        room = path.relative_to(SOURCE).parts[0].removesuffix(".py")
        for module in imported(tree):
            other = module.split(".")[1] if "." in module else room
            if room != "__init__" and other in ROOMS and ROOMS.index(other) > ROOMS.index(room):
                wrong.append(f"{path.relative_to(SOURCE)} imports {module}")
    assert not wrong


def test_every_room_is_in_its_place():
    rooms = {p.relative_to(SOURCE).parts[0].removesuffix(".py") for p in source_files()}
    assert rooms - {"__init__"} == set(ROOMS)


def test_no_two_files_import_each_other(trees):
    """No circle of files, whatever its length; a package's list of names does not count as a file."""
    modules = {module_of(path): path for path in trees if path.name != "__init__.py"}
    arrows = {name: {m for m in imported(trees[path]) if m in modules} for name, path in modules.items()}
    done: set[str] = set()

    def visit(name: str, way: tuple[str, ...]) -> None:
        assert name not in way, " -> ".join((*way[way.index(name) :], name))
        if name not in done:
            for other in sorted(arrows[name] - {name}):
                visit(other, (*way, name))
            done.add(name)

    for name in arrows:
        visit(name, ())


def test_public_names_are_these():
    assert sorted(sn.__all__) == [
        "Course", "DataError", "Diffusion", "FittedChoice", "Mechanism", "Part", "Piece", "Process",
        "Result", "Scenario", "ScenarioError", "StandardsNetError", "StandardsNetWarning",
        "Status", "UnknownNameError", "World",
        "__version__", "adapters", "alignment", "alignment_game", "begin", "bloc_sizes", "briefs",
        "compile_scenario",
        "diffuse", "diffusion", "drawing", "effective_standards", "equilibria", "estimation", "evidence",
        "find_blocs", "fit_choice", "fragmentation", "interoperability_loss", "join", "landscape",
        "load_course", "load_result", "load_scenario", "load_world", "measures", "model", "networks",
        "pivotal", "processes", "reports", "rerun", "results", "run", "scenario", "scenario_names",
        "sensitivity",        "sobol_indices", "split", "stream", "synthetic_market", "world",
    ]  # fmt: skip
    assert dir(sn) == sorted(sn.__all__)
    for name in sn.__all__:
        assert getattr(sn, name) is not None


def test_an_unknown_name_is_an_attribute_error():
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        sn.nothing  # noqa: B018


@pytest.mark.parametrize(
    ("code", "heavy"),
    [
        (
            "import standards_net",
            ("igraph", "pyvis", "matplotlib", "xarray", "scipy", "pandas", "networkx", "pydantic", "typer"),
        ),
        (
            "import standards_net as sn; w = sn.load_world();"
            "sn.run(w, 'silos', draws=2, rng=1, years=range(2019, 2021))",
            ("igraph", "pyvis", "matplotlib", "xarray", "networkx"),
        ),
        ("import standards_net as sn; sn.processes.voter; sn.measures.MEASURES", ("scipy", "xarray")),
    ],
)
def test_what_is_not_used_is_not_imported(code, heavy):
    told = f"import sys; {code}; print([m for m in {heavy!r} if m in sys.modules])"
    out = subprocess.run([sys.executable, "-c", told], capture_output=True, text=True, check=True)
    assert out.stdout.strip() == "[]"


def test_no_assert_and_no_global_random_numbers(trees):
    allowed = {"default_rng", "Generator", "BitGenerator", "Philox", "SeedSequence"}
    wrong = []
    for path, tree in trees.items():
        for node in ast.walk(tree):
            if isinstance(node, ast.Assert):
                wrong.append(f"{path.name}:{node.lineno} assert")
            used = ast.unparse(node) if isinstance(node, ast.Attribute) else ""
            if re.fullmatch(r"np\.random\.\w+", used) and node.attr not in allowed:
                wrong.append(f"{path.name}:{node.lineno} {used}")
    assert not wrong


def test_public_functions_have_docstrings_and_annotations(trees):
    wrong = [
        f"{path.relative_to(SOURCE)}: {node.name}"
        for path, tree in trees.items()
        for node in tree.body
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_")
        if not ast.get_docstring(node) or node.returns is None
    ]
    assert not wrong


# Names and words that were replaced before the first release; none may come back.
RETIRED = (
    r"\bNOBODY\b", r"\bVENDOR_CHOICE\b", r"\bPROCUREMENT\b", r"--process\b", r"\blooks_to\b",
    r"\blooked_at_by\b",
    r"\bheld_by_simulation\b", r"\bpatrons?\b", r"\bby_mechanism\b", r"\b[Ll]uck\b", r"\bBeginnings?\b",
    r"goes in a circle", r"whom this world lacks", r"mean nobody", r"laid over the shipped", r"[Bb]y merit",
)  # fmt: skip


def test_no_retired_name_or_word_is_left():
    folders = ("src", "docs", "examples", "benchmarks", "tools", "tests", "data/scenarios", "data/model")
    files = [p for folder in folders for p in (ROOT / folder).rglob("*") if p.suffix in _TEXT]
    files += [ROOT / name for name in ("README.md", "CONTRIBUTING.md")]
    found = [
        f"{path.relative_to(ROOT)}: {match[0]}"
        for path in files
        if path != Path(__file__).resolve()
        for match in [re.search("|".join(RETIRED), path.read_text(encoding="utf-8"))]
        if match
    ]
    assert not found


def test_files_that_the_docs_name_exist():
    """Paths in the pages and in the map of the house, from the root or from the package."""
    pages = [*(ROOT / "docs").glob("*.md"), ROOT / "benchmarks" / "README.md"]
    pages += [ROOT / name for name in ("README.md", "CONTRIBUTING.md")]
    named = {
        (page.name, path)
        for page in pages
        for quoted in re.findall(r"`([a-z_]+/[^` ]*)`", page.read_text(encoding="utf-8"))
        for path in alternatives(quoted)
    }
    kept = {(page, path) for page, path in named if path.split("/")[0] in _FOLDERS and "*" not in path}
    assert len(kept) > 40
    assert not {(page, path) for page, path in kept if not any((b / path).exists() for b in (ROOT, SOURCE))}


def alternatives(path: str) -> list[str]:
    """``a/{b,c}.py`` as ``a/b.py`` and ``a/c.py``."""
    head, _, tail = path.partition("{")
    inside, _, end = tail.partition("}")
    return [head + one + end for one in inside.split(",")]


_FOLDERS = {"src", "data", "tools", "examples", "benchmarks", *ROOMS}
_TEXT = (".py", ".md", ".toml", ".html", ".csv")
