"""Location of the packaged data folder; writing of files, all or none, whenever the process ends.

Several files of one command are staged in a folder beside the one that is meant, which is then exchanged
with it at once: whoever looks, and whenever the process is killed, the files are all old or all new. Where
folders cannot be exchanged (the current folder, a mount point, systems without this call) the files are
renamed one after another, with signals held back.
"""

from __future__ import annotations

import ctypes
import errno
import os
import shutil
import signal
import socket
import sys
import tempfile
import threading
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

from standards_net.errors import StandardsNetError

__all__ = [
    "check_writable",
    "data_folder",
    "read_text",
    "reason_of",
    "write_bytes",
    "write_text",
    "write_together",
]

_HOST = f"{zlib.crc32(socket.gethostname().encode()):08x}"
_STAGE = ".standards-net"  # names of what is staged begin so; then host, process and something random
_MOST_OTHERS = 1000  # files beside ours in a folder that is exchanged: each is linked anew
_EXCHANGE, _HERE = 2, -100  # RENAME_EXCHANGE and AT_FDCWD of renameat2(2)


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
    """Check that an output folder can be written to, before a long run rather than after it.

    Nothing is left behind: a folder that is missing is created when files are written.

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
        existing = folder
        while not os.path.lexists(existing):
            existing = existing.parent
        if len(folder.name.encode()) > os.pathconf(existing, "PC_NAME_MAX"):
            raise OSError(errno.ENAMETOOLONG, os.strerror(errno.ENAMETOOLONG))
        tempfile.TemporaryFile(dir=existing).close()
    return folder


def read_text(path: Path | str, what: str) -> str:
    """Text of a UTF-8 file, with or without its mark.

    Parameters
    ----------
    path : Path or str
    what : str
        What it should be, for error messages.

    Raises
    ------
    StandardsNetError
        No such file, a folder, a file that cannot be read, or not UTF-8.
    """
    path = Path(path)
    try:
        return path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise StandardsNetError(f"{path}: there is no such file.") from None
    except IsADirectoryError:
        raise StandardsNetError(f"{path} is a folder; {what} is one file.") from None
    except UnicodeDecodeError as error:
        raise StandardsNetError(
            f"{path.name}: byte {error.start} is not UTF-8; save the file as UTF-8."
        ) from None
    except (OSError, ValueError) as error:
        raise StandardsNetError(f"{path} cannot be read: {reason_of(error)}.") from None


def reason_of(error: Exception) -> str:
    """Why a file cannot be read or written, in words.

    Examples
    --------
    >>> reason_of(PermissionError(errno.EACCES, "Permission denied"))
    'permission denied'
    """
    return ((error.strerror if isinstance(error, OSError) else None) or str(error)).lower()


def write_together(folder: Path | str, contents: Mapping[str, bytes]) -> list[Path]:
    """Write several files to a folder, all or none: whatever ends the process leaves the old or the new.

    Parameters
    ----------
    folder : Path or str
        Created if it is missing.
    contents : mapping of str to bytes
        By name, with ``/`` for folders inside.

    Raises
    ------
    StandardsNetError
        A file cannot be written; then none is, and no folder is left behind.
    """
    folder = Path(folder)
    created = _missing_of(folder)
    alone = len(contents) == 1
    try:
        with _report_os_errors(folder / next(iter(contents)) if alone else folder):
            _sweep(folder.parent)
            _sweep(folder)
            for name in contents:
                with _report_os_errors(folder / name):
                    if os.path.isdir(folder / name):
                        raise IsADirectoryError(errno.EISDIR, "a folder of that name already exists")
                    if os.path.exists(folder / name) and not os.path.isfile(folder / name):
                        raise OSError(errno.EINVAL, "it is a pipe or a device, not a file")
            # One rename is at once by itself.
            if (alone and folder.is_dir()) or not _exchanged(folder, contents):
                folder.mkdir(parents=True, exist_ok=True)
                _renamed(folder, contents)
    except BaseException:
        for one in reversed(created):
            with suppress(OSError):
                one.rmdir()
        raise
    return [folder / name for name in contents]


def write_bytes(path: Path | str, content: bytes) -> Path:
    """Write one file atomically (:func:`write_together`)."""
    path = Path(path)
    # A link stays, and what it leads to is written.
    place = Path(os.path.realpath(path)) if os.path.islink(path) else path
    with _report_os_errors(path):
        if os.path.islink(place):
            raise OSError(errno.ELOOP, os.strerror(errno.ELOOP))
    write_together(place.parent, {place.name: content})
    return path


def write_text(path: Path | str, text: str) -> Path:
    """Write UTF-8 text atomically, with Unix line endings (:func:`write_bytes`)."""
    return write_bytes(path, text.encode("utf-8"))


# -- the two ways -------------------------------------------------------------------------------


def _exchanged(folder: Path, contents: Mapping[str, bytes]) -> bool:
    """Stage a whole new folder and put it in place at once; False if that is not possible here."""
    place = folder.resolve()
    is_new = not os.path.exists(place)
    others = [] if is_new else _others(place, contents)
    if others is None:
        return False
    place.parent.mkdir(parents=True, exist_ok=True)
    try:
        stage = _stage(place.parent)
    except OSError:  # of the parent: the folder itself may be writable
        return False
    try:
        _fill(stage, contents)
        if is_new:
            stage.chmod(0o777 & ~_umask())
            stage.rename(place)
        elif _owner(stage) != _owner(place):  # somebody else's, or a group's
            return False
        else:
            _link_others(place, stage, others)
            _exchange(stage, place)
        _to_disk(place.parent)
    except (PermissionError, NotImplementedError):  # of the parent, or to link others' files
        return False
    except OSError as error:
        if error.errno not in (errno.ENOSYS, errno.EINVAL, errno.EXDEV, errno.EBUSY, errno.EOPNOTSUPP):
            raise
        return False
    finally:
        _remove(stage)
    return True


def _owner(folder: Path) -> tuple[int, int]:
    found = folder.stat()
    return found.st_uid, found.st_gid


def _link_others(place: Path, stage: Path, others: list[str]) -> None:
    """Link files of a folder into the new one; folders keep their permissions and times."""
    for name in others:
        (stage / name).parent.mkdir(parents=True, exist_ok=True)
        os.link(place / name, stage / name, follow_symlinks=False)
    for folder in [stage, *(path for path in stage.rglob("*") if path.is_dir())]:
        before = place / folder.relative_to(stage)
        if before.is_dir():
            shutil.copystat(before, folder)


def _exchange(one: Path, other: Path) -> None:
    """Exchange the names of two folders at once; OSError where the system cannot."""
    call = getattr(ctypes.CDLL(None, use_errno=True), "renameat2", None) if sys.platform == "linux" else None
    if call is None:
        raise OSError(errno.ENOSYS, os.strerror(errno.ENOSYS))
    if call(_HERE, os.fsencode(one), _HERE, os.fsencode(other), _EXCHANGE) != 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))


def _umask() -> int:
    mask = os.umask(0o022)
    os.umask(mask)
    return mask


def _others(place: Path, contents: Mapping[str, bytes]) -> list[str] | None:
    """Files that are in the folder beside ours; None if it cannot be exchanged."""
    here = Path.cwd()
    if os.path.ismount(place) or place == here or place in here.parents:
        return None
    found: list[str] = []
    for path in place.rglob("*"):
        if path.is_dir():
            # Links to folders and empty folders would not come along.
            if path.is_symlink() or not any(path.iterdir()):
                return None
            continue
        found.append(path.relative_to(place).as_posix())
        if len(found) > _MOST_OTHERS:
            return None
    return [name for name in found if name not in contents]


def _renamed(folder: Path, contents: Mapping[str, bytes]) -> None:
    """Stage files in the folder and rename them one after another, with signals held back."""
    stage = _stage(folder)
    try:
        _fill(stage, contents)
        with _signals_held_back():
            for name in contents:
                with _report_os_errors(folder / name):
                    (folder / name).parent.mkdir(parents=True, exist_ok=True)
                    (stage / name).replace(folder / name)
        _to_disk(folder)
    finally:
        _remove(stage)


def _stage(parent: Path) -> Path:
    return Path(tempfile.mkdtemp(dir=parent, prefix=f"{_STAGE}-{_HOST}-{os.getpid()}-"))


def _remove(stage: Path) -> None:
    with _signals_held_back():
        shutil.rmtree(stage, ignore_errors=True)


def _fill(stage: Path, contents: Mapping[str, bytes]) -> None:
    for name, content in contents.items():
        path = stage / name
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        path.chmod(0o666 & ~_umask())


def _sweep(folder: Path) -> None:
    """Remove what processes of this machine have staged that ended before they could remove it."""
    for path in folder.glob(f"{_STAGE}-{_HOST}-*") if folder.is_dir() else ():
        process = path.name.split("-")[3]
        if process.isdecimal() and not _is_alive(int(process)):
            shutil.rmtree(path, ignore_errors=True)


def _is_alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except (OSError, OverflowError):
        return True
    return True


def _missing_of(folder: Path) -> list[Path]:
    """The folder and those above it that do not exist yet, the outermost first."""
    found: list[Path] = []
    while not os.path.lexists(folder):
        found.insert(0, folder)
        folder = folder.parent
    return found


def _to_disk(folder: Path) -> None:
    """Let the names in a folder reach the disk, where the system can say so."""
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


@contextmanager
def _signals_held_back() -> Iterator[None]:
    """Hold back signals that end the process for the moment of some renames."""
    if threading.current_thread() is not threading.main_thread() or not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT, signal.SIGTERM, signal.SIGHUP})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


@contextmanager
def _report_os_errors(path: Path) -> Iterator[None]:
    """Turn an ``OSError`` into a ``StandardsNetError`` that gives the reason."""
    try:
        yield
    except (OSError, ValueError) as error:
        if isinstance(error, StandardsNetError):
            raise
        raise StandardsNetError(
            f"{path} cannot be written: {reason_of(error)}; choose another place."
        ) from None
