"""How kernels get the named tuples of arrays of `kernels.arrays`: as one address each.

By itself Numba passes a tuple as all that its arrays consist of, which are two hundred values for a
problem and a state. To pass them at every call took most of the time to compile, and made small
kernels too dear to call. So a tuple of a class that is given to `pass_by_address` is written to the
stack once, when Python calls a kernel; there an array's parts are read where they are needed. They
do not change while it is there, and the compiler is told so.

In runs without the compiler nothing is different: kernels get the tuples themselves.
"""

from __future__ import annotations

import polyroute.heuristics.jit.options  # noqa: F401  (which chooses the cache folder before numba is imported)

# isort: split

from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.core.datamodel import models
from numba.core.typing.templates import AttributeTemplate, infer_getattr
from numba.extending import NativeValue, lower_getattr_generic, register_model, typeof_impl, unbox


class Address(types.Type):  # type: ignore[misc]
    """The type of the address of a named tuple of arrays of the type `fields`."""

    def __init__(self, fields: types.NamedTuple) -> None:
        super().__init__(name=f"Address({fields.name})")
        self.fields = fields

    @property
    def key(self) -> types.NamedTuple:
        """What distinguishes it from the types of other addresses."""
        return self.fields

    @property
    def instance_class(self) -> type:
        """The class of the named tuple, by which functions are specialised."""
        return self.fields.instance_class


def pass_by_address(tuple_class: type) -> None:
    """Let kernels get instances of a class of named tuples of arrays by their address."""

    @typeof_impl.register(tuple_class)
    def _typeof(value, context):
        arrays = tuple(typeof_impl(array, context) for array in value)
        return Address(types.NamedTuple(arrays, type(value)))


register_model(Address)(models.OpaqueModel)


@infer_getattr
class _Fields(AttributeTemplate):  # type: ignore[misc]
    key = Address

    def generic_resolve(self, address, name):
        names = address.fields.fields
        return address.fields[names.index(name)] if name in names else None


@unbox(Address)
def _unbox(address, value, c):
    """Write the arrays to the stack of the function that Python calls."""
    native = c.unbox(address.fields, value)
    room = cgutils.alloca_once_value(c.builder, native.value)
    # The arrays' parts are read as what never changes. That holds from here on, so nothing that
    # is known of this memory may be used: it goes through an empty piece of assembly.
    place = c.builder.bitcast(room, cgutils.voidptr_t)
    signature = ir.FunctionType(cgutils.voidptr_t, [cgutils.voidptr_t])
    hidden = c.builder.asm(signature, "", "=r,0,~{memory}", [place], True)
    return NativeValue(hidden, cleanup=native.cleanup, is_error=native.is_error)


@lower_getattr_generic(Address)
def _read(context, builder, address, value, name):
    """Read an array: its parts, one by one, so that those not needed are not read."""
    place = address.fields.fields.index(name)
    struct = context.get_value_type(address.fields)
    room = builder.bitcast(value, struct.as_pointer())
    layout = struct.elements[place]
    array = ir.Constant(layout, ir.Undefined)
    unchanging = builder.module.add_metadata([])
    for part, element in enumerate(layout.elements):
        paths = [[part]]
        if isinstance(element, ir.ArrayType):
            paths = [[part, axis] for axis in range(element.count)]
        for path in paths:
            value = builder.load(cgutils.gep_inbounds(builder, room, 0, place, *path))
            value.set_metadata("invariant.load", unchanging)
            array = builder.insert_value(array, value, path)
    return array
