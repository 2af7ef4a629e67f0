"""OR-Tools' routing library as a baseline.

`solver`: the greedy start and guided local search. `model`: a problem in OR-Tools' terms, made of
`routing` (nodes, vehicles, tables), `costs`, `rules` and `time_dimension`. `refusals`: what has an
exact translation alone, but not together.
"""
