/* What clew puts into an instrumented copy of a program: its hooks.

   This file comes before everything else in a source file, so that it must not include a system header: the
   feature macros that the file defines later would come too late.  The C library's functions that it needs
   are declared under names of its own.

   The hooks call through a table that the runtime (clew_runtime.c, a shared library) fills in.  It is loaded
   when the program starts: no link line has to change.  Without it every hook does nothing.

   CLEW_LIBRARY, the path of the shared library, is defined by clew above this text. */

#ifndef CLEW_RUNTIME_H
#define CLEW_RUNTIME_H

#if defined(__GNUC__)
#pragma GCC system_header /* no warnings for what the project does not own */
#endif

#ifdef __cplusplus
extern "C" {
#endif

struct clew_table {
    /* The parameter of the threaded function NUMBER and what the accessor fetches at its entry. */
    void (*check)(unsigned number, const void *passed, const void *fetched, const void *caller);
    /* A threaded function in which the accessor cannot be evaluated. */
    void (*enter)(unsigned number);
    /* A fetch is executed; aborts below clew_push(). */
    void (*fetch)(unsigned site);
    /* A fetch that the plan leaves is executed; counted below clew_push() alone. */
    void (*left)(unsigned site);
    /* From here on, this thread must not fetch. */
    void (*push)(unsigned number);
    void (*pop)(void);
    /* The variable that is used at the place NUMBER and what the accessor fetches there. */
    void (*use)(unsigned number, const void *used, const void *fetched, const void *caller);
    /* Fetches until check() or use() are made by the hook itself, and do not count. */
    void (*quiet)(void);
};

#define CLEW_TEXT_(x) #x
#define CLEW_TEXT(x) CLEW_TEXT_(x)
#define CLEW_SYMBOL(name) __asm__(CLEW_TEXT(__USER_LABEL_PREFIX__) name)
#define CLEW_SHARED __attribute__((__weak__, __visibility__("hidden")))

extern void *clew_dlopen(const char *, int) CLEW_SYMBOL("dlopen");
extern void *clew_dlsym(void *, const char *) CLEW_SYMBOL("dlsym");

/* One for all files of a program or library. */
extern const struct clew_table *clew_table CLEW_SHARED;
const struct clew_table *clew_table CLEW_SHARED = 0;

CLEW_SHARED void clew_no_check(unsigned number, const void *passed, const void *fetched, const void *caller);
CLEW_SHARED void clew_no_number(unsigned number);
CLEW_SHARED void clew_no_pop(void);
CLEW_SHARED void clew_load(void) __attribute__((__constructor__));
CLEW_SHARED int clew_check(unsigned number, const void *passed, const void *fetched, const void *caller);
CLEW_SHARED int clew_use(unsigned number, const void *used, const void *fetched, const void *caller);
CLEW_SHARED void clew_quiet(void);
CLEW_SHARED int clew_enter(unsigned number);
CLEW_SHARED int clew_fetch(unsigned site);
CLEW_SHARED int clew_left(unsigned site);
CLEW_SHARED int clew_push(unsigned number);
CLEW_SHARED void clew_pop(int *unused);

CLEW_SHARED void clew_no_check(unsigned number, const void *passed, const void *fetched, const void *caller)
{
    (void)number, (void)passed, (void)fetched, (void)caller;
}

CLEW_SHARED void clew_no_number(unsigned number)
{
    (void)number;
}

CLEW_SHARED void clew_no_pop(void)
{
}

CLEW_SHARED void clew_load(void)
{
    static const struct clew_table none = {
        clew_no_check, clew_no_number, clew_no_number, clew_no_number, clew_no_number, clew_no_pop,
        clew_no_check, clew_no_pop
    };
    void *library, *table;

    if (clew_table)
        return;
    library = clew_dlopen(CLEW_LIBRARY, 2 /* RTLD_NOW */);
    table = library ? clew_dlsym(library, "clew_runtime_table") : 0;
    clew_table = table ? (const struct clew_table *)table : &none;
}

/* A function that runs before the constructor finds no table yet. */
#define CLEW_TABLE (clew_table ? clew_table : (clew_load(), clew_table))

CLEW_SHARED int clew_check(unsigned number, const void *passed, const void *fetched, const void *caller)
{
    CLEW_TABLE->check(number, passed, fetched, caller);
    return 0;
}

CLEW_SHARED int clew_use(unsigned number, const void *used, const void *fetched, const void *caller)
{
    CLEW_TABLE->use(number, used, fetched, caller);
    return 0;
}

CLEW_SHARED void clew_quiet(void)
{
    CLEW_TABLE->quiet();
}

CLEW_SHARED int clew_enter(unsigned number)
{
    CLEW_TABLE->enter(number);
    return 0;
}

CLEW_SHARED int clew_fetch(unsigned site)
{
    CLEW_TABLE->fetch(site);
    return 0;
}

CLEW_SHARED int clew_left(unsigned site)
{
    CLEW_TABLE->left(site);
    return 0;
}

CLEW_SHARED int clew_push(unsigned number)
{
    CLEW_TABLE->push(number);
    return 0;
}

CLEW_SHARED void clew_pop(int *unused)
{
    (void)unused;
    CLEW_TABLE->pop();
}

#ifdef __cplusplus
}
#endif

/* Declarations, so that declarations may follow in C90. */
#define CLEW_CHECK(number, passed, fetched)                                                     \
    int clew_here_ __attribute__((__unused__)) = (clew_quiet(), clew_check(                     \
        number, (const void *)(passed), (const void *)(fetched), __builtin_return_address(0)));
#define CLEW_ENTER(number) int clew_here_ __attribute__((__unused__)) = clew_enter(number);
#define CLEW_GUARD(number) \
    int clew_guard_ __attribute__((__unused__, __cleanup__(clew_pop))) = clew_push(number);
/* A variable where a fetch was, as an expression; and where a local with a fetch was, as a declaration or an
   expression: other declarations may follow. */
#define CLEW_USED(number, used, fetched)                                                        \
    (clew_quiet(), clew_use(                                                                    \
        number, (const void *)(used), (const void *)(fetched), __builtin_return_address(0)))
#define CLEW_USE(number, used, fetched) (CLEW_USED(number, used, fetched), used)
#define CLEW_HERE(number, used, fetched) \
    int clew_here_##number __attribute__((__unused__)) = CLEW_USED(number, used, fetched);
#define CLEW_SEEN(number, used, fetched) ((void)CLEW_USED(number, used, fetched))
/* Accessors that are calls, and those that are variables and may be assigned. */
#define CLEW_FETCH(site, accessor) (clew_fetch(site), accessor)
#define CLEW_FETCH_FROM(site, accessor) (*(clew_fetch(site), &(accessor)))
#define CLEW_LEFT(site, accessor) (clew_left(site), accessor)
#define CLEW_LEFT_FROM(site, accessor) (*(clew_left(site), &(accessor)))

#endif
