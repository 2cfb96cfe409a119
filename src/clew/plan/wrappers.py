"""The wrappers of a tree with their twins."""

from clew.detect.twins import Pair
from clew.plan.problem import Problem


def list_pairs(problem: Problem) -> list[Pair]:
    """Return the pairs of which the wrapper stands in scope, by its place; bodies are parsed for that."""
    problem.compute_effects()
    found = (pair for pairs in problem.chances.pairs.values() for pair in pairs)
    return sorted((p for p in found if problem.in_scope(p.path)), key=lambda pair: (pair.path, pair.at))
