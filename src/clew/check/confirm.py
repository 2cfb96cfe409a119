"""Is the name of a global variable really read at a place?  Only a parse can tell.

The function is parsed with what its file includes, and nothing else of the tree.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from clew.check.facts import FetchFact
from clew.check.model import Verdict
from clew.check.view import View
from clew.config.settings import Settings
from clew.detect.scopes import ScopeIndex
from clew.link.includes import resolve_target
from clew.parse.flow import AddressOp, Flow, Op, ReadOp, WriteOp
from clew.parse.front import FunctionParser
from clew.scan import scan_source
from clew.scan.facts import FileFacts
from clew.text.source import SourceText


@dataclass(slots=True)
class _Opened:
    """A file with all that it includes."""

    sources: dict[str, SourceText] = field(default_factory=dict)
    facts: dict[str, FileFacts] = field(default_factory=dict)


class Confirmer:
    """Parses functions of *view* on demand."""

    def __init__(self, view: View, settings: Settings) -> None:
        self._view, self._settings = view, settings
        self._scanned: dict[str, tuple[SourceText, FileFacts]] = {}
        self._parsers: dict[str, FunctionParser] = {}
        self._opened: dict[str, _Opened] = {}

    def confirm(self, path: str, fetch: FetchFact) -> Verdict:
        """Tell whether *fetch* in *path* is a use of the state, and not of a local with its name, an
        assignment to it, or the taking of its address."""
        parser = self._parser(path)
        _, facts = self._scanned[path]
        around = [function for function in facts.functions if fetch.offset in function.body]
        if not around:
            return "fetch"  # in the body of a macro
        flows = [variant.flow for variant in parser.parse(path, around[0]).variants]
        verdicts = {_judge(flow, fetch) for flow in flows if flow is not None}
        if "fetch" in verdicts:
            return "fetch"
        return "no-fetch" if verdicts == {"no-fetch"} else "unknown"

    def files_behind(self, path: str) -> Iterable[str]:
        """Return the files that what was said of *path* depends on, itself included."""
        return self._opened[path].facts

    def _parser(self, path: str) -> FunctionParser:
        if path not in self._parsers:
            opened = self._opened[path] = self._open(path)
            noreturn = {name for state in self._settings.states for name in state.noreturn}
            self._parsers[path] = FunctionParser(opened.facts, opened.sources, self._settings.types, noreturn)
        return self._parsers[path]

    def _open(self, path: str) -> _Opened:
        """Scan *path* and everything that it includes, layer by layer: the view reads many files at once."""
        opened = _Opened()
        layer = [path]
        while layer:
            missing = [one for one in layer if one not in self._scanned]
            for name, source in self._view.read(missing).items():
                self._scanned[name] = (source, scan_source(source))
            found: dict[str, None] = {}
            for one in layer:
                source, facts = self._scanned[one]
                opened.sources[one], opened.facts[one] = source, facts
                for include in facts.includes:
                    found |= dict.fromkeys(resolve_target(one, include.target, self._by_name))
            layer = [one for one in found if one not in opened.facts]
        return opened

    @cached_property
    def _by_name(self) -> Mapping[str, list[str]]:
        names: dict[str, list[str]] = defaultdict(list)
        for path in self._view.ids:
            names[path.rsplit("/", 1)[-1]].append(path)
        return names


def _judge(flow: Flow, fetch: FetchFact) -> Verdict:
    if not any(fetch.offset in span for span in flow.live):
        return "unknown"  # in another branch of an #if
    name = fetch.accessor
    if ScopeIndex(flow).resolve(name, fetch.offset) is not None:
        return "no-fetch"
    ops = [op for node in flow.nodes for op in node.ops if _stands_at(op, fetch.offset)]
    if any(isinstance(op, WriteOp) and not op.member for op in ops):
        return "no-fetch"
    reads = [op for op in ops if isinstance(op, ReadOp | AddressOp | WriteOp)]
    if not reads:
        return "no-fetch"  # a label, a tag, the operand of sizeof: nothing is executed
    only_address = fetch.kind == "variable" and all(isinstance(op, AddressOp) for op in reads)
    return "no-fetch" if only_address else "fetch"


def _stands_at(op: Op, offset: int) -> bool:
    return op.origin.span.start == offset and (not op.origin.macros or op.origin.in_argument)
