"""A library is loaded before and after, and both do the same work: do they do the same?

Comes in: two libraries, each with the Python that calls it, and a workload, a program that drives the library
and prints what it observes as lines of JSON.  Goes out: verdicts.  The steps:

1. the workload runs in a child process for each library, so that a crash is a verdict (`child`);
2. what was observed is compared, and the first difference shown, with the least case that has it (`compare`);
3. several threads do it at once, several times;
4. the accessor aborts: what still works (`probes`)?
"""
