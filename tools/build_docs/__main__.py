"""Write the rendered pages, and the hashes of the tables that they describe."""

from standards_net.drawing.charts.figures import save_figure
from standards_net.drawing.sensitivity_picture import sobol_picture
from standards_net.files import data_folder, write_text
from standards_net.sensitivity import shipped_indices
from standards_net.world import load_world
from tools.build_data.package import write_package
from tools.build_docs import PAGES
from tools.build_docs.gallery import write_gallery
from tools.build_docs.notebooks import write_notebooks

write_package(data_folder())
print("rendered data/datapackage.json, docs/data.md")
for path, render in PAGES.items():
    write_text(path, render())
    print(f"rendered {path}")
indices = shipped_indices(load_world())
if indices is not None:
    print(f"rendered {save_figure(sobol_picture(indices), 'docs/img/sensitivity.png')}")
for written in (*write_gallery(), *write_notebooks()):
    print(f"rendered {written}")
