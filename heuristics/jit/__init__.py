"""How Python functions become kernels: machine code that is compiled once and kept in a cache.

- `options`: the decorators (`kernel`, `inner`, `inline` …) and the cache folder
- `blas`: Numba does not import SciPy for what no kernel calls
- `sources`: the files that kernels are made of, whose hash names that folder
- `by_address`: problem and state go to a kernel as an address each, not as two hundred values
- `far_call`: a kernel calls a large one by its address, so that each is compiled once
- `two_processes`: a second process compiles half of the kernels
- `fragments`: what only kernels call is left for the kernel that it is linked into

Builds on Numba alone: this room knows nothing of routes.
"""
