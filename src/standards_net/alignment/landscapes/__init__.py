"""Who would side with whom by propensity alone: landscape theory."""
