"""Static charts: figures, diagrams."""
