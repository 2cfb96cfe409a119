"""Names that programs do not own: the functions of ISO C, POSIX and System V.

A file may mean the library's function by such a name even if some file of the tree defines one, as
replacements for other systems do.  The names are those of the pages in sections 2 and 3 of the Linux
man-pages project (release 6.03) whose standards section says C89, C99, C11, POSIX.1 or SVr4.
"""

from clew.parse.standard import STANDARD_FUNCTIONS

_PAGES = """a64l abort abs accept accept4 access acct acos acosf acosh acoshf acoshl acosl adjtimex
aio_cancel aio_error aio_fsync aio_read aio_return aio_suspend aio_write aiocb alarm aligned_alloc alloca
alphasort arm_fadvise arm_fadvise64_64 asctime asctime_r asin asinf asinh asinhf asinhl asinl asprintf
assert atan atan2 atan2f atan2l atanf atanh atanhf atanhl atanl atexit atof atoi atol atoll atoq basename
bcmp bcopy bind bindresvport brk bsd_signal bsearch btowc byteorder bzero cabs cabsf cabsl cacos cacosf
cacosh cacoshf cacoshl cacosl calloc carg cargf cargl casin casinf casinh casinhf casinhl casinl catan
catanf catanh catanhf catanhl catanl catclose catgets catopen cbc_crypt cbrt cbrtf cbrtl ccos ccosf ccosh
ccoshf ccoshl ccosl ceil ceilf ceill cexp cexp2 cexp2f cexp2l cexpf cexpl cfgetispeed cfgetospeed
cfmakeraw cfsetispeed cfsetospeed cfsetspeed chdir chmod chown chown32 chroot cimag cimagf cimagl circleq
clearenv clearerr clearerr_unlocked clock clock_adjtime clock_getcpuclockid clock_getres clock_gettime
clock_nanosleep clock_settime clog clog10 clog10f clog10l clog2 clog2f clog2l clogf clogl close closedir
closelog cmsg confstr conj conjf conjl connect copysign copysignf copysignl cos cosf cosh coshf coshl cosl
cpow cpowf cpowl cproj cprojf cprojl creal crealf creall creat csin csinf csinh csinhf csinhl csinl csqrt
csqrtf csqrtl ctan ctanf ctanh ctanhf ctanhl ctanl ctermid ctime ctime_r cuserid daemon daylight des_crypt
des_setparity difftime dirfd dirname div dlclose dlerror dlmopen dlopen dlsym dlvsym dprintf drand48 drem
dremf dreml dup dup2 dup3 duplocale ecb_crypt ecvt encrypt encrypt_r endfsent endgrent endhostent
endnetent endnetgrent endprotoent endpwent endrpcent endservent endspent endttyent endutent endutxent
erand48 erf erfc erfcf erfcl erff erfl exec execl execle execlp execv execve execvp execvpe exit exp exp2
exp2f exp2l expf expl explicit_bzero expm1 expm1f expm1l fabs fabsf fabsl faccessat faccessat2 fadvise64
fadvise64_64 fchdir fchmod fchmodat fchown fchown32 fchownat fclose fcntl fcntl64 fcvt fdatasync fdim
fdimf fdiml fdopen fdopendir feclearexcept fedisableexcept feenableexcept fegetenv fegetexcept
fegetexceptflag fegetround feholdexcept fenv feof feof_unlocked feraiseexcept ferror ferror_unlocked
fesetenv fesetexceptflag fesetround fetestexcept feupdateenv fexecve fflush fflush_unlocked ffs ffsl ffsll
fgetc fgetc_unlocked fgetgrent fgetgrent_r fgetpos fgetpwent fgetpwent_r fgets fgets_unlocked fgetspent
fgetspent_r fgetwc fgetwc_unlocked fgetws fgetws_unlocked fileno fileno_unlocked flockfile floor floorf
floorl fma fmaf fmal fmax fmaxf fmaxl fmemopen fmin fminf fminl fmod fmodf fmodl fmtmsg fnmatch fopen fork
forkpty fpathconf fpclassify fprintf fputc fputc_unlocked fputs fputs_unlocked fputwc fputwc_unlocked
fputws fputws_unlocked fread fread_unlocked free freeaddrinfo freehostent freeifaddrs freelocale freopen
frexp frexpf frexpl fscanf fseek fseeko fsetpos fstat fstat64 fstatat fstatat64 fstatvfs fsync ftell
ftello ftime ftok ftruncate ftruncate64 ftrylockfile ftw funlockfile futimens futimesat fwide fwprintf
fwrite fwrite_unlocked gai_strerror gcvt get_current_dir_name getaddrinfo getc getc_unlocked getchar
getchar_unlocked getcontext getcwd getdate getdate_err getdate_r getdelim getdents getdents64
getdirentries getdomainname getdtablesize getegid getegid32 getenv geteuid geteuid32 getfsent getfsfile
getfsspec getgid getgid32 getgrent getgrent_r getgrgid getgrgid_r getgrnam getgrnam_r getgroups
getgroups32 gethostbyaddr gethostbyaddr_r gethostbyname gethostbyname2 gethostbyname2_r gethostbyname_r
gethostent gethostent_r gethostid gethostname getifaddrs getipnodebyaddr getipnodebyname getitimer getline
getloadavg getlogin getlogin_r getnameinfo getnetbyaddr getnetbyname getnetent getnetgrent getnetgrent_r
getopt getopt_long getopt_long_only getpagesize getpass getpeername getpgid getpgrp getpid getppid
getpriority getprotobyname getprotobynumber getprotoent getpwent getpwent_r getpwnam getpwnam_r getpwuid
getpwuid_r getrlimit getrpcbyname getrpcbynumber getrpcent getrusage gets getservbyname getservbyport
getservent getsid getsockname getsockopt getspent getspent_r getspnam getspnam_r getsubopt gettimeofday
getttyent getttynam getuid getuid32 getutent getutent_r getutid getutid_r getutline getutline_r getutxent
getutxid getutxline getw getwc getwc_unlocked getwchar getwchar_unlocked getwd glob globfree gmtime
gmtime_r gnu_dev_major gnu_dev_makedev gnu_dev_minor grantpt h_errno hcreate hcreate_r hdestroy hdestroy_r
herror hsearch hsearch_r hstrerror htonl htons hypot hypotf hypotl iconv iconv_close iconv_open
if_freenameindex if_indextoname if_nameindex if_nametoindex ilogb ilogbf ilogbl imaxabs imaxdiv in6_addr
in_addr index inet inet_addr inet_aton inet_lnaof inet_makeaddr inet_netof inet_network inet_ntoa
inet_ntop inet_pton initgroups initstate innetgr insque iovec iruserok iruserok_af isalnum isalnum_l
isalpha isalpha_l isascii isascii_l isatty isblank isblank_l iscntrl iscntrl_l isdigit isdigit_l isfdtype
isfinite isgraph isgraph_l isgreater isgreaterequal isinf isless islessequal islessgreater islower
islower_l isnan isnormal isprint isprint_l ispunct ispunct_l isspace isspace_l isunordered isupper
isupper_l iswalnum iswalpha iswblank iswcntrl iswctype iswdigit iswgraph iswlower iswprint iswpunct
iswspace iswupper iswxdigit isxdigit isxdigit_l j0 j0f j0l j1 j1f j1l jn jnf jnl jrand48 kill killpg l64a
labs lchown lchown32 lckpwdf lcong48 lconv ldexp ldexpf ldexpl ldiv lfind lgamma lgamma_r lgammaf
lgammaf_r lgammal lgammal_r link linkat lio_listio list listen llabs lldiv llrint llrintf llrintl llround
llroundf llroundl localeconv localtime localtime_r lockf log log10 log10f log10l log1p log1pf log1pl log2
log2f log2l logb logbf logbl logf login login_tty logl logout logwtmp longjmp lrand48 lrint lrintf lrintl
lround lroundf lroundl lsearch lseek lstat lstat64 madvise major makecontext makedev mallinfo mallinfo2
malloc mallopt mblen mbrlen mbrtowc mbsinit mbsnrtowcs mbsrtowcs mbstowcs mbtowc memalign memccpy memchr
memcmp memcpy memmem memmove memrchr memset mincore minor mkdir mkdirat mkdtemp mkfifo mkfifoat mknod
mknodat mkostemp mkostemps mkstemp mkstemps mktemp mktime mlock mlock2 mlockall mmap mmap64 modf modff
modfl mpool mprotect mq_close mq_getattr mq_notify mq_open mq_receive mq_send mq_setattr mq_timedreceive
mq_timedsend mq_unlink mrand48 msgctl msgget msgop msgrcv msgsnd msync munlock munlockall munmap nan nanf
nanl nanosleep nearbyint nearbyintf nearbyintl newfstatat newlocale nextafter nextafterf nextafterl
nexttoward nexttowardf nexttowardl nftw nice nl_langinfo nl_langinfo_l nrand48 ntohl ntohs ntp_adjtime
offsetof oldfstat oldlstat oldolduname oldstat olduname open open_memstream open_wmemstream openat opendir
openlog openpty optarg opterr optind optopt pathconf pause pclose perror pipe pipe2 pkey_mprotect poll
popen posix_fadvise posix_fallocate posix_madvise posix_memalign posix_openpt posix_spawn posix_spawnp pow
powf powl ppoll pread pread64 preadv preadv2 printf prlimit prlimit64 profil pselect pselect6 psiginfo
psignal pthread_attr_destroy pthread_attr_getdetachstate pthread_attr_getguardsize
pthread_attr_getinheritsched pthread_attr_getschedparam pthread_attr_getschedpolicy pthread_attr_getscope
pthread_attr_getstack pthread_attr_getstackaddr pthread_attr_getstacksize pthread_attr_init
pthread_attr_setdetachstate pthread_attr_setguardsize pthread_attr_setinheritsched
pthread_attr_setschedparam pthread_attr_setschedpolicy pthread_attr_setscope pthread_attr_setstack
pthread_attr_setstackaddr pthread_attr_setstacksize pthread_cancel pthread_cleanup_pop
pthread_cleanup_push pthread_create pthread_detach pthread_equal pthread_exit pthread_getconcurrency
pthread_getcpuclockid pthread_getschedparam pthread_join pthread_kill pthread_mutex_consistent
pthread_mutex_consistent_np pthread_mutexattr_getpshared pthread_mutexattr_getrobust
pthread_mutexattr_getrobust_np pthread_mutexattr_setpshared pthread_mutexattr_setrobust
pthread_mutexattr_setrobust_np pthread_self pthread_setcancelstate pthread_setcanceltype
pthread_setconcurrency pthread_setschedparam pthread_setschedprio pthread_sigmask pthread_spin_destroy
pthread_spin_init pthread_spin_lock pthread_spin_trylock pthread_spin_unlock pthread_testcancel ptrace
ptsname ptsname_r putc putc_unlocked putchar putchar_unlocked putenv putpwent puts putspent pututline
pututxline putw putwc putwc_unlocked putwchar putwchar_unlocked pvalloc pwrite pwrite64 pwritev pwritev2
qecvt qfcvt qgcvt qsort qsort_r raise rand rand_r random rawmemchr rcmd rcmd_af read readdir readdir_r
readlink readlinkat readv realloc reallocarray realpath recv recvfrom recvmsg regcomp regerror regex
regexec regfree remainder remainderf remainderl remove remque remquo remquof remquol rename renameat
renameat2 rewind rewinddir rexec rexec_af rindex rint rintf rintl rmdir round roundf roundl rresvport
rresvport_af rt_sigaction rt_sigpending rt_sigprocmask rt_sigreturn rt_sigsuspend rt_sigtimedwait ruserok
ruserok_af sbrk scalb scalbf scalbl scalbln scalblnf scalblnl scalbn scalbnf scalbnl scandir scandirat
scanf sched_get_priority_max sched_get_priority_min sched_getparam sched_getscheduler
sched_rr_get_interval sched_setparam sched_setscheduler sched_yield secure_getenv seed48 seekdir select
sem_close sem_destroy sem_getvalue sem_init sem_open sem_post sem_timedwait sem_trywait sem_unlink
sem_wait semctl semget semop semtimedop send sendfile sendfile64 sendmsg sendto setbuf setbuffer
setcontext setdomainname setegid setenv seteuid setfsent setgid setgid32 setgrent setgroups setgroups32
sethostent sethostid sethostname setitimer setjmp setkey setkey_r setlinebuf setlocale setlogmask
setnetent setnetgrent setpgid setpgrp setpriority setprotoent setpwent setregid setregid32 setreuid
setreuid32 setrlimit setrpcent setservent setsid setsockopt setspent setstate settimeofday setttyent
setuid setuid32 setutent setutxent setvbuf sgetspent sgetspent_r shm_open shm_unlink shmat shmctl shmdt
shmget shmop shutdown sigabbrev_np sigaction sigaddset sigaltstack sigandset sigdelset sigdescr_np
sigemptyset sigfillset sighold sigignore siginterrupt sigisemptyset sigismember siglongjmp signal signbit
signgam sigorset sigpause sigpending sigprocmask sigqueue sigrelse sigreturn sigset sigsetjmp sigsetops
sigstack sigsuspend sigtimedwait sigwait sigwaitinfo simpleq sin sinf sinh sinhf sinhl sinl sleep slist
snprintf sockaddr sockaddr_in sockaddr_in6 sockaddr_storage sockaddr_un sockatmark socket socketpair
sprintf sqrt sqrtf sqrtl srand srand48 srandom sscanf stailq stat stat64 static_assert statvfs stdarg
stderr stdin stdio stdout stime stpcpy stpncpy strcasecmp strcasestr strcat strchr strchrnul strcmp
strcoll strcpy strcspn strdup strdupa strerror strerror_l strerror_r strerrordesc_np strerrorname_np
strfmon strfmon_l strfromd strfromf strfroml strftime strftime_l strlen strncasecmp strncat strncmp
strncpy strndup strndupa strnlen strpbrk strptime strrchr strsignal strspn strstr strtod strtof strtoimax
strtok strtok_r strtol strtold strtoll strtoq strtoul strtoull strtoumax strtouq strxfrm swab swapcontext
swprintf symlink symlinkat sync syncfs sys_errlist sys_nerr sys_siglist sysconf sysexits sysfs syslog
system tailq tan tanf tanh tanhf tanhl tanl tcdrain tcflow tcflush tcgetattr tcgetpgrp tcgetsid
tcsendbreak tcsetattr tcsetpgrp tdelete tdestroy telldir tempnam termios tfind tgamma tgammaf tgammal time
timer_create timer_delete timer_getoverrun timer_gettime timer_settime timeradd timerclear timercmp
timerisset timersub times timespec timeval timezone tm tmpfile tmpnam tmpnam_r toascii tolower tolower_l
toupper toupper_l towctrans towlower towlower_l towupper towupper_l trunc truncate truncate64 truncf
truncl tsearch ttyname ttyname_r ttyslot twalk twalk_r tzname tzset ualarm ugetrlimit ulckpwdf ulimit
umask uname ungetc ungetwc unlink unlinkat unlocked_stdio unlockpt unsetenv updwtmp updwtmpx uselocale
usleep ustat utime utimensat utimes utmpname utmpxname va_arg va_copy va_end va_list va_start valloc
vasprintf vdprintf versionsort vfork vfprintf vfscanf vfwprintf vlimit void vprintf vscanf vsnprintf
vsprintf vsscanf vswprintf vsyslog vtimes vwprintf wait waitid waitpid wcpcpy wcpncpy wcrtomb wcscasecmp
wcscat wcschr wcscmp wcscpy wcscspn wcsdup wcslen wcsncasecmp wcsncat wcsncmp wcsncpy wcsnlen wcsnrtombs
wcspbrk wcsrchr wcsrtombs wcsspn wcsstr wcstoimax wcstok wcstombs wcstoumax wcswidth wctob wctomb wctrans
wctype wcwidth wmemchr wmemcmp wmemcpy wmemmove wmemset wordexp wordfree wprintf write writev y0 y0f y0l
y1 y1f y1l yn ynf ynl"""
LIBRARY_NAMES = STANDARD_FUNCTIONS | frozenset(_PAGES.split())
