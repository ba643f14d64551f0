"""Which parameters move the results, and which turn the study's findings: computed once, shipped."""
