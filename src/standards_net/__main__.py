"""``python -m standards_net`` is ``standards-net``."""

from standards_net.cli import main

if __name__ == "__main__":
    main()
