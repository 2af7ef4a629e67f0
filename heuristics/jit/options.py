"""How kernels are compiled: one place for the options and for the cache folder.

Numba's cache looks only at the file of the function that is called, so a change in a callee in
another file would go unseen. The cache folder is therefore keyed by a hash of all that kernels are
made of (`jit.sources`). It is set only when the user did not choose one and numba is not yet
imported.
"""

from __future__ import annotations

import hashlib
import os
import sys
import tempfile
from collections.abc import Callable
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import TypeVar

from polyroute.heuristics.jit.sources import PACKAGE, kernel_sources

CALLABLE = "POLYROUTE_CALLABLE_KERNELS"
"""Set in the environment: kernels that only kernels call can be called from Python, too."""

Function = TypeVar("Function", bound=Callable[..., object])


def source_hash(package: Path = PACKAGE) -> str:
    """Hash of what kernels are made of, and of what they are compiled with and how: hexadecimal.

    Numba asks for its own version too, but the marks of `ready_mark` do not.
    """
    digest = hashlib.sha1(sys.version.encode(), usedforsecurity=False)
    for text in (version("numba"), os.environ.get(CALLABLE, "")):
        digest.update(text.encode() + b"\0")
    for path in kernel_sources(package):
        digest.update(path.relative_to(package).as_posix().encode() + b"\0")
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


@cache
def _hash_of_these() -> str:
    return source_hash()


def _choose_cache_folder() -> None:
    if "NUMBA_CACHE_DIR" in os.environ or "numba" in sys.modules:
        return
    root = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "polyroute"
    folder = root / _hash_of_these()
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:  # a read-only home: compile into a folder that lives as long as the process
        folder = Path(tempfile.mkdtemp(prefix="polyroute-"))
    os.environ["NUMBA_CACHE_DIR"] = str(folder)


def ready_mark(name: str) -> Path:
    """The file that says that these sources' specialisation `name` lies compiled in the cache."""
    folder = os.environ.get("NUMBA_CACHE_DIR", PACKAGE / "heuristics" / "__pycache__")
    return Path(folder, f"{name}-{_hash_of_these()}.ready")


_choose_cache_folder()

from numba import config, njit, types  # noqa: E402  (the cache folder is read on import)
from numba.extending import overload  # noqa: E402

from polyroute.heuristics.jit.blas import put_off_blas  # noqa: E402
from polyroute.heuristics.jit.fragments import FragmentCompiler  # noqa: E402

IS_COMPILED = not config.DISABLE_JIT
"""Whether kernels are compiled, and not run as plain Python."""

if IS_COMPILED:
    put_off_blas()

# Without Numba's reference counting: a tuple of arrays is otherwise counted up and down at each
# access, which made the search ten times slower. In return no kernel may allocate an array.
_OPTIONS = {"nogil": True, "error_model": "numpy", "_nrt": False}

# What only kernels call has no place in the cache, no wrapper for Python or C, and no machine code:
# each takes about as long as to compile it. Tests ask for all of it.
_INNER = (
    {**_OPTIONS, "cache": True}
    if CALLABLE in os.environ
    else {
        **_OPTIONS,
        "no_cpython_wrapper": True,
        "no_cfunc_wrapper": True,
        "pipeline_class": FragmentCompiler,
    }
)
# Numba gives these no wrapper for Python by itself.
_CHOSEN = {name: value for name, value in _INNER.items() if name != "cache"}


def kernel(function: Function) -> Function:
    """Compile a function that is called from Python."""
    return _for_any_value(njit(cache=True, **_OPTIONS)(function))


def inner(function: Function) -> Function:
    """Compile a function that only kernels call."""
    return _for_any_value(njit(**_INNER)(function))


def inline(function: Function) -> Function:
    """Compile a function that only kernels call and that is always inlined: the small ones."""
    return _for_any_value(njit(forceinline=True, **_INNER)(function))


def _for_any_value(function: Function) -> Function:
    """Have a function compiled once for all numbers of a type, and not anew for each constant.

    Numba takes a constant in a call for a type of its own. What there is to gain by knowing it
    LLVM finds where it puts the function in, but to compile some functions three times took a
    fifth of the time to compile the local search.
    """
    if IS_COMPILED:
        template_for = function.get_call_template  # type: ignore[attr-defined]

        def get_call_template(args, kws):
            plain = {name: types.unliteral(kind) for name, kind in kws.items()}
            return template_for(tuple(types.unliteral(kind) for kind in args), plain)

        function.get_call_template = get_call_template  # type: ignore[attr-defined]
    return function


def specialise(stub: Function) -> Callable[[Function], Function]:
    """Register the compiled choice of a function by the types of its arguments.

    `stub` is plain Python and makes the same choice at run time, for runs without the compiler.
    """
    return overload(stub, jit_options={"forceinline": True, **_CHOSEN})


def dispatch(stub: Function) -> Callable[[Function], Function]:
    """As `specialise`, but the chosen functions are large and not inlined.

    They are plain Python themselves: to choose what is compiled already would compile it again.
    """
    return overload(stub, jit_options=_CHOSEN)
