"""States that were found by looking at a tree, as text for its ``clew.toml``: the first is described, the
others wait in comments for a person who knows better."""

from collections.abc import Sequence

from clew.config.schema import to_toml
from clew.text.record import record

_HEAD = """
# No shipped profile knows this tree. These are the global variables and accessors that most functions use;
# the first is described below. Check that it is the state that you mean, or take another one, and delete the
# rest.
"""
_ASSIGNED = "# Whatever assigns it is found in the sources."
_OBJECT = "# A global object: `{0}.member` becomes a member of the parameter, `&{0}` the parameter."
_CALL = '# Add what makes another one current, such as: changers = ["session_switch"]'


@record()
class StateDraft:
    """One state: *accessor* fetches it, as a *kind* "variable", "object" or "call".  *evidence* is one line
    about where it was seen, *header* what declares the type."""

    accessor: str
    kind: str
    type: str
    names: tuple[str, ...]
    evidence: str
    header: str = ""

    @property
    def name(self) -> str:
        """What ``--state`` calls it."""
        return self.accessor.removesuffix("()")

    def render(self) -> str:
        """Return the ``[[state]]`` table."""
        notes = {"variable": _ASSIGNED, "object": _OBJECT.format(self.name), "call": _CALL}
        lines = [
            f"# {self.evidence}",
            "[[state]]",
            f"name = {to_toml(self.name)}",
            f"type = {to_toml(self.type)}",
            "# of the parameter, best first",
            f"names = {to_toml(self.names or ('state',))}",
            notes[self.kind],
            f"accessors = [{self._accessor()}]",
        ]
        if self.header:
            lines += [
                "# For files that see no declaration of the type; without it their functions are left alone.",
                f"# header = {to_toml(self.header)}",
            ]
        return "\n".join(lines) + "\n"

    def _accessor(self) -> str:
        spelling = f"spelling = {to_toml(self.accessor)}"
        marks = {"variable": ", assigned = true", "object": ", object = true", "call": ""}
        return f"{{ {spelling}{marks[self.kind]} }}"


def render_drafts(drafts: Sequence[StateDraft]) -> str:
    """Return the text for *drafts*, best first."""
    first, *others = drafts
    pieces = [_HEAD, "\n", first.render()]
    for draft in others:
        text = "".join(f"# {line}".rstrip() + "\n" for line in draft.render().splitlines())
        pieces += ["\n", text]
    return "".join(pieces)
