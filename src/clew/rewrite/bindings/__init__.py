"""Python that calls the program through ctypes or cffi follows its functions.

Comes in: the texts of Python files, and the exported functions that gain the parameter.  Goes out: edits of
those texts, and a refusal for every mention that is not understood.  The steps:

1. parse each file with libcst, whose types do not leave this package (`pyfile`);
2. find what is the library, by following variables to their assignments (`resolve`);
3. go through every mention of a changed function (`mentions`): its types (`argtypes`, `prototypes`), its
   declarations (`cdef`, which are C and edited as C), its calls (`calls`).

Only what an edit names changes, so that comments and formatting stay.  Nothing is decided by a name alone: an
attribute of something that may not be the library is refused, and so are strings that name a function.
"""
