"""How much memory can still be had, and whether what is asked for fits into it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from standards_net.errors import StandardsNetError

__all__ = ["available_bytes", "check_fits"]

_GROUPS = Path("/sys/fs/cgroup")
_OWN_GROUPS = Path("/proc/self/cgroup")
_GIB = 2.0**30
# Of each version of control groups: limit, use, and that part of it that is files read: these are dropped.
_FILES_OF = {
    "": ("memory.max", "memory.current", ("inactive_file", "active_file")),
    "memory": (
        "memory.limit_in_bytes", "memory.usage_in_bytes", ("total_inactive_file", "total_active_file"),
    ),
}  # fmt: skip


def check_fits(
    of: str, draws: int, by_draw: float, fixed: float = 0.0, *, instead: str = "Ask for fewer draws."
) -> None:
    """Raise if draws need more memory than is free.

    Parameters
    ----------
    of : str
        What they are draws of: "2 scenarios".
    draws : int
    by_draw, fixed : float
        Bytes of each draw, and of what is needed whatever their number.
    instead : str
        What else can be done.

    Raises
    ------
    StandardsNetError
        With the number of draws that would fit.

    Examples
    --------
    >>> check_fits("a course", 10, 1_000.0)
    >>> check_fits("a course", 10**9, 1e9)  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    standards_net.errors.StandardsNetError: 1,000,000,000 draws of a course need some 931,322,575 GiB, and ...
    """
    free, needed = available_bytes(), fixed + by_draw * draws
    if free is None or needed <= free:
        return
    fit = max(int((free - fixed) / by_draw), 0)
    raise StandardsNetError(
        f"{draws:,} draws of {of} need some {needed / _GIB:,.0f} GiB, and {free / _GIB:,.1f} GiB are free; "
        f"{fit:,} draws would fit. {instead}"
    )


def available_bytes() -> int | None:
    """Memory that can still be had, as far as the system tells.

    That of the machine, of the control groups of this process, and of its limit on addresses (``ulimit -v``).
    """
    found = [size for size in (_of_machine(), _of_addresses(), *_of_groups()) if size is not None]
    return max(min(found), 0) if found else None


def _of_machine() -> int | None:
    try:
        lines = Path("/proc/meminfo").read_text(encoding="ascii").splitlines()
        return next(1024 * int(line.split()[1]) for line in lines if line.startswith("MemAvailable:"))
    except (OSError, ValueError, IndexError, StopIteration):
        if hasattr(os, "sysconf") and "SC_PHYS_PAGES" in os.sysconf_names:
            return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
        return None


def _of_addresses() -> int | None:
    """What the limit on this process's addresses leaves."""
    try:
        import resource

        limit, _ = resource.getrlimit(resource.RLIMIT_AS)
        if limit == resource.RLIM_INFINITY:
            return None
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
    except (ImportError, OSError, ValueError, IndexError):
        return None
    return limit - pages * os.sysconf("SC_PAGE_SIZE")


def _of_groups() -> Iterator[int]:
    """What each control group above this process leaves."""
    try:
        lines = _OWN_GROUPS.read_text(encoding="utf-8").splitlines()
    except (OSError, ValueError):
        lines = []
    # Inside a container the group's own files may stand at the root, whatever the path says.
    for line in dict.fromkeys((*lines, "0::/", "0:memory:/")):
        _, _, rest = line.partition(":")
        controllers, _, path = rest.partition(":")
        kind = "memory" if "memory" in controllers.split(",") else ""
        if controllers and not kind:
            continue
        own = _GROUPS / kind / path.strip("/")
        for folder in (own, *own.parents):
            left = _left_in_group(folder, *_FILES_OF[kind])
            if left is not None:
                yield left
            if folder == _GROUPS / kind:
                break


def _left_in_group(folder: Path, limit: str, used: str, caches: tuple[str, ...]) -> int | None:
    try:
        most, now = ((folder / name).read_text(encoding="ascii") for name in (limit, used))
        lines = (folder / "memory.stat").read_text(encoding="ascii").splitlines()
        about = {name: int(size) for name, size in map(str.split, lines)}
        # What is used holds files that were read and can be dropped.
        return int(most) - int(now) + sum(about.get(name, 0) for name in caches)
    except (OSError, ValueError):
        return None  # no limit, or no such group
