"""Decisions become edits."""
