/* The runtime of an instrumented program: counts and compares, and keeps the results in a report file.

   Each process has a report file of its own, CLEW_REPORTS/process-N, and works in it through a shared
   mapping: nothing has to be written at the end, so that the results survive exit, _exit, exec, abort and
   signals alike.  The file of a process that has ended is taken over by a later one, which adds to it; there
   are as many files as processes ran at a time.  A forked child takes another file; one that was made
   without fork handlers (vfork) goes on in that of its parent, which is safe, since everything is added
   atomically.

   Defined by clew on the command line: CLEW_REPORTS (the folder, unless the environment variable of that
   name says another), CLEW_FUNCTIONS, CLEW_SITES and CLEW_USES (how many there are). */

#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#define RECORDS 64
#define MODULE_BYTES 320
#define STATES 4096 /* told apart per process; a power of two */
#define FILES 65536

typedef _Atomic uint64_t counter;

/* A mismatch, or a fetch where none was allowed.  `clew.verify.reports` reads this layout. */
struct record {
    uint64_t kind; /* 0: free, 1: mismatch at an entry, 2: fetch in a poisoned thread, 3: mismatch at a use */
    uint64_t number; /* of the function, of the site, or of the use */
    uint64_t process, thread;
    uint64_t passed, fetched; /* kind 2: the number of the function that was entered, 0 */
    uint64_t offset; /* of the caller in its module */
    char module[MODULE_BYTES];
};

struct report {
    char magic[8];
    counter owner;
    uint64_t functions, sites, uses;
    counter processes, threads, most_threads, states, most_states, records;
    counter entered[CLEW_FUNCTIONS + 1], mismatched[CLEW_FUNCTIONS + 1], fetched[CLEW_SITES + 1];
    counter used[CLEW_USES + 1], differed[CLEW_USES + 1];
    struct record record[RECORDS];
};

static const char magic[8] = "CLEWRPT2";
static struct report nowhere; /* where results go when no file can be made */
static struct report *_Atomic report = &nowhere;

/* Of this process: */
static _Atomic uint64_t process; /* its number, which tells threads that they are in a forked child */
static counter threads_here, states_here;
static _Atomic uintptr_t states_seen[STATES];
/* Of this thread: */
static _Thread_local uint64_t counted_in;
static _Thread_local uintptr_t last_state;
static _Thread_local unsigned poisoned_by, poison_depth;
static _Thread_local unsigned quiet_depth; /* a signal may come in between, and its handler use hooks */

static void add(counter *to, uint64_t value)
{
    atomic_fetch_add_explicit(to, value, memory_order_relaxed);
}

static void raise_to(counter *most, uint64_t value)
{
    uint64_t known = atomic_load(most);
    while (known < value && !atomic_compare_exchange_weak(most, &known, value))
        ;
}

/* ---- report files: only system calls, since a forked child may call nothing else ---------------------- */

static char *append(char *to, const char *text)
{
    while (*text)
        *to++ = *text++;
    *to = 0;
    return to;
}

static char *append_number(char *to, unsigned value)
{
    char digits[16];
    int count = 0;

    do
        digits[count++] = (char)('0' + value % 10);
    while ((value /= 10) != 0);
    while (count)
        *to++ = digits[--count];
    *to = 0;
    return to;
}

static struct report *map_file(const char *path)
{
    void *mapped = MAP_FAILED;
    int file = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0666);

    if (file < 0)
        return NULL;
    (void)fchmod(file, 0666); /* a test may change its user */
    if (ftruncate(file, sizeof(struct report)) == 0)
        mapped = mmap(NULL, sizeof(struct report), PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    close(file); /* programs count their files, and close those that they do not know */
    return mapped == MAP_FAILED ? NULL : mapped;
}

static int take(struct report *candidate)
{
    uint64_t owner = atomic_load(&candidate->owner);

    if (owner != 0 && !(kill((pid_t)owner, 0) != 0 && errno == ESRCH))
        return 0;
    return atomic_compare_exchange_strong(&candidate->owner, &owner, (uint64_t)getpid());
}

static void open_report(void)
{
    char path[4096];
    const char *folder = getenv("CLEW_REPORTS");
    char *end;
    unsigned number;
    int saved = errno;

    if (!folder || strlen(folder) > sizeof path - 64)
        folder = CLEW_REPORTS;
    end = append(append(path, folder), "/process-");
    report = &nowhere;
    for (number = 0; number < FILES; number++) {
        struct report *candidate;

        append_number(end, number);
        candidate = map_file(path);
        if (!candidate)
            break;
        if (take(candidate)) {
            memcpy(candidate->magic, magic, sizeof magic);
            candidate->functions = CLEW_FUNCTIONS;
            candidate->sites = CLEW_SITES;
            candidate->uses = CLEW_USES;
            add(&candidate->processes, 1);
            report = candidate;
            break;
        }
        munmap(candidate, sizeof *candidate);
    }
    errno = saved;
}

