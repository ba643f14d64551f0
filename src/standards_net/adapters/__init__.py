"""The model as other programs call it: each module is for one of them, and is imported when it is used."""

from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING

__all__ = ["bmi", "dask", "ema", "salib"]

if TYPE_CHECKING:
    import standards_net.adapters.bmi as bmi
    import standards_net.adapters.dask as dask
    import standards_net.adapters.ema as ema
    import standards_net.adapters.salib as salib
else:

    def __getattr__(name: str) -> ModuleType:
        if name in __all__:
            return import_module(f"{__name__}.{name}")
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
