"""All Python files of a run together."""

from collections.abc import Iterable, Mapping

from clew.config.settings import Bindings
from clew.rewrite.bindings.argtypes import typed_functions
from clew.rewrite.bindings.cdef import declared_words
from clew.rewrite.bindings.job import Job
from clew.rewrite.bindings.mentions import change_file
from clew.rewrite.bindings.model import BindingChanges, BindingRefusal, Export, in_order
from clew.rewrite.bindings.pyfile import PythonFile, parse_file
from clew.rewrite.bindings.resolve import Project
from clew.rewrite.bindings.spelling import extend_imports
from clew.text.edit import order_edits
from clew.text.source import SourceText


def rewrite_bindings(
    sources: Mapping[str, SourceText], exports: Iterable[Export], settings: Bindings, columns: int
) -> BindingChanges:
    """Return the edits that let the Python files *sources* call *exports* with the state; C declarations that
    become longer than *columns* are wrapped."""
    by_name = {export.name: export for export in exports}
    if not by_name:
        return BindingChanges({})
    parsed = {path: parse_file(source) for path, source in sorted(sources.items())}
    refusals = [found for found in parsed.values() if isinstance(found, BindingRefusal)]
    files = {path: found for path, found in parsed.items() if isinstance(found, PythonFile)}
    project = Project(files)
    jobs = [Job(project.resolver(path), by_name, settings, columns) for path in files]
    declared = frozenset(word for job in jobs for word in declared_words(job))
    typed = frozenset(name for job in jobs for name in typed_functions(job))
    for job in jobs:
        job.declared, job.typed = declared, typed
        change_file(job)
        extend_imports(job)
        refusals += job.refusals
    edits = {job.file.path: order_edits(job.edits) for job in jobs if job.edits}
    return BindingChanges(edits, in_order(refusals))
