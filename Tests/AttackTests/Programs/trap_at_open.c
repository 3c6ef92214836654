// Ends the program by a fault when it opens a path that holds the words of the file TRAP.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static int (*real)(int, const char *, int, ...);

static void look(const char *path) {
    if (!real) real = dlsym(RTLD_NEXT, "openat");
    char words[512];
    int file = real(AT_FDCWD, TRAP, O_RDONLY | O_CLOEXEC);
    if (file < 0) return;
    ssize_t count = read(file, words, sizeof words - 1);
    close(file);
    if (count <= 0) return;
    words[count] = 0;
    if (path && strstr(path, words)) __builtin_trap();
}

#define MODE                                   \
    va_list list;                              \
    va_start(list, flags);                     \
    unsigned mode = va_arg(list, unsigned);    \
    va_end(list);                              \
    look(path)

int open(const char *path, int flags, ...) {
    MODE;
    return real(AT_FDCWD, path, flags, mode);
}

int open64(const char *path, int flags, ...) {
    MODE;
    return real(AT_FDCWD, path, flags, mode);
}

int openat(int at, const char *path, int flags, ...) {
    MODE;
    return real(at, path, flags, mode);
}

int openat64(int at, const char *path, int flags, ...) {
    MODE;
    return real(at, path, flags, mode);
}
