"""Bytes to masked text, directives, functions, prototypes and macros, in every ``#if`` branch."""

from clew.scan.calls import find_calls, find_mentions, identifiers, mask_macro_body
from clew.scan.scanner import scan_source

__all__ = ["find_calls", "find_mentions", "identifiers", "mask_macro_body", "scan_source"]
