"""Scripts that generate files of the repository."""
