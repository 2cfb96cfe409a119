"""Names that the C language, its compilers and system headers provide.

These tables describe the world outside every tree; nothing in them belongs to a project.
"""

# What a compiler accepts before a declarator and pycparser does not, and the names that the Windows
# headers define for them.
_CALLING = """__cdecl _cdecl __stdcall __fastcall __thiscall __vectorcall __pascal __ptr32 __ptr64 __unaligned
WINAPI CALLBACK APIENTRY WINAPIV"""
CALLING_CONVENTIONS = frozenset(_CALLING.split())

# Microsoft's source annotations, each with or without arguments.
_SAL = """In_ In_opt_ In_z_ In_opt_z_ In_reads_ In_reads_opt_ In_reads_bytes_ In_reads_bytes_opt_ In_reads_z_
Out_ Out_opt_ Out_writes_ Out_writes_opt_ Out_writes_z_ Out_writes_bytes_ Out_writes_to_ Out_writes_to_opt_
Inout_ Inout_opt_ Inout_updates_ Outptr_ Outptr_opt_ Outptr_result_maybenull_ Ret_maybenull_ Ret_notnull_
Ret_z_ Check_return_ Must_inspect_result_ Success_ Printf_format_string_ Reserved_ Null_terminated_
Use_decl_annotations_ Frees_ptr_ Frees_ptr_opt_ Post_invalid_ Pre_maybenull_ Analysis_assume_"""
SOURCE_ANNOTATIONS = frozenset("_" + name for name in _SAL.split())

# Other spellings of keywords, each as the C keyword that pycparser reads in its place.
KEYWORD_SPELLINGS = {
    "__inline": "inline",
    "__inline__": "inline",
    "__forceinline": "inline",
    "__const": "const",
    "__const__": "const",
    "__volatile": "volatile",
    "__volatile__": "volatile",
    "__restrict": "restrict",
    "__restrict__": "restrict",
    "__signed": "signed",
    "__signed__": "signed",
    "__complex__": "_Complex",
    "__thread": "_Thread_local",
    "__typeof": "typeof",
    "__typeof__": "typeof",
    "__auto_type": "auto",
    "__builtin_offsetof": "offsetof",
    # sizeof takes a type or an expression, as GNU's alignof does; pycparser's takes a type only.
    "_Alignof": "sizeof",
    "alignof": "sizeof",
    "__alignof": "sizeof",
    "__alignof__": "sizeof",
    "__int8": "char",
    "__int16": "short",
    "__int32": "int",
    "__int64": "long",
    "__float128": "double",
    "__float80": "double",
    "_Float16": "double",
    "_Float32": "double",
    "_Float64": "double",
    "_Float128": "double",
}

_STANDARD_C = """size_t ssize_t ptrdiff_t max_align_t nullptr_t wchar_t wint_t wctype_t wctrans_t char8_t
char16_t char32_t FILE fpos_t time_t clock_t va_list jmp_buf sig_atomic_t div_t ldiv_t lldiv_t mbstate_t
fenv_t intptr_t uintptr_t intmax_t uintmax_t rsize_t errno_t once_flag thrd_t tss_t mtx_t cnd_t
int8_t int16_t int32_t int64_t uint8_t uint16_t uint32_t uint64_t
int_least8_t int_least16_t int_least32_t int_least64_t uint_least8_t uint_least16_t uint_least32_t
uint_least64_t int_fast8_t int_fast16_t int_fast32_t int_fast64_t uint_fast8_t uint_fast16_t
uint_fast32_t uint_fast64_t
atomic_bool atomic_char atomic_int atomic_uint atomic_long atomic_ulong atomic_llong atomic_ullong
atomic_size_t atomic_intptr_t atomic_uintptr_t atomic_intmax_t atomic_uintmax_t atomic_flag memory_order
atomic_int_fast32_t atomic_uint_fast32_t atomic_int_fast64_t atomic_uint_fast64_t"""

_COMPILERS = """__builtin_va_list __gnuc_va_list __int128_t __uint128_t __m128 __m128i __m128d __m256i
__SIZE_TYPE__ __PTRDIFF_TYPE__ __INT32_TYPE__ __UINT32_TYPE__ __INT64_TYPE__ __UINT64_TYPE__
__UINTPTR_TYPE__ __INTPTR_TYPE__ __WCHAR_TYPE__"""

_POSIX = """DIR off_t off64_t loff_t pid_t uid_t gid_t mode_t dev_t ino_t ino64_t nlink_t blkcnt_t blksize_t
id_t key_t clockid_t timer_t suseconds_t useconds_t socklen_t sa_family_t in_addr_t in_port_t u_char
u_short u_int u_long u_int8_t u_int16_t u_int32_t u_int64_t quad_t caddr_t uint ulong ushort
sigset_t sigjmp_buf sighandler_t siginfo_t stack_t ucontext_t mcontext_t fd_set nfds_t rlim_t cpu_set_t
regex_t regmatch_t regoff_t glob_t iconv_t locale_t nl_catd fsblkcnt_t fsfilcnt_t speed_t tcflag_t cc_t
pthread_t pthread_attr_t pthread_mutex_t pthread_mutexattr_t pthread_cond_t pthread_condattr_t
pthread_key_t pthread_once_t pthread_rwlock_t pthread_spinlock_t sem_t mqd_t posix_spawnattr_t
posix_spawn_file_actions_t wordexp_t"""

