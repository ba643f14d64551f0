"""Examples run, and say what they say."""

import importlib.util
import re
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import standards_net as sn

ROOT = Path(__file__).parents[2]


def example(name):
    spec = importlib.util.spec_from_file_location(name, ROOT / "examples" / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.slow
def test_own_scenario():
    found = example("02_own_scenario").main(draws=16)
    assert found["india"] < 0.01  # what is banned until 2030 is gone by 2040
    assert found["china_share"] < 0


@pytest.mark.slow
def test_own_data(capsys):
    found = example("03_own_data").main()
    assert found["mine"] == pytest.approx(0.70)
    assert found["shipped"] != pytest.approx(0.70, abs=0.02)
    assert "effective markets" in capsys.readouterr().out


@pytest.mark.slow
def test_called_by_another_program():
    found = example("04_called_by_another_program").main(draws=8)
    assert all(value > 0 for value in found.values())
    assert found["DEU 2040"] > found["DEU 2025"]


def test_the_study_is_the_command():
    """The script hands its arguments to the command; what the study writes is tested in tests/browser."""
    script = ROOT / "examples" / "01_carnegie_2019.py"
    done = subprocess.run(
        [sys.executable, str(script), "--draws", "0"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 2
    assert "--draws" in done.stderr


def test_own_process():
    found = example("06_own_process").main(draws=32)
    assert found["hedging, chance 0.1"] > 2.5  # who takes what is rare keeps all alive
    assert found["majority"] < 2.0


@pytest.mark.slow
def test_countries_or_operators_say_what_their_page_says(capsys):
    found = example("07_countries_or_operators").main()
    printed = capsys.readouterr().out
    page = (ROOT / "docs" / "operators.md").read_text(encoding="utf-8")
    assert f"```\n{printed}```" in page
    countries, firms = (
        found["196 countries that look four fifths home"],
        found["20,000 firms, no ties within groups"],
    )
    assert countries["beta"] > firms["beta"]
    assert countries["beta_width"] > 3 * firms["beta_width"]


@pytest.mark.slow
def test_another_technology(capsys):
    found = example("08_another_technology").main()
    assert 0.0 <= found["DEU"] < 0.1 < found["KEN"] < 1.0  # shut out from 2022 on, in one of the two
    assert "the exclusion costs USD" in capsys.readouterr().out


@pytest.mark.slow
def test_the_code_of_the_page_on_diffusion_runs(capsys):
    text = (ROOT / "docs" / "diffusion.md").read_text(encoding="utf-8")
    for code in re.findall(r"```python\n(.*?)```", text, flags=re.S):
        exec(compile(code, "docs/diffusion.md", "exec"), {})
    assert "hedging, 196 nodes, draw 50" in capsys.readouterr().out


@pytest.mark.slow
def test_the_ten_lines_of_the_page_on_alignment_run(capsys):
    text = (ROOT / "docs" / "alignment.md").read_text(encoding="utf-8")
    (code,) = re.findall(r"```python\n(.*?)```", text, flags=re.S)
    exec(compile(code.replace("draws=8", "draws=2"), "docs/alignment.md", "exec"), {})
    assert "share_of_draws" in capsys.readouterr().out


@pytest.mark.slow
def test_the_ten_lines_of_the_readme_run(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    (code,) = re.findall(r"```python\n(.*?)```", text, flags=re.S)
    assert len([line for line in code.splitlines() if line.strip()]) <= 12
    exec(compile(code.replace("draws=500", "draws=8"), "README.md", "exec"), {})
    assert (tmp_path / "network.html").is_file()


@pytest.mark.slow
def test_the_commands_of_the_readme_exist():
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for target in set(re.findall(r"^make ([a-z-]+)", text, flags=re.M)):
        assert f"\n{target}:" in makefile, target
    for command in set(re.findall(r"^standards-net ([a-z-]+)", text, flags=re.M)):
        done = subprocess.run(
            [sys.executable, "-m", "standards_net", command, "--help"], capture_output=True, check=False
        )
        assert done.returncode == 0, command
    for picture in re.findall(r"!\[.*?\]\((.*?)\)", text):
        assert (ROOT / picture).is_file(), picture


def anchors_of(page):
    """Anchors of a page's headings, as GitHub and mkdocs make them."""
    headings = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), flags=re.M)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).strip().replace(" ", "-") for heading in headings}


