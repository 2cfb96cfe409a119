"""Where macros are used."""

import re

from clew.link.program import MacroDefinition
from clew.plan.problem import Problem


def is_used_in_functions(problem: Problem, used_macro: MacroDefinition) -> bool:
    """Tell whether the macro is used, and only in functions that clew parsed and may edit (directly, or
    through other macros of which the same holds).  Files that never see it may use its name for something
    else."""
    seen, todo, used = {used_macro.name}, [(used_macro.name, used_macro.path)], False
    while todo:
        name, home = todo.pop()
        pattern = re.compile(rf"\b{name}\b")
        for path in problem.program.paths_with(name):
            if not problem.program.includes.share_unit(home, path):
                continue
            for match in pattern.finditer(problem.program.facts[path].masked):
                user = problem.program.enclosing(path, match.start())
                if user is None or match.start() not in user.function.body:
                    return False
                if not problem.in_scope(path) or not problem.body(user).parsed.parsed:
                    return False
                if problem.stringifying.around(path, match.start()):
                    return False
                used = True
            for macro in problem.program.macros_by_path.get(path, ()):
                raw = macro.macro.body.of(problem.program.sources[path].text)
                if macro.name not in seen and name in raw and pattern.search(problem.program.body_of(macro)):
                    seen.add(macro.name)
                    todo.append((macro.name, macro.path))
    return used
