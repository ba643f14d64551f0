"""Print the newest Python on this machine that is supported and is not the one that runs this."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

_SUPPORTED = ("3.13", "3.12", "3.11")


def main() -> int:
    """Print its path; exit code 1 if there is none."""
    for version in _SUPPORTED:
        if version == f"{sys.version_info.major}.{sys.version_info.minor}":
            continue
        for path in _candidates(version):
            if _runs(path, version):
                print(path)
                return 0
    return 1


def _candidates(version: str) -> list[str]:
    """On the path, or installed by pyenv, whose own commands work for the chosen versions only."""
    root = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv"))
    installed = sorted(root.glob(f"versions/{version}.*/bin/python{version}"), reverse=True)
    found = shutil.which(f"python{version}")
    return [*map(str, installed), *([found] if found else [])]


def _runs(path: str, version: str) -> bool:
    code = "import sys, venv; print('.'.join(map(str, sys.version_info[:2])))"
    done = subprocess.run([path, "-c", code], capture_output=True, text=True, check=False)
    return done.returncode == 0 and done.stdout.strip() == version


if __name__ == "__main__":
    sys.exit(main())
