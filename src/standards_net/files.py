"""Reading the packaged data folder; writing files that appear whole or not at all."""

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
    """Folder of the shipped tables: inside the wheel, or beside ``src`` in a checkout.

    Examples
    --------
    >>> (data_folder() / "datapackage.json").is_file()
    True
    """
    packaged = Path(__file__).parent / "data"
    return packaged if packaged.is_dir() else Path(__file__).parents[2] / "data"


def check_writable(folder: Path | str) -> Path:
    """Make a folder to write to, before a long run rather than after it.

    Raises
    ------
    StandardsNetError
        It is a file, or cannot be made or written to.

    Examples
    --------
    >>> check_writable(tempfile.mkdtemp()).is_dir()
    True
    """
    folder = Path(folder)
    if str(folder) == "-":
        raise StandardsNetError("'-' is no folder; name one, or print to standard output with --format csv.")
    with _told(folder):
        folder.mkdir(parents=True, exist_ok=True)
        tempfile.TemporaryFile(dir=folder).close()
    return folder


def write_together(folder: Path | str, contents: Mapping[str, bytes]) -> list[Path]:
    """Write several files of a folder, all or none: to temporary names first, then renamed into place.

    Raises
    ------
    StandardsNetError
        A file cannot be written; none is.
    """
    folder = Path(folder)
    waiting: dict[Path, Path] = {}
    try:
        for name, content in contents.items():
            path = folder / name
            with _told(path):
                path.parent.mkdir(parents=True, exist_ok=True)
                if path.is_dir():
                    raise IsADirectoryError(errno.EISDIR, "a folder of that name is in the way")
                handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
                waiting[path] = Path(temporary)
                with os.fdopen(handle, "wb") as stream:
                    stream.write(content)
                waiting[path].chmod(0o644)
        for path, temporary_path in waiting.items():
            with _told(path):
                temporary_path.replace(path)
    finally:
        for temporary_path in waiting.values():
            temporary_path.unlink(missing_ok=True)
    return list(waiting)


def write_bytes(path: Path | str, content: bytes) -> Path:
    """Write a file whole or not at all, as :func:`write_together` does."""
    path = Path(path)
    return write_together(path.parent, {path.name: content})[0]


def write_text(path: Path | str, text: str) -> Path:
    """Write UTF-8 text whole, with Unix line ends, as :func:`write_bytes` does."""
    return write_bytes(path, text.encode("utf-8"))


@contextmanager
def _told(path: Path) -> Iterator[None]:
    """Say in a sentence why a path cannot be written to."""
    try:
        yield
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise StandardsNetError(f"{path} cannot be written: {reason}; choose another place.") from None
