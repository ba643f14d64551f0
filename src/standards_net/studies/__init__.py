"""Studies: questions put to the model, and answered with intervals."""
