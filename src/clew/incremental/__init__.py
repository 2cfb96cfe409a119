"""Earlier results that still hold: a change that cannot matter only moves their places.

A plan takes seconds, an edit of one function comes every minute.  Beside each result its *snapshot* is kept:
what was asked about the bodies of functions, and every file cut into functions and what stands between.  When
files have changed since, and all that changed are functions that mention nothing that was asked, the result
is the old one with its places moved; in any other case it is computed anew.
"""
