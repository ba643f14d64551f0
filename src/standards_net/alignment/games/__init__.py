"""Who gains by which choice: pay-offs, equilibria, agreements, pivotal countries."""
