"""The search: `solver` reads from the top, the rest is what it calls.

- Before: `supported` refuses, `params` are given, `prepare` makes the arrays and a first plan.
- During: `clock` says when to stop, `run` keeps the best; `fleet` sees to the vehicles, then
  `whole` anneals with a `team`, or `decompose` by parts that share no client. `polish` is the end.
- A `worker` anneals in slices (`pace`) under a `setting`; `steering` moves its prices, `filling`
  puts plans into its state; `squeeze` is a worker that leaves clients out.
- Plans: `costed` has them with their figures, `crossover` takes the best of two.
- `scale` says what is much for a problem, `vehicles` how many there are and are needed.
"""
