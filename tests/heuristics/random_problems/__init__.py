"""Random small problems, by name of their class: a generator and a number of clients make one.

- `plain`: every class of `Load` and `Timed`
- `rich`: every class of `Rich`, and the lists of all
"""
