"""The Carnegie study of 2019: sixteen arguments, each an experiment that runs."""

from standards_net.studies.carnegie_2019.study import Written, run_study

__all__ = ["Written", "run_study"]
