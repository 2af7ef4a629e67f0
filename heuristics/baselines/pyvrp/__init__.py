"""PyVRP as a baseline.

`solver`: its iterated local search. `translation`: a problem in PyVRP's terms, and plans to and
fro, made of `numbering` (which number stands for what), `arcs`, `loads` and `data` (its records).
`copies`: a client of ours as several of PyVRP's; `phases`: how their order obeys the rules on
backhauls. `penalties`: what its 64 bits hold. `refusals`: what it takes alone, but not together.
"""
