"""What functions outside the tree do with memory, by ISO C, POSIX and GNU C."""

from clew.scan.lexis import words_of

# these leave what their arguments point to as it is, and keep nothing
READING = words_of(
    "printf fprintf sprintf snprintf vprintf vfprintf vsnprintf puts fputs fwrite memcmp strcmp strncmp "
    "strcasecmp strncasecmp strlen assert sizeof typeof __typeof__ offsetof va_start va_end __builtin_expect"
)
# these return memory that nobody had before
FRESH = words_of("malloc calloc aligned_alloc memalign valloc alloca strdup strndup __builtin_alloca")