_WINDOWS = """HANDLE HMODULE HINSTANCE HKEY HWND HDC HRESULT BOOL BOOLEAN BYTE WORD DWORD DWORD64 DWORDLONG
CHAR WCHAR TCHAR SHORT USHORT INT UINT LONG ULONG LONGLONG ULONGLONG UINT32 UINT64 INT64 SIZE_T SSIZE_T
LONG_PTR ULONG_PTR DWORD_PTR UINT_PTR INT_PTR PVOID LPVOID LPCVOID LPSTR LPCSTR LPWSTR LPCWSTR LPTSTR
LPCTSTR PWSTR PCWSTR LPDWORD PDWORD LPBYTE PBYTE LPBOOL NTSTATUS LSTATUS FILETIME SYSTEMTIME
LARGE_INTEGER ULARGE_INTEGER OVERLAPPED SOCKET WSADATA CRITICAL_SECTION CONDITION_VARIABLE SRWLOCK
SECURITY_ATTRIBUTES STARTUPINFO STARTUPINFOA STARTUPINFOW PROCESS_INFORMATION WIN32_FIND_DATA
WIN32_FIND_DATAA WIN32_FIND_DATAW BY_HANDLE_FILE_INFORMATION OSVERSIONINFO OSVERSIONINFOEX COORD
CONSOLE_SCREEN_BUFFER_INFO INPUT_RECORD FARPROC WPARAM LPARAM LRESULT GUID VARIANT"""

STANDARD_TYPES = frozenset(f"{_STANDARD_C} {_COMPILERS} {_POSIX} {_WINDOWS}".split())

# Macros of the standard headers: a definition of one in some header that the file does not include
# (a replacement for another system, a C library kept in the tree) is not the one in force.
_MACROS = """NULL EOF errno stdin stdout stderr assert static_assert offsetof va_start va_arg va_end va_copy
setjmp sigsetjmp bool true false thread_local alignas alignof noreturn
isalnum isalpha isdigit isspace isupper islower isprint ispunct isxdigit iscntrl isgraph
toupper tolower getc putc getchar putchar feof ferror malloc calloc realloc free memcpy memmove memset
memcmp strlen strcmp strcpy strchr printf fprintf"""
STANDARD_MACROS = frozenset(_MACROS.split())

_FUNCTIONS = """abs labs llabs div ldiv atoi atol atoll atof strtol strtoul strtoll strtoull strtod strtof
strtold
strtoimax strtoumax malloc calloc realloc reallocarray free aligned_alloc posix_memalign alloca getenv
setenv unsetenv putenv rand srand random srandom memcpy memmove memset memcmp memchr memrchr memmem
mempcpy explicit_bzero bzero bcopy bcmp strcpy strncpy strlcpy stpcpy stpncpy strcat strncat strlcat
strcmp strncmp strcasecmp strncasecmp strcoll strxfrm strchr strrchr strchrnul strstr strcasestr strspn
strcspn strpbrk strtok strtok_r strsep strlen strnlen strdup strndup strerror strerror_r strsignal index
rindex ffs isalnum isalpha isascii isblank iscntrl isdigit isgraph islower isprint ispunct isspace
isupper isxdigit toascii tolower toupper iswalpha iswdigit iswspace iswupper iswlower iswprint towlower
towupper wcwidth wcslen wcscpy wcsncpy wcscmp wcsncmp wcschr wcsrchr wcscat mbstowcs wcstombs mbtowc
wctomb mbrtowc wcrtomb printf fprintf sprintf snprintf dprintf asprintf vprintf vfprintf vsprintf
vsnprintf vdprintf vasprintf scanf fscanf sscanf puts putc putchar fputs fputc perror gets fgets fgetc
getc getchar ungetc getline getdelim fopen fdopen freopen fclose fflush fread fwrite fseek fseeko ftell
ftello rewind fgetpos fsetpos feof ferror clearerr fileno setbuf setvbuf tmpfile remove rename flockfile
funlockfile open openat creat close read write pread pwrite readv writev lseek fsync fdatasync ftruncate
truncate dup dup2 pipe pipe2 fcntl ioctl stat lstat fstat fstatat access chmod fchmod chown fchown link
symlink readlink unlink rmdir mkdir chdir fchdir getcwd umask utime utimes utimensat isatty ttyname
opendir readdir closedir rewinddir mkstemp mkdtemp realpath mmap munmap mprotect msync getpid getppid
getuid geteuid getgid getegid setuid setgid getpwnam getpwuid getgrnam getgrgid gethostname time clock
difftime mktime gmtime gmtime_r localtime localtime_r asctime ctime ctime_r strftime strptime
gettimeofday clock_gettime nanosleep usleep sleep sin cos tan asin acos atan atan2 sinh cosh tanh exp
exp2 log log2 log10 pow sqrt cbrt hypot ceil floor fabs fmod modf frexp ldexp trunc round lround rint
nearbyint copysign fmin fmax isnan isinf isfinite signbit socket bind listen accept connect send sendto
recv recvfrom shutdown getsockopt setsockopt getaddrinfo freeaddrinfo gai_strerror inet_ntop inet_pton
htons ntohs htonl ntohl select poll waitpid wait sigemptyset sigfillset sigaddset sigdelset sigismember
signal sigaction setlocale localeconv nl_langinfo pthread_mutex_lock pthread_mutex_unlock
pthread_mutex_init pthread_mutex_destroy pthread_cond_wait pthread_cond_signal pthread_cond_broadcast
pthread_self pthread_getspecific pthread_setspecific va_start va_end va_copy va_arg assert offsetof"""
STANDARD_FUNCTIONS = frozenset(_FUNCTIONS.split())
"""Functions of ISO C and POSIX that call none of the program's before they return."""
