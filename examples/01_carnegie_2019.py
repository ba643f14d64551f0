"""The Carnegie study of 2019: sixteen arguments, each put to the model as an experiment.

    python examples/01_carnegie_2019.py [--draws 512] [--out results]

Writes report.html (open it in any browser, no network needed), network.html, findings.csv, figures and
tables. The logic is in ``standards_net.studies.carnegie_2019``.
"""

import sys

from standards_net.cli import main

if __name__ == "__main__":
    sys.argv = ["standards-net", "study", *sys.argv[1:]]
    main()
