"""The model as other programs call it: each module is for one of them, and is imported when it is used."""

from importlib import import_module
from types import ModuleType

__all__ = ["bmi", "dask", "ema", "salib"]


def __getattr__(name: str) -> ModuleType:
    if name in __all__:
        return import_module(f"{__name__}.{name}")
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
