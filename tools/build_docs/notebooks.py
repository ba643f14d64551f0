"""Notebooks, executed and written as pages: examples/notebooks/*.ipynb to docs/notebooks/*.md."""

from __future__ import annotations

import re
from pathlib import Path

__all__ = ["write_notebooks"]

_SOURCES, _PAGES = Path("examples/notebooks"), Path("docs/notebooks")
_MOST_SECONDS = 600  # of a cell
_STYLE = re.compile(r"<style scoped>.*?</style>\s*", re.DOTALL)


def write_notebooks() -> list[Path]:
    """Execute every notebook, and write it with its outputs; a cell that fails ends it."""
    from nbclient import NotebookClient
    from nbconvert import MarkdownExporter
    from nbformat import read

    written = []
    for source in sorted(_SOURCES.glob("*.ipynb")):
        notebook = read(source, as_version=4)
        NotebookClient(notebook, timeout=_MOST_SECONDS, kernel_name="python3").execute()
        text, resources = MarkdownExporter().from_notebook_node(
            notebook, resources={"output_files_dir": f"{source.stem}_files"}
        )
        for name, content in resources["outputs"].items():
            place = _PAGES / name
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(content)
        page = _PAGES / f"{source.stem}.md"
        note = f"*Made from [{source.name}](../../{source.as_posix()}).*\n\n"
        body = _STYLE.sub("", text)
        lines = [line.rstrip() for line in (body.lstrip() + "\n").splitlines()]
        head, *rest = lines
        page.write_text("\n".join([head, "", note.strip(), *rest]).rstrip() + "\n", "utf-8")
        written.append(page)
    return written
