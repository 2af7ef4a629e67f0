"""VROOM as a baseline.

`solver`: its construction and local search at an exploration level. `model`: a problem as VROOM's
input, in units that fit its 32 bits, and its plan as ours.
"""
