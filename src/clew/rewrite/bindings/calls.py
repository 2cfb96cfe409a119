"""``lib.f(x)`` becomes ``lib.f(tstate, x)``."""

import libcst as cst

from clew.rewrite.bindings.elements import insert_element, place_in
from clew.rewrite.bindings.job import Job
from clew.rewrite.bindings.model import Export, Refused
from clew.rewrite.bindings.spelling import spell_argument, spell_type


def pass_state(job: Job, call: cst.Call, export: Export) -> None:
    """Add the state to the arguments of *call*."""
    new = spell_argument(job.resolver, job.settings.argument, call)
    if job.resolver.meaning(call.func).by == "ctypes" and export.name not in job.typed:
        new = _as_pointer(job, new, call)
    add_argument(job, call, new, export.position, f"{export.name} takes the state")


def _as_pointer(job: Job, argument: str, call: cst.Call) -> str:
    """Without argtypes, ctypes would pass an address as an int, cut to 32 bits."""
    cast = spell_type(job, "ctypes.cast", call)
    ctype = spell_type(job, job.settings.ctype, call)
    return f"{cast}({argument}, {ctype})"


def add_argument(job: Job, call: cst.Call, new: str, position: int, note: str) -> None:
    """Add *new* to the positional arguments of *call* at *position*."""
    plain = [arg for arg in call.args if arg.keyword is None and arg.star != "**"]
    if position < 0 and len(plain) < len(call.args):
        raise Refused("python-value", "keywords stand where the state would go")
    if any(isinstance(arg.value, cst.GeneratorExp) and not arg.value.lpar for arg in plain):
        raise Refused("python-value", "the only argument is a generator without parentheses")
    at = place_in([bool(arg.star) for arg in plain], position, "the call")
    spans = [job.file.span(arg) for arg in (plain if position < 0 else call.args)]
    job.edits += insert_element(job.file.source.text, _after_bracket(job, call), spans, at, new, note)


def _after_bracket(job: Job, call: cst.Call) -> int:
    """Return the offset behind the opening parenthesis of *call*."""
    return job.file.source.text.index("(", job.file.span(call.func).end) + 1
