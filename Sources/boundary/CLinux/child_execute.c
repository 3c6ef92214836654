#define _GNU_SOURCE
#include "child.h"
#include "clinux_descriptor.h"
#include "inherited.h"

#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

static const char default_path[] = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

static char **list_field(struct fields *fields) {
    uint32_t count = count_field(fields);
    char **list = calloc((size_t)count + 1, sizeof *list);
    if (!list) return NULL;
    for (uint32_t i = 0; i < count; i++) list[i] = (char *)text_field(fields);
    return list;
}

static const char *search_path(char **environment) {
    for (; *environment; environment++)
        if (strncmp(*environment, "PATH=", 5) == 0) return *environment + 5;
    return default_path;
}

// As execvpe(3), without its shell for ENOEXEC, which no container runtime has.
static int search(const char *name, char **arguments, char **environment) {
    int denied = 0;
    for (const char *at = search_path(environment);; at++) {
        const char *end = strchrnul(at, ':');
        char path[PATH_MAX];
        int length = end == at ? snprintf(path, sizeof path, "./%s", name)
                               : snprintf(path, sizeof path, "%.*s/%s", (int)(end - at), at, name);
        if (length < (int)sizeof path) {
            execve(path, arguments, environment);
            struct stat info;
            if (errno == EACCES)
                denied |= stat(path, &info) == 0 && S_ISREG(info.st_mode);
            else if (errno != ENOENT && errno != ENOTDIR)
                return -errno;
        }
        if (*end == 0) return denied ? -EACCES : -ENOENT;
        at = end;
    }
}

int child_execute(struct child *child, struct fields fields) {
    char **arguments = list_field(&fields);
    char **environment = arguments ? list_field(&fields) : NULL;
    child->step = CLINUX_STEP_MEMORY;
    if (!environment) return -ENOMEM;
    child->step = CLINUX_STEP_EXECUTE;
    umask(child->umask);
    (void)clinux_close_range(3, ~0U, 1);
    child_report(child, CLINUX_REPORT_EXECUTING, 0, 0);
    uint64_t none = 0;
    syscall(SYS_rt_sigprocmask, SIG_SETMASK, &none, NULL, sizeof none);
    if (*arguments[0] == 0) return -ENOENT;
    if (!strchr(arguments[0], '/')) return search(arguments[0], arguments, environment);
    execve(arguments[0], arguments, environment);
    return -errno;
}
