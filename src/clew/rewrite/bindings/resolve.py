"""What is this expression?  Variables are followed to their assignments, scopes as Python has them.

Only what is certain counts: a variable is the library if everything that is assigned to it is (``None``, as a
placeholder, apart); a parameter if its annotation says so, or if every call in the file passes it.
"""

from collections.abc import Iterable, Mapping

import libcst as cst
from libcst.metadata import Assignment, BaseAssignment, ImportAssignment, QualifiedNameSource

from clew.rewrite.bindings.classes import class_attribute, own_class
from clew.rewrite.bindings.meaning import (
    CFFI,
    CTYPES,
    FFI,
    FFIS,
    LIBRARIES,
    LOADERS,
    NONE,
    PROTOTYPES,
    UNKNOWN,
    Meaning,
    combine,
)
from clew.rewrite.bindings.modules import Target, cffi_modules, find_module, import_target, star_imports
from clew.rewrite.bindings.parameters import passed_values, returned_values
from clew.rewrite.bindings.pyfile import PythonFile
from clew.rewrite.bindings.targets import assigned_value


class Project:
    """The Python files that are rewritten together."""

    def __init__(self, files: Mapping[str, PythonFile]) -> None:
        self.files = files
        self.cffi_modules = cffi_modules(files)
        self._resolvers: dict[str, Resolver] = {}
        self.open: list[cst.CSTNode] = []  # expressions whose meaning is being looked for
        self.has_assumed = False

    def resolver(self, path: str) -> "Resolver":
        """Return the resolver for the file at *path*."""
        if path not in self._resolvers:
            self._resolvers[path] = Resolver(self, self.files[path])
        return self._resolvers[path]


