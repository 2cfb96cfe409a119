"""clew threads explicit state through C.  The public API lives in :mod:`clew.api`."""

__version__ = "0.1.0"
