"""Moves of the local search. Each describes the new routes as pieces and knows no attribute.

A move has a `…_delta`, the change of the penalised cost given what the length changes by, and
an `apply_…`, which saves, relinks and refreshes the routes.
"""
