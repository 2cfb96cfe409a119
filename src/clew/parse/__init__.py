"""One function at a time, from tokens to control flow.  pycparser ends here."""
