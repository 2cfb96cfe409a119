"""Exact edits on exact text.  This stage knows no C."""
