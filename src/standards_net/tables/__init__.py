"""Tables: the data dictionary, and reading that complains in whole sentences."""

from standards_net.tables.read import Tables, check_folder, inspect_folder, read_tables

__all__ = ["Tables", "check_folder", "inspect_folder", "read_tables"]
