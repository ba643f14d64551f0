"""How much memory can still be had."""

from __future__ import annotations

import os
from pathlib import Path

__all__ = ["available_bytes"]

_GROUP = Path("/sys/fs/cgroup")


def available_bytes() -> int | None:
    """Memory that can still be had, as far as the system tells: of the machine and of its control group."""
    found = []
    try:
        lines = Path("/proc/meminfo").read_text(encoding="ascii").splitlines()
        found += [1024 * int(line.split()[1]) for line in lines if line.startswith("MemAvailable:")]
    except (OSError, ValueError, IndexError):
        if hasattr(os, "sysconf") and "SC_PHYS_PAGES" in os.sysconf_names:
            found.append(os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE"))
    try:
        names = ("memory.max", "memory.current")
        limit, used = ((_GROUP / name).read_text(encoding="ascii") for name in names)
        # What is used holds files that were read and can be dropped.
        lines = (_GROUP / "memory.stat").read_text(encoding="ascii").splitlines()
        about = {name: int(size) for name, size in map(str.split, lines)}
        found.append(int(limit) - int(used) + about.get("inactive_file", 0) + about.get("active_file", 0))
    except (OSError, ValueError):
        pass  # no limit, or no such group
    return max(min(found), 0) if found else None
