"""The command line: the only part that catches errors and talks to the user.

Exit codes: 0 clean, 1 findings, 2 wrong usage or bad input, 3 a bug of clew.
"""
