"""Other people's solvers behind our own interface, to compare with; one class each, `…Solver`.

`hgs`, `lkh`, `ortools/`, `pyvrp/`, `vroom/`: a solver each, named in `vrp.api.SOLVERS`.
What they share: `request` (what a user may ask of one, and whether it is installed), `refusals`
(what none has a word for), `fleet` (which vehicles to hand over), `magnitudes` (numbers that they
can hold), and `watch` (stopping a run and noting its improvements).
"""
