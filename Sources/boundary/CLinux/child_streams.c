#define _GNU_SOURCE
#include "child.h"
#include "mount_calls.h"
#include "root_path.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

// A mount of another mount namespace cannot be the source of a bind, and standard input is one: the engine opened it.
// So the terminal is found by its path in our copy of the host's mounts, and has to be the one that is open.
static int open_terminal(void) {
    char path[PATH_MAX];
    struct stat open_one, found;
    ssize_t length = readlink("/proc/self/fd/0", path, sizeof path - 1);
    if (length < 0 || fstat(0, &open_one) < 0) return -errno;
    path[length] = 0;
    if (!isatty(0)) return -ENOTTY;
    int place = open(path, O_PATH | O_NOFOLLOW | O_CLOEXEC);
    if (place < 0) return -errno;
    if (fstat(place, &found) == 0 && S_ISCHR(found.st_mode) && found.st_rdev == open_one.st_rdev) return place;
    close(place);
    return -ENODEV;
}

int child_console_in_root(struct child *child, struct fields fields) {
    const char *root_path = text_field(&fields), *path = text_field(&fields);
    child->step = CLINUX_STEP_OPEN_SOURCE;
    int terminal = open_terminal();
    if (terminal < 0) return terminal;
    child->step = CLINUX_STEP_OPEN_ROOT;
    int root = root_open(root_path);
    if (root < 0) {
        close(terminal);
        return root;
    }
    child->step = CLINUX_STEP_OPEN_TARGET;
    int place = root_path_open_plain(root, path, O_PATH);
    if (place == -ENOENT) {
        child->step = CLINUX_STEP_MAKE_TARGET;
        place = root_path_file(root, path, 0600);
    }
    close(root);
    int result = place < 0 ? place : child_bind_place(child, terminal, place, 0, 0);
    if (place >= 0) close(place);
    close(terminal);
    return result;
}

int child_controlling_terminal(struct child *child) {
    return child_step(child, CLINUX_STEP_CONTROL_TERMINAL, ioctl(0, TIOCSCTTY, 0));
}

static int is_null(int fd) {
    struct stat info;
    return fstat(fd, &info) == 0 && S_ISCHR(info.st_mode) && info.st_rdev == makedev(1, 3);
}

// Opened at once and looked at afterwards: what is there is the container's, and opening it can harm nobody else.
static int own_null(void) {
    int fd = open("/dev/null", O_RDWR | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
    if (fd < 0) return -errno;
    if (is_null(fd) && fcntl(fd, F_SETFL, 0) == 0) return fd;
    close(fd);
    return -ENODEV;
}

// Input that ends at once, for a container without a null device.
static int ended_input(void) {
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) < 0) return -errno;
    close(ends[1]);
    return ends[0];
}

int child_own_null_device(struct child *child) {
    child->step = CLINUX_STEP_STANDARD_STREAMS;
    for (int stream = 0; stream < 3; stream++) {
        if (!is_null(stream)) continue;
        int own = own_null();
        if (own < 0 && stream == 0) own = ended_input();
        if (own < 0) return own;
        int result = child_step(child, CLINUX_STEP_STANDARD_STREAMS, dup2(own, stream));
        close(own);
        if (result < 0) return result;
    }
    return 0;
}

// /dev/stdout leads to the pipe itself, which only its owner may open: the program's user has to be that, as with runc. A terminal
// is left alone, because its node is the host's. What cannot be given away works as before by its descriptor.
void child_give_streams(uid_t user) {
    for (int stream = 0; stream < 3; stream++) {
        struct stat info;
        if (fstat(stream, &info) == 0 && S_ISFIFO(info.st_mode) && info.st_uid != user)
            (void)!fchown(stream, user, (gid_t)-1);
    }
}
