"""All that is compiled: rounds that ruin a solution, recreate it, improve it and keep it or not.

Kernels work on the named tuples of `arrays` and know nothing of `layout` and `search`.

- `cost/`: what arcs, pieces of routes and whole routes cost
- `state`, `links`, `refresh`, `undo_log`, `incumbent`, `touched`: the solution under search
- `savings`, `regret`: first solutions
- `ruin`, `waiting`, `recreate`, `insertion/`: clients are taken out and put back in
- `local_search`, `moves/`, `optional_clients`, `vehicle_change`: what improves a solution
- `anneal`: the rounds themselves; `fleet_minimisation`: rounds that never exceed a limit
- `plan`, `route_groups`, `tables`: what threads hand to each other, and parts of a problem
- `ties`, `disjoint_sets`, `rng`: what several of these need
"""