static void begin_process(void)
{
    unsigned i;

    process++;
    threads_here = 0;
    states_here = 0;
    for (i = 0; i < STATES; i++)
        states_seen[i] = 0;
    open_report();
}

/* The child has a copy of the parent's memory, but for the mapping, which both share. */
static void after_fork(void)
{
    if (report != &nowhere)
        munmap(report, sizeof *report);
    begin_process();
}

__attribute__((constructor)) static void start(void)
{
    begin_process();
    pthread_atfork(NULL, NULL, after_fork);
}

__attribute__((destructor)) static void stop(void)
{
    struct report *mine = report;

    if (mine->owner == (uint64_t)getpid())
        mine->owner = 0;
}

/* ---- hooks -------------------------------------------------------------------------------------------- */

static void count_thread(struct report *into)
{
    uint64_t here;

    if (counted_in == process)
        return;
    counted_in = process;
    last_state = 0;
    here = atomic_fetch_add(&threads_here, 1) + 1;
    add(&into->threads, 1);
    raise_to(&into->most_threads, here);
}

static void count_state(struct report *into, uintptr_t state)
{
    unsigned at, tries;

    if (state == last_state || state == 0)
        return;
    last_state = state;
    at = (unsigned)((state >> 4) * 2654435761u);
    for (tries = 0; tries < STATES; tries++, at++) {
        _Atomic uintptr_t *slot = &states_seen[at % STATES];
        uintptr_t free = 0;

        if (*slot == state)
            return;
        if (*slot == 0 && atomic_compare_exchange_strong(slot, &free, state)) {
            uint64_t here = atomic_fetch_add(&states_here, 1) + 1;

            add(&into->states, 1);
            raise_to(&into->most_states, here);
            return;
        }
        if (*slot == state)
            return;
    }
}

static void note(struct report *into, uint64_t kind, uint64_t number, const void *passed,
                 const void *fetched, const void *caller)
{
    uint64_t at = atomic_fetch_add(&into->records, 1);
    struct record *record;
    Dl_info found;
    char path[PATH_MAX];

    if (at >= RECORDS)
        return;
    record = &into->record[at];
    record->number = number;
    record->process = (uint64_t)getpid();
    record->thread = (uint64_t)(uintptr_t)pthread_self();
    record->passed = (uint64_t)(uintptr_t)passed;
    record->fetched = (uint64_t)(uintptr_t)fetched;
    if (caller && dladdr(caller, &found) && found.dli_fname) {
        record->offset = (uint64_t)((const char *)caller - (const char *)found.dli_fbase);
        /* The program itself is named as it was called. */
        strncpy(record->module, realpath(found.dli_fname, path) ? path : found.dli_fname, MODULE_BYTES - 1);
    }
    record->kind = kind; /* last: what is half written does not count */
}

static void check(unsigned number, const void *passed, const void *fetched, const void *caller)
{
    struct report *into = report;

    quiet_depth--;
    count_thread(into);
    count_state(into, (uintptr_t)passed);
    add(&into->entered[number], 1);
    if (passed != fetched) {
        add(&into->mismatched[number], 1);
        note(into, 1, number, passed, fetched, caller);
    }
}

static void enter(unsigned number)
{
    struct report *into = report;

    count_thread(into);
    add(&into->entered[number], 1);
}

static void use(unsigned number, const void *used, const void *fetched, const void *caller)
{
    struct report *into = report;

    quiet_depth--;
    count_thread(into);
    add(&into->used[number], 1);
    if (used != fetched) {
        add(&into->differed[number], 1);
        note(into, 3, number, used, fetched, caller);
    }
}

static void quiet(void)
{
    quiet_depth++;
}

static void fetch(unsigned site)
{
    struct report *into = report;

    if (quiet_depth)
        return;
    add(&into->fetched[site], 1);
    if (poison_depth) {
        note(into, 2, site, (const void *)(uintptr_t)poisoned_by, NULL, NULL);
        abort();
    }
}

static void left(unsigned site)
{
    if (poison_depth)
        add(&report->fetched[site], 1);
}

static void push(unsigned number)
{
    enter(number);
    if (poison_depth++ == 0)
        poisoned_by = number;
}

static void pop(void)
{
    poison_depth--;
}

/* As declared in clew_runtime.h. */
struct clew_table {
    void (*check)(unsigned, const void *, const void *, const void *);
    void (*enter)(unsigned);
    void (*fetch)(unsigned);
    void (*left)(unsigned);
    void (*push)(unsigned);
    void (*pop)(void);
    void (*use)(unsigned, const void *, const void *, const void *);
    void (*quiet)(void);
};

extern const struct clew_table clew_runtime_table;
const struct clew_table clew_runtime_table = { check, enter, fetch, left, push, pop, use, quiet };
