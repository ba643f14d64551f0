"""How far the edge is: continuation, tipping points, phase diagrams."""
