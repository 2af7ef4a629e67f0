"""Compile what only kernels call as a fragment, which the kernel alone makes machine code.

Numba optimises every function together with all that it calls and makes it machine code, on each
level of calls anew, which for what only kernels call is work for nothing. A fragment is left as
it was lowered; the kernel that it is linked into is optimised as a whole, once.

Builds on Numba's `CompilerBase` and on two private steps of its code libraries. Should these be
named otherwise some day, fragments are compiled in full, and nothing but time is lost.
"""

from __future__ import annotations

from numba.core.codegen import JITCodeLibrary
from numba.core.compiler import CompilerBase, DefaultPassBuilder
from numba.core.compiler_machinery import AnalysisPass, register_pass
from numba.core.typed_passes import AnnotateTypes


class FragmentCompiler(CompilerBase):  # type: ignore[misc]
    """Numba's compiler, but that it leaves its output as a fragment."""

    def define_pipelines(self):
        passes = DefaultPassBuilder.define_nopython_pipeline(self.state)
        passes.add_pass_after(_ChooseFragment, AnnotateTypes)  # the last before code is generated
        passes.finalize()
        return [passes]


@register_pass(mutates_CFG=False, analysis_only=True)
class _ChooseFragment(AnalysisPass):  # type: ignore[misc]
    """Has the code generated into a fragment."""

    _name = "choose_fragment"

    def __init__(self):
        AnalysisPass.__init__(self)

    def run_pass(self, state):
        state.library = _Fragment(state.targetctx.codegen(), state.func_id.func_qualname)
        return False


class _Fragment(JITCodeLibrary):  # type: ignore[misc]
    """Code to be linked, that is never machine code and so has no address."""

    @property
    def codegen(self):
        return _Nowhere()

    def get_pointer_to_function(self, name):
        self._ensure_finalized()
        return 0

    def _optimize_final_module(self):
        pass

    def _finalize_final_module(self):
        self._finalize_dynamic_globals()
        self._finalized = True


class _Nowhere:
    """Stands for the code generator where Numba would tell a function its Python environment."""

    def set_env(self, name, environment):
        pass
