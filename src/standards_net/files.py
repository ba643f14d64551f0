"""Location of the packaged data folder; atomic writing of files."""

from __future__ import annotations

import errno
import os
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from standards_net.errors import StandardsNetError

__all__ = ["check_writable", "data_folder", "write_bytes", "write_text", "write_together"]


def data_folder() -> Path:
    """Folder of the bundled tables: inside the wheel, or next to ``src`` in a checkout.

    Examples
    --------
    >>> (data_folder() / "datapackage.json").is_file()
    True
    """
    packaged = Path(__file__).parent / "data"
    return packaged if packaged.is_dir() else Path(__file__).parents[2] / "data"


def check_writable(folder: Path | str) -> Path:
    """Create an output folder and check that it is writable, before a long run rather than after it.

    Raises
    ------
    StandardsNetError
        The path is a file, or the folder cannot be created or written to.

    Examples
    --------
    >>> check_writable(tempfile.mkdtemp()).is_dir()
    True
    """
    folder = Path(folder)
    if str(folder) == "-":
        raise StandardsNetError(
            "'-' is not a folder; name one, or print to standard output with --format csv."
        )
    with _report_os_errors(folder):
        folder.mkdir(parents=True, exist_ok=True)
        tempfile.TemporaryFile(dir=folder).close()
    return folder


def write_together(folder: Path | str, contents: Mapping[str, bytes]) -> list[Path]:
    """Write several files to a folder, all or none: under temporary names first, then renamed into place.

    Raises
    ------
    StandardsNetError
        A file cannot be written; then none is.
    """
    folder = Path(folder)
    temporary: dict[Path, Path] = {}
    try:
        for name, content in contents.items():
            path = folder / name
            with _report_os_errors(path):
                path.parent.mkdir(parents=True, exist_ok=True)
                if path.is_dir():
                    raise IsADirectoryError(errno.EISDIR, "a folder of that name already exists")
                handle, name_on_disk = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
                temporary[path] = Path(name_on_disk)
                with os.fdopen(handle, "wb") as stream:
                    stream.write(content)
                temporary[path].chmod(0o644)
        for path, temporary_path in temporary.items():
            with _report_os_errors(path):
                temporary_path.replace(path)
    finally:
        for temporary_path in temporary.values():
            temporary_path.unlink(missing_ok=True)
    return list(temporary)


def write_bytes(path: Path | str, content: bytes) -> Path:
    """Write one file atomically (:func:`write_together`)."""
    path = Path(path)
    return write_together(path.parent, {path.name: content})[0]


def write_text(path: Path | str, text: str) -> Path:
    """Write UTF-8 text atomically, with Unix line endings (:func:`write_bytes`)."""
    return write_bytes(path, text.encode("utf-8"))


@contextmanager
def _report_os_errors(path: Path) -> Iterator[None]:
    """Turn an ``OSError`` into a ``StandardsNetError`` that gives the reason."""
    try:
        yield
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise StandardsNetError(f"{path} cannot be written: {reason}; choose another place.") from None
