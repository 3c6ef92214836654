#define _GNU_SOURCE
#include "clinux_process.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#ifndef MFD_EXEC
#define MFD_EXEC 0x10U
#endif

enum { WRITE_SEALS = F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE };

// Set for the copy, so that a host whose copies look like nothing known is not copied from for ever.
static const char copied[] = "SERENO_KEEPER_COPY";

static int copy_all(int from, int to) {
    struct stat info;
    if (fstat(from, &info) < 0) return -errno;
    for (off_t left = info.st_size; left > 0;) {
        ssize_t done = sendfile(to, from, NULL, (size_t)left);
        if (done <= 0) return done < 0 ? -errno : -EIO;
        left -= done;
    }
    return 0;
}

static int sealed_memory(int program) {
    int fd = memfd_create("sereno-keeper", MFD_CLOEXEC | MFD_ALLOW_SEALING | MFD_EXEC);
    // Before Linux 6.3 it is executable without being asked to.
    if (fd < 0 && errno == EINVAL) fd = memfd_create("sereno-keeper", MFD_CLOEXEC | MFD_ALLOW_SEALING);
    if (fd < 0) return -errno;
    int result = copy_all(program, fd);
    if (result == 0 && fcntl(fd, F_ADD_SEALS, WRITE_SEALS) < 0) result = -errno;
    if (result == 0) return fd;
    close(fd);
    return result;
}

// Where memory must not be executed (vm.memfd_noexec): a file that has no name. Overwritten, it is nobody's program.
static int nameless_file(int program) {
    static const char *const directories[] = {"/run", "/dev/shm", "/tmp"};
    int result = -ENOENT;
    for (size_t i = 0; i < sizeof directories / sizeof *directories; i++) {
        int fd = open(directories[i], O_TMPFILE | O_RDWR | O_CLOEXEC, 0500);
        if (fd < 0) {
            result = -errno;
            continue;
        }
        result = lseek(program, 0, SEEK_SET) < 0 ? -errno : copy_all(program, fd);
        char path[64];
        snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
        int reading = result == 0 ? open(path, O_RDONLY | O_CLOEXEC) : -1;
        if (result == 0 && reading < 0) result = -errno;
        close(fd);
        if (reading >= 0) return reading;
    }
    return result;
}

static int execute_copy(int fd) {
    if (setenv(copied, "1", 1) < 0) return -errno;
    syscall(SYS_execveat, fd, "", clinux_arguments(), environ, AT_EMPTY_PATH);
    int code = errno;
    unsetenv(copied);
    return -code;
}

int clinux_is_stray_copy(void) {
    if (getenv(copied)) return 0;
    int program = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);
    if (program < 0) return 0;
    struct stat info;
    int seals = fcntl(program, F_GET_SEALS), nameless = fstat(program, &info) == 0 && info.st_nlink == 0;
    close(program);
    return nameless || (seals >= 0 && (seals & F_SEAL_WRITE) != 0);
}

int clinux_become_copy(void) {
    if (getenv(copied)) {
        unsetenv(copied);
        (void)prctl(PR_SET_NAME, "sereno-keeper", 0, 0, 0);
        return 0;
    }
    int program = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);
    if (program < 0) return -errno;
    int copy = sealed_memory(program), result = copy;
    if (copy >= 0) {
        result = execute_copy(copy);
        close(copy);
    }
    copy = nameless_file(program);
    if (copy >= 0) {
        result = execute_copy(copy);
        close(copy);
    }
    close(program);
    return result;
}
