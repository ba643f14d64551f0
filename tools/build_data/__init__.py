"""Build the project's tables from raw ones: ``python -m tools.build_data --raw FOLDER``."""
