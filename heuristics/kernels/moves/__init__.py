"""Moves of the local search. Each describes the new routes as pieces and knows no attribute.

A move has a `…_delta`, the change of the penalised cost given what the length changes by; an
`apply_…`, which saves, relinks and refreshes the routes; and a `try_…` or `…_pay`, which asks for
the delta only where the arcs and a bound of the rest (`relief`) leave a chance of a gain.

- `relocate`: a chain of visits goes into another gap, or onto a route of its own
- `swap`: two chains trade places
- `two_opt`: a stretch of a route is driven the other way
- `two_opt_star`: two routes exchange their ends, as they are or turned round
"""
