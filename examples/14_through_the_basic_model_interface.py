"""Coupled through the Basic Model Interface: a driver that knows nothing of standards sets GDP year by year.

Needs the extra ``bmi``: pip install 'standards-net[bmi]'. Any framework that speaks BMI 2.0 (pymt, NextGen)
drives the component the same way.
"""

import tempfile
from pathlib import Path

import numpy as np

from standards_net.adapters.bmi import StandardsNetBmi

CONFIGURATION = """
scenario = "chinese-standard-lead"
technology = "radio"
draws = 16
rng = 11
until = 2030
"""
GDP = "economy__gross_domestic_product"
SHARE = "economy_china-standard-equipment__adoption_fraction"


def main(growth: float = 0.03, until: float = 11.0) -> dict[str, float]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "component.toml"
        path.write_text(CONFIGURATION)
        model = StandardsNetBmi()
        model.initialize(str(path))
    size = model.get_grid_size(model.get_var_grid(GDP))
    gdp, share = model.get_value(GDP, np.empty(size)), np.empty(size)
    while model.get_current_time() < until:
        gdp *= 1.0 + growth
        model.set_value(GDP, gdp)
        model.update()
        weighted = float(np.average(model.get_value(SHARE, share), weights=gdp))
        print(
            f"{int(model.get_value_ptr('world__calendar_year')[0])}: Chinese-led share by GDP {weighted:.3f}"
        )
    model.finalize()
    return {"share": weighted}


if __name__ == "__main__":
    main()
