// The payload of the measurements: one static program that runs in every peer's containers and as a plain process.
//   probe stamp FILE            append "<CLOCK_MONOTONIC ns> <pid>" to FILE, then wait for a signal
//   probe pause                 wait for a signal
//   probe trap CODE             say "ready", then exit with CODE on TERM
//   probe flood LINES           write that many lines of 100 bytes, one write(2) each
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { LINE = 100 };
static int code;

static void leave(int signal) {
    (void)signal;
    _exit(code);
}

static int stamp(const char *file) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    char line[64];
    int length = snprintf(line, sizeof line, "%lld %d\n", now.tv_sec * 1000000000LL + now.tv_nsec, (int)getpid());
    int descriptor = open(file, O_WRONLY | O_CREAT | O_APPEND, 0666);
    if (descriptor < 0 || write(descriptor, line, (size_t)length) != length) return 99;
    close(descriptor);
    for (;;) pause();
}

static int flood(long lines) {
    char line[LINE + 1];
    for (long i = 0; i < lines; i++) {
        int used = snprintf(line, sizeof line, "%012ld ", i);
        memset(line + used, 'x', (size_t)(LINE - 1 - used));
        line[LINE - 1] = '\n';
        for (ssize_t done = 0; done < LINE;) {
            ssize_t n = write(1, line + done, (size_t)(LINE - done));
            if (n < 0) return 98;
            done += n;
        }
    }
    return 0;
}

int main(int count, char **words) {
    if (count == 3 && !strcmp(words[1], "stamp")) return stamp(words[2]);
    if (count == 3 && !strcmp(words[1], "flood")) return flood(atol(words[2]));
    if (count >= 2 && !strcmp(words[1], "trap")) {
        code = count > 2 ? atoi(words[2]) : 0;
        signal(SIGTERM, leave);
        if (write(1, "ready\n", 6) != 6) return 98;
        for (;;) pause();
    }
    if (count == 2 && !strcmp(words[1], "pause")) for (;;) pause();
    return 97;
}
