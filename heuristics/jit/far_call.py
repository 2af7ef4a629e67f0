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
from numba.core import cgutils
from numba.extending import intrinsic


def compile_for(kernel: Callable[..., object], *arguments: object) -> None:
    """Compile `kernel` for arguments such as these, or load it; nothing without the compiler."""
    if IS_COMPILED:
        kernel.compile(tuple(typeof(argument) for argument in arguments))  # type: ignore[attr-defined]


def address_of(kernel: Callable[..., object], *arguments: object) -> int:
    """Where `kernel` is, compiled for arguments such as these; 0 in runs without the compiler."""
    if not IS_COMPILED:
        return 0
    compile_for(kernel, *arguments)
    found = kernel.overloads[tuple(typeof(argument) for argument in arguments)]  # type: ignore[attr-defined]
    return int(found.library.get_pointer_to_function(found.fndesc.llvm_func_name))


RESULTS = {0: types.none, 1: types.float64}
"""What a kernel returns that has so many figures; others return a tuple of them."""


def far_call(figures: int = 0) -> Callable[..., object]:
    """What calls a kernel, given its address and the tuple of its arguments.

    The kernel returns so many `figures`: nothing, a number, or a tuple of numbers.
    """
    result = RESULTS.get(figures, types.UniTuple(types.float64, figures))

    @intrinsic
    def jump(typing_context, address, arguments):
        kinds = tuple(types.unliteral(kind) for kind in arguments.types)

        def generate(context, builder, signature, values):
            function = context.call_conv.get_function_type(result, kinds)
            callee = builder.inttoptr(values[0], function.as_pointer())
            given = [
                context.cast(builder, value, *pair)
                for value, *pair in zip(
                    cgutils.unpack_tuple(builder, values[1]), arguments.types, kinds, strict=True
                )
            ]
            _, returned = context.call_conv.call_function(builder, callee, result, kinds, given)
            return returned

        return result(types.int64, arguments), generate

    return jump
