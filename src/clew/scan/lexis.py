r"""The few facts of C's lexis that scanning rests on.

Text is Latin-1, one character a byte, so every byte from 0x80 on may be part of an identifier written
in UTF-8.  Patterns use explicit ranges instead of ``\w``: they compile to a bitmap, and Python's idea
of a letter or of white space is not C's.
"""

import re

WORD_START = r"[A-Za-z_$\x80-\xff]"
WORD_PART = r"[A-Za-z0-9_$\x80-\xff]"
WORD = rf"{WORD_START}{WORD_PART}*+"
# The first character is tested before the lookbehind, so that the search can skip to it quickly; the
# lookbehind then rejects the inside of a longer word at once (without it a long word costs its square).
WORD_HERE = rf"{WORD_START}(?<!{WORD_PART}{WORD_PART}){WORD_PART}*+"
SPACE = r"[ \t\n\r\f\v]"
BLANKS = " \t\n\r\f\v"
SPLICE = r"\\[ \t]*+\r?\n"  # compilers accept blanks between the backslash and the line's end

IDENTIFIER = re.compile(WORD_HERE)


def words_of(text: str) -> frozenset[str]:
    """Return the words of *text*, which blanks separate."""
    return frozenset(text.split())


TYPE_WORDS = words_of(
    "void char short int long float double signed unsigned bool _Bool _Complex _Imaginary "
    "__signed__ __signed __complex__ __int64 __int128 _Decimal32 _Decimal64 _Decimal128 _BitInt "
    "typeof typeof_unqual __typeof__ __typeof _Atomic"
)
TAG_WORDS = frozenset(("struct", "union", "enum"))
# Words of a declaration that say nothing about its type.
STORAGE_WORDS = words_of(
    "static extern inline __inline __inline__ register auto typedef constexpr const volatile restrict "
    "__const __const__ __volatile __volatile__ __restrict __restrict__ _Noreturn noreturn _Thread_local "
    "thread_local __thread __extension__"
)
INLINE_WORDS = frozenset(("inline", "__inline", "__inline__"))
# Words that take a parenthesis and say something about the declaration they stand in.
ATTRIBUTE_WORDS = words_of("__attribute__ __attribute __declspec _Alignas alignas asm __asm __asm__")
STATEMENT_WORDS = words_of(
    "if else for while do switch case default return goto break continue _Static_assert static_assert"
)
# Words that are no function's name even before a parenthesis.
NEVER_CALLED = (
    TYPE_WORDS
    | TAG_WORDS
    | STORAGE_WORDS
    | ATTRIBUTE_WORDS
    | STATEMENT_WORDS
    | words_of("sizeof _Alignof alignof __alignof__ __alignof _Generic defined __label__ volatile")
)
