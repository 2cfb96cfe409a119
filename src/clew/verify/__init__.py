"""Compile, run, compare.  The only user of subprocess."""
