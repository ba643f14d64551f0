"""Write the rendered pages, and the hashes of the tables that they describe."""

from standards_net.files import data_folder, write_text
from tools.build_data.package import write_package
from tools.build_docs import PAGES

write_package(data_folder())
print("rendered data/datapackage.json, docs/data.md")
for path, render in PAGES.items():
    write_text(path, render())
    print(f"rendered {path}")
