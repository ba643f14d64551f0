"""Write the rendered pages."""

from standards_net.files import write_text
from tools.build_docs import PAGES

for path, render in PAGES.items():
    write_text(path, render())
    print(f"rendered {path}")
