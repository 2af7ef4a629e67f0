"""The layout: a problem in the arrays that kernels work on, and their plans as solutions again.

- `layout` is the front of the room; `facts` holds what is decided once for a problem.
- `curve` orders the clients, `neighbours` lists who is near, `vehicle_kinds` groups vehicle types.
- `plain` fills `Load` and `Timed`, `rich` fills `Rich`; `labelled` adds what labelling needs.
- `lengths`, `weights`, `least_costs`, `worst_case` and `pins` are what these are made of.
- `plans` turns plans around; `stopovers` says where vehicles reload and take their breaks.
- `subproblem` cuts a part out of the arrays.

It imports from `kernels`, never from `search`.
"""
