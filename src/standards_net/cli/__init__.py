"""The command ``standards-net``: a thin shell over the package."""

from __future__ import annotations

import gc
import sys

__all__ = ["main"]


def main() -> None:
    """Run the command line; a user's mistake ends in one sentence and exit code 2."""
    # Imports make many objects that live on; collecting in between takes a tenth of a short command.
    gc.set_threshold(100_000, 50, 50)
    from standards_net.cli.app import app
    from standards_net.errors import StandardsNetError

    try:
        app()
    except StandardsNetError as error:
        for complaint in error.complaints:
            print(f"standards-net: {complaint}", file=sys.stderr)
        sys.exit(2)
    except KeyboardInterrupt:
        print("standards-net: stopped; nothing was written.", file=sys.stderr)
        sys.exit(130)
    except BrokenPipeError:
        # The reader of our output (head, less) has seen enough.
        sys.stderr.close()
        sys.exit(0)