def test_links_in_the_docs_lead_somewhere():
    for page in [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").rglob("*.md")]:
        for link, anchor in re.findall(r"\]\(([^)#:]*)(?:#([^):]+))?\)", page.read_text(encoding="utf-8")):
            target = page.parent / link if link else page
            assert target.exists(), f"{page.name}: {link}"
            if anchor and target.suffix == ".md" and target.parent.name != "api":
                assert anchor in anchors_of(target), f"{page.name}: {link}#{anchor}"


@pytest.mark.slow
def test_coupled_with_a_trade_model():
    found = example("10_coupled_with_a_trade_model").main(draws=8, until=2024)
    assert found["coupled"] < found["alone"]


@pytest.mark.slow
def test_a_government_that_bans_late(capsys):
    costs = example("11_a_government_that_bans_late").main(draws=8, until=2030)
    assert all(cost > 0.0 for cost in costs.values())
    years = re.findall(r"bans in (\d{4})", capsys.readouterr().out)
    assert len(years) == 2
    assert years[0] < years[1]


@pytest.mark.slow
def test_sobol_indices_by_salib():
    total = example("12_sobol_indices_by_salib").main(base=8, year=2025)
    assert max(total, key=total.get) in {"weight_of_country_mix", "lock_in", "price_sensitivity"}


@pytest.mark.slow
def test_exploratory_modelling():
    pytest.importorskip("ema_workbench", reason="the EMA workbench is not installed")
    regret = example("13_exploratory_modelling").main(futures=8, year=2025)
    assert regret["broad-allied-ban"] > regret["core-allies-ban"] >= 0.0


@pytest.mark.slow
def test_through_the_basic_model_interface(capsys):
    pytest.importorskip("bmipy", reason="bmipy is not installed")
    found = example("14_through_the_basic_model_interface").main(until=3.0)
    assert 0.2 < found["share"] < 0.8
    assert capsys.readouterr().out.startswith("2020: Chinese-led share by GDP ")


@pytest.mark.slow
def test_many_draws(tmp_path):
    pytest.importorskip("zarr", reason="zarr is not installed")
    script = example("15_many_draws")
    found = script.main(str(tmp_path), draws=600)
    assert found["draws"] == 600.0
    assert script.main(str(tmp_path), draws=600) == found  # read, not run again


@pytest.mark.slow
def test_files_for_others(tmp_path):
    written = example("16_files_for_others").main(str(tmp_path), draws=4)
    assert {Path(name).suffix for name in written} == {".nc", ".csv", ".graphml", ".gexf", ".json"}


@pytest.mark.slow
def test_the_code_of_the_page_on_coupling_runs(capsys):
    text = (ROOT / "docs" / "coupling.md").read_text(encoding="utf-8")
    for code in re.findall(r"```python\n(.*?)```", text, flags=re.S):
        exec(compile(code, "docs/coupling.md", "exec"), {})
    assert capsys.readouterr().out.endswith("True\n")
    for script in re.findall(r"`(\d\d_[a-z_]+\.py)`", text):
        assert (ROOT / "examples" / script).is_file(), script


@pytest.mark.slow
def test_the_r_of_the_page_on_coupling_reads_what_python_wrote(tmp_path):
    if shutil.which("Rscript") is None:
        pytest.skip("R is not installed")
    if subprocess.run(["Rscript", "-e", "library(ncdf4)"], capture_output=True, check=False).returncode:
        pytest.skip("the R package ncdf4 is not installed")
    result = sn.run(sn.load_world(), ["one-standard", "silos"], draws=8, rng=1, until=2035)
    result.save(tmp_path / "result.nc")
    text = (ROOT / "docs" / "coupling.md").read_text(encoding="utf-8")
    (code,) = re.findall(r"```r\n(.*?)```", text, flags=re.S)
    (tmp_path / "read.R").write_text(code)
    done = subprocess.run(
        ["Rscript", "read.R"], cwd=tmp_path, capture_output=True, text=True, check=True
    ).stdout.splitlines()
    shares = result.values("china_share", year=2035, technology="radio")
    assert done[0].split() == ["one-standard", "silos"]
    for line, q in zip(done[1:4], (0.05, 0.5, 0.95), strict=True):
        expected = np.quantile(shares, q, axis=1)
        np.testing.assert_allclose([float(one) for one in line.split()[1:]], expected, rtol=1e-5)
    assert done[4] == f'[1] "{result["china_share"].meaning}"'
