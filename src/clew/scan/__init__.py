"""Bytes to masked text, directives, functions, prototypes and macros, in every ``#if`` branch."""

from clew.scan.calls import called_names, find_calls, find_mentions, identifiers
from clew.scan.scanner import scan_source

__all__ = ["called_names", "find_calls", "find_mentions", "identifiers", "scan_source"]
