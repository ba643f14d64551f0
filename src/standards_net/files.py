"""Reading the packaged data folder; writing files that appear whole or not at all."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

__all__ = ["data_folder", "write_bytes", "write_text"]


def data_folder() -> Path:
    """Folder of the shipped tables: inside the wheel, or beside ``src`` in a checkout.

    Examples
    --------
    >>> (data_folder() / "datapackage.json").is_file()
    True
    """
    packaged = Path(__file__).parent / "data"
    return packaged if packaged.is_dir() else Path(__file__).parents[2] / "data"


def write_bytes(path: Path | str, content: bytes) -> Path:
    """Write a file whole: to a temporary name beside it, then renamed into place."""
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(content)
        Path(temporary).chmod(0o644)
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
    return path


def write_text(path: Path | str, text: str) -> Path:
    """Write UTF-8 text whole, with Unix line ends, as :func:`write_bytes` does."""
    return write_bytes(path, text.encode("utf-8"))
