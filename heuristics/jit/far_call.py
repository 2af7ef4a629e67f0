"""Calls of a kernel by its address, so that it is compiled once and not into each of its callers.

A caller is optimised together with all that it calls, and whoever calls it again. For a large
kernel that is called from deep within, that would be most of the time to compile. Its address is
data: code that is cached holds none.
"""

from __future__ import annotations

from collections.abc import Callable

from polyroute.heuristics.jit.options import (
    IS_COMPILED,  # before numba: it chooses the cache folder
)

# isort: split

from numba import typeof, types
from numba.extending import intrinsic

FIGURES = 4
"""Figures that such a kernel returns."""


def address_of(kernel: Callable[..., object], *arguments: object) -> int:
    """Where `kernel` is, compiled for arguments such as these; 0 in runs without the compiler."""
    if not IS_COMPILED:
        return 0
    signature = tuple(typeof(argument) for argument in arguments)
    kernel.compile(signature)  # type: ignore[attr-defined]
    found = kernel.overloads[signature]  # type: ignore[attr-defined]
    return int(found.library.get_pointer_to_function(found.fndesc.llvm_func_name))


@intrinsic
def jump(typing_context, address, p, s, k, n, limit):
    """Call the kernel at `address`; it takes two tuples and three numbers and returns figures."""
    result = types.UniTuple(types.float64, FIGURES)
    signature = result(types.int64, p, s, types.int64, types.int64, types.float64)

    def generate(context, builder, signature, arguments):
        function = context.call_conv.get_function_type(result, signature.args[1:])
        callee = builder.inttoptr(arguments[0], function.as_pointer())
        _, figures = context.call_conv.call_function(
            builder, callee, result, signature.args[1:], arguments[1:]
        )
        return figures

    return signature, generate