class Resolver:
    """Finds what the expressions of one file are."""

    def __init__(self, project: Project, file: PythonFile) -> None:
        self.project, self.file = project, file
        self._known: dict[cst.CSTNode, Meaning] = {}
        self.stars = star_imports(file)

    def meaning(self, node: cst.CSTNode | None) -> Meaning:
        """Return what the expression *node* is.

        A variable that is made of itself (``lib = lib or load()``) is what else it is made of.  What was
        found under that assumption holds for the outermost expression alone, and is not remembered.
        """
        if node is None:
            return UNKNOWN
        if node in self._known:
            return self._known[node]
        project = self.project
        if any(one is node for one in project.open):
            project.has_assumed = True
            return NONE
        project.open.append(node)
        found = self._find(node)
        project.open.pop()
        if not project.open or not project.has_assumed:
            self._known[node] = found
        if not project.open:
            project.has_assumed = False
        return found

    def qualified(self, node: cst.CSTNode) -> str:
        """Return the dotted name that *node* has in the module it was imported from, or ""."""
        scope = self.file.scope(node)
        root = node
        while isinstance(root, cst.Attribute):
            root = root.value
        if scope is None or not isinstance(root, cst.Name):
            return ""
        names = list(scope.get_qualified_names_for(node))
        if len(names) == 1 and names[0].source is QualifiedNameSource.IMPORT:
            return names[0].name
        if len(self.stars) == 1 and not scope[root.value]:
            return f"{self.stars[0][0]}.{self.file.module.code_for_node(node)}"
        return ""

    def _find(self, node: cst.CSTNode) -> Meaning:
        match node:
            case cst.Name(value="None"):
                return NONE
            case cst.Name() | cst.Attribute() if self._is_loaded_by_name(node):
                return CTYPES
            case cst.Name():
                return self._of_name(node)
            case cst.Attribute():
                return self._of_attribute(node)
            case cst.Call():
                return self._of_call(node)
            case cst.FunctionDef():
                return Meaning("def", node.name.value, node, self.file.path)
            case cst.ClassDef():
                return Meaning("class", node.name.value, node, self.file.path)
            case _:
                return self._of_operation(node)

    def _of_operation(self, node: cst.CSTNode) -> Meaning:
        match node:
            case cst.Subscript():
                return CTYPES if self.qualified(node.value) in LOADERS else UNKNOWN
            case cst.NamedExpr():
                return self.meaning(node.value)
            case cst.IfExp():
                return combine([self.meaning(node.body), self.meaning(node.orelse)])
            case cst.BooleanOperation():
                return combine([self.meaning(node.left), self.meaning(node.right)])
            case _:
                return UNKNOWN

    def _is_loaded_by_name(self, node: cst.CSTNode) -> bool:
        """``ctypes.cdll.name`` loads, and ``ctypes.pythonapi`` is there from the start."""
        name = self.qualified(node)
        folder, _, last = name.rpartition(".")
        return name == "ctypes.pythonapi" or (folder in LOADERS and last != "LoadLibrary")

    def _of_name(self, node: cst.Name) -> Meaning:
        scope = self.file.scope(node)
        assignments = scope[node.value] if scope is not None else set()
        return self._of_assignments(assignments) if assignments else self._of_star(node.value)

    def _of_star(self, name: str) -> Meaning:
        found = [
            self.project.resolver(path).exported(name)
            for module, level in self.stars
            if (path := find_module(self.project.files, self.file.path, module, level)) is not None
        ]
        return combine(found)

    def _of_assignments(self, assignments: Iterable[BaseAssignment]) -> Meaning:
        return combine([self._of_assignment(assignment) for assignment in assignments])

    def _of_assignment(self, assignment: BaseAssignment) -> Meaning:
        if isinstance(assignment, ImportAssignment):
            return self._of_import(import_target(assignment))
        match assignment:
            case Assignment(node=cst.FunctionDef() | cst.ClassDef() as node):
                return self.meaning(node)
            case Assignment(node=cst.Param() as param):
                return self._of_parameter(param)
            case Assignment(node=node):
                value = assigned_value(self.file, node)
                return NONE if value == "nothing" else self.meaning(value)
        return UNKNOWN

    def _of_import(self, target: Target | None) -> Meaning:
        if target is None:
            return UNKNOWN
        if target.is_cffi or target.module in self.project.cffi_modules:
            return _of_cffi(target.name)
        files, here = self.project.files, self.file.path
        below = f"{target.module}.{target.name}".strip(".")
        path = find_module(files, here, below, target.level) if target.name else None
        if path is None:
            path = find_module(files, here, target.module, target.level)
        elif path != here:
            return Meaning("module", path)
        if path is None or path == here:
            return UNKNOWN
        return self.project.resolver(path).exported(target.name) if target.name else Meaning("module", path)

    def exported(self, name: str) -> Meaning:
        """Return what the file's own variable *name* is."""
        scope = self.file.scope(self.file.module)
        assignments = scope[name] if scope is not None else set()
        return self._of_assignments(assignments)

    def _of_parameter(self, param: cst.Param) -> Meaning:
        own = own_class(self.file, param)
        if own is not None:
            return Meaning("instance", own.name.value, own, self.file.path)
        if param.annotation is not None:
            annotation = param.annotation.annotation
            found = self.qualified(annotation) in LIBRARIES
            return CTYPES if found else _instance(self.meaning(annotation))
        return combine([self.meaning(value) for value in passed_values(self.file, param)])

    def _of_attribute(self, node: cst.Attribute) -> Meaning:
        value, attr = self.meaning(node.value), node.attr.value
        match value:
            case Meaning(kind="library"):
                return Meaning("function", attr, by=value.by)
            case Meaning(kind="module"):
                return self.project.resolver(value.name).exported(attr)
            case Meaning(kind="cffi-module"):
                return _of_cffi(attr)
            case Meaning(kind="instance" | "class", node=cst.ClassDef() as owner):
                return self.project.resolver(value.path).attribute(owner, attr)
        return UNKNOWN

    def attribute(self, owner: cst.ClassDef, attr: str) -> Meaning:
        """Return what the attribute *attr* of the class *owner*, or of its instances, is."""
        values = class_attribute(self.file, owner, attr)
        if values:
            return combine([self.meaning(value) for value in values])
        for base in owner.bases:
            if self.qualified(base.value) in LIBRARIES:
                return Meaning("function", attr, by="ctypes")
            meaning = self.meaning(base.value)
            if meaning.kind == "class" and isinstance(meaning.node, cst.ClassDef):
                return self.project.resolver(meaning.path).attribute(meaning.node, attr)
        return UNKNOWN

    def _of_call(self, node: cst.Call) -> Meaning:
        name = self.qualified(node.func)
        if name in LIBRARIES:
            return CTYPES
        if name in PROTOTYPES:
            return Meaning("prototype", "", node, self.file.path)
        if name in FFIS:
            return FFI
        match node.func:
            case cst.Attribute(value=base, attr=cst.Name(value="dlopen" | "verify")):
                return CFFI if self.meaning(base) == FFI else UNKNOWN
        called = self.meaning(node.func)
        match called:
            case Meaning(kind="prototype"):
                return self._of_prototype(node)
            case Meaning(kind="def", node=cst.FunctionDef() as function):
                return self.project.resolver(called.path).returned(function)
        return _instance(called)

    def _of_prototype(self, node: cst.Call) -> Meaning:
        """``PROTO(("name", lib))`` is a function of the library."""
        match node.args:
            case [cst.Arg(value=cst.Tuple(elements=[name, lib])), *_] if self.meaning(lib.value) == CTYPES:
                if isinstance(name.value, cst.SimpleString):
                    return Meaning("function", text_of(name.value), by="prototype")
        return UNKNOWN

    def returned(self, function: cst.FunctionDef) -> Meaning:
        """Return what every ``return`` of *function* returns."""
        return combine([self.meaning(value) for value in returned_values(self.file, function)])

    def is_visible(self, name: str, at: cst.CSTNode) -> bool:
        """Tell whether the variable *name* can be used at *at*."""
        scope = self.file.scope(at)
        return scope is not None and bool(scope[name])


def text_of(node: cst.SimpleString | cst.ConcatenatedString) -> str:
    """Return the text of a literal, "" for one that is made at run time."""
    value = node.evaluated_value
    return value.decode("latin-1") if isinstance(value, bytes) else value or ""


def _of_cffi(name: str) -> Meaning:
    return {"": Meaning("cffi-module"), "lib": CFFI, "ffi": FFI}.get(name, UNKNOWN)


def _instance(meaning: Meaning) -> Meaning:
    if meaning.kind != "class":
        return UNKNOWN
    return Meaning("instance", meaning.name, meaning.node, meaning.path)
