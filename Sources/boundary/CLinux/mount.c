#define _GNU_SOURCE
#include "clinux_mount.h"

#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <sys/vfs.h>
#include <sys/xattr.h>
#include <unistd.h>

/* Written out here because the headers of Debian 12 lack some of them. */
#define RESOLVE_IN_ROOT_FLAG 0x10
#define RESOLVE_NO_MAGICLINKS_FLAG 0x02
#define FSOPEN_CLOEXEC_FLAG 0x1
#define FSCONFIG_SET_STRING_COMMAND 1
#define FSCONFIG_CMD_CREATE_COMMAND 6
#define FSMOUNT_CLOEXEC_FLAG 0x1
#define MOVE_MOUNT_F_EMPTY_PATH_FLAG 0x4
#define NSFS_MAGIC_NUMBER 0x6e736673

struct open_how_v0 {
    uint64_t flags;
    uint64_t mode;
    uint64_t resolve;
};

static int open_below(int root, const char *path, int flags, unsigned mode)
{
    struct open_how_v0 how = {
        .flags = (uint64_t)(unsigned)(flags | O_CLOEXEC),
        .mode = (flags & O_CREAT) ? mode : 0,
        .resolve = RESOLVE_IN_ROOT_FLAG | RESOLVE_NO_MAGICLINKS_FLAG,
    };
    int descriptor;
    do {
        /* EAGAIN: a rename raced with the resolution of "..". */
        descriptor = (int)syscall(SYS_openat2, root, path[0] ? path : ".", &how, sizeof how);
    } while (descriptor < 0 && (errno == EINTR || errno == EAGAIN));
    return descriptor < 0 ? -errno : descriptor;
}

int clinux_open_in_root(const char *root, const char *path, int flags, unsigned mode)
{
    int top = open(root, O_PATH | O_DIRECTORY | O_CLOEXEC);
    if (top < 0) return -errno;
    int descriptor = open_below(top, path, flags, mode);
    close(top);
    return descriptor;
}

/* One more directory of a path: opened when it is there, made when it is not. */
static int enter_or_make(int root, char *path, size_t parent_length, unsigned mode)
{
    int directory = open_below(root, path, O_PATH | O_DIRECTORY, 0);
    if (directory != -ENOENT) return directory;
    char saved = path[parent_length];
    path[parent_length] = 0;
    int parent = open_below(root, path, O_PATH | O_DIRECTORY, 0);
    path[parent_length] = saved;
    if (parent < 0) return parent;
    const char *name = path + parent_length;
    while (*name == '/') name++;
    int failed = mkdirat(parent, name, mode) < 0 && errno != EEXIST ? -errno : 0;
    close(parent);
    return failed ? failed : open_below(root, path, O_PATH | O_DIRECTORY, 0);
}

int clinux_make_directories_in_root(const char *root, const char *path, unsigned mode)
{
    int top = open(root, O_PATH | O_DIRECTORY | O_CLOEXEC);
    if (top < 0) return -errno;
    char *copy = strdup(path);
    int result = copy ? 0 : -ENOMEM;
    size_t at = 0, parent = 0;
    while (copy && copy[at] && result >= 0) {
        while (copy[at] == '/') at++;
        if (!copy[at]) break;
        while (copy[at] && copy[at] != '/') at++;
        char saved = copy[at];
        copy[at] = 0;
        result = enter_or_make(top, copy, parent, mode);
        if (result >= 0) close(result);
        copy[at] = saved;
        parent = at;
    }
    free(copy);
    close(top);
    return result < 0 ? result : 0;
}

static const char *or_null(const char *text) { return text && text[0] ? text : NULL; }

int clinux_mount(const char *source, const char *target, const char *type, unsigned long flags, const char *data)
{
    return mount(or_null(source), target, or_null(type), flags, or_null(data)) < 0 ? -errno : 0;
}

int clinux_unmount_detached(const char *target) { return umount2(target, MNT_DETACH) < 0 ? -errno : 0; }

static int configure(int context, const char *key, const char *value)
{
    return syscall(SYS_fsconfig, context, FSCONFIG_SET_STRING_COMMAND, key, value, 0) < 0 ? -errno : 0;
}

static int overlay_by_context(const char *const *lowers, size_t count, const char *upper, const char *work,
                              const char *target)
{
    int context = (int)syscall(SYS_fsopen, "overlay", FSOPEN_CLOEXEC_FLAG);
    if (context < 0) return -errno;
    int result = configure(context, "source", "overlay");
    for (size_t i = 0; i < count && result == 0; i++) result = configure(context, "lowerdir+", lowers[i]);
    if (result == 0) result = configure(context, "upperdir", upper);
    if (result == 0) result = configure(context, "workdir", work);
    if (result == 0 && syscall(SYS_fsconfig, context, FSCONFIG_CMD_CREATE_COMMAND, NULL, NULL, 0) < 0) result = -errno;
    int mounted = result == 0 ? (int)syscall(SYS_fsmount, context, FSMOUNT_CLOEXEC_FLAG, 0) : -1;
    if (result == 0 && mounted < 0) result = -errno;
    if (mounted >= 0) {
        if (syscall(SYS_move_mount, mounted, "", AT_FDCWD, target, MOVE_MOUNT_F_EMPTY_PATH_FLAG) < 0) result = -errno;
        close(mounted);
    }
    close(context);
    return result;
}

/* A colon, a comma or a backslash inside a path would end an option early. */
static size_t append_escaped(char *to, size_t at, size_t room, const char *text)
{
    for (; *text && at + 2 < room; text++) {
        if (*text == ':' || *text == ',' || *text == '\\') to[at++] = '\\';
        to[at++] = *text;
    }
    return *text ? room : at;
}

static size_t append_plain(char *to, size_t at, size_t room, const char *text)
{
    size_t length = strlen(text);
    if (at + length >= room) return room;
    memcpy(to + at, text, length);
    return at + length;
}

static int overlay_by_options(const char *const *lowers, size_t count, const char *upper, const char *work,
                              const char *target)
{
    char options[4096];
    size_t room = sizeof options - 1;
    size_t at = append_plain(options, 0, room, "lowerdir=");
    for (size_t i = 0; i < count; i++) {
        if (i > 0) at = append_plain(options, at, room, ":");
        at = append_escaped(options, at, room, lowers[i]);
    }
    at = append_plain(options, at, room, ",upperdir=");
    at = append_escaped(options, at, room, upper);
    at = append_plain(options, at, room, ",workdir=");
    at = append_escaped(options, at, room, work);
    if (at >= room) return -E2BIG;
    options[at] = 0;
    return mount("overlay", target, "overlay", 0, options) < 0 ? -errno : 0;
}

int clinux_mount_overlay(const char *const *lowers, size_t count, const char *upper, const char *work,
                         const char *target)
{
    int result = overlay_by_context(lowers, count, upper, work, target);
    /* Before 6.8 "lowerdir+" is unknown (EINVAL); a sandbox may refuse fsopen altogether. */
    if (result == -EINVAL || result == -ENOSYS || result == -EPERM)
        result = overlay_by_options(lowers, count, upper, work, target);
    return result;
}

int clinux_bring_loopback_up(void)
{
    int link = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (link < 0) return -errno;
    struct ifreq request;
    memset(&request, 0, sizeof request);
    strcpy(request.ifr_name, "lo");
    int result = 0;
    if (ioctl(link, SIOCGIFFLAGS, &request) < 0) result = -errno;
    request.ifr_flags |= IFF_UP | IFF_RUNNING;
    if (result == 0 && ioctl(link, SIOCSIFFLAGS, &request) < 0) result = -errno;
    close(link);
    return result;
}

struct clinux_network_making {
    pthread_t thread;
    int result;
    char path[];
};

/* Runs on a thread of its own: unshare(2) of the network changes only the thread that asks. */
static void *network_thread(void *argument)
{
    struct clinux_network_making *making = argument;
    making->result = unshare(CLONE_NEWNET) < 0 ? -errno : clinux_bring_loopback_up();
    if (making->result == 0 && mount("/proc/thread-self/ns/net", making->path, NULL, MS_BIND, NULL) < 0)
        making->result = -errno;
    return NULL;
}

int clinux_begin_network_namespace(const char *path, struct clinux_network_making **made)
{
    struct clinux_network_making *making = malloc(sizeof *making + strlen(path) + 1);
    if (making == NULL) return -ENOMEM;
    strcpy(making->path, path);
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    int failed = pthread_create(&making->thread, NULL, network_thread, making);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    if (failed) {
        free(making);
        return -failed;
    }
    *made = making;
    return 0;
}

int clinux_finish_network_namespace(struct clinux_network_making *making)
{
    pthread_join(making->thread, NULL);
    int result = making->result;
    free(making);
    return result;
}

int64_t clinux_file_system_type(const char *path)
{
    struct statfs info;
    return statfs(path, &info) < 0 ? -errno : (int64_t)(uint32_t)info.f_type;
}

int clinux_is_namespace(const char *path)
{
    int64_t type = clinux_file_system_type(path);
    return type < 0 ? (int)type : type == NSFS_MAGIC_NUMBER;
}

int clinux_peer_credentials(int socket, int32_t *pid, uint32_t *uid, uint32_t *gid)
{
    struct ucred peer;
    socklen_t length = sizeof peer;
    if (getsockopt(socket, SOL_SOCKET, SO_PEERCRED, &peer, &length) < 0) return -errno;
    *pid = peer.pid;
    *uid = peer.uid;
    *gid = peer.gid;
    return 0;
}

static bool lists(int procs, int32_t pid)
{
    char chunk[4096];
    int64_t number = 0;
    off_t offset = 0;
    ssize_t count;
    while ((count = pread(procs, chunk, sizeof chunk, offset)) > 0) {
        for (ssize_t i = 0; i < count; i++) {
            if (chunk[i] >= '0' && chunk[i] <= '9') {
                number = number * 10 + (chunk[i] - '0');
            } else {
                if (number == pid) return true;
                number = 0;
            }
        }
        offset += count;
    }
    return false;
}

int clinux_signal_member(int procs, int32_t pid, int signal)
{
    int descriptor = (int)syscall(SYS_pidfd_open, pid, 0);
    if (descriptor < 0) return -errno;
    int result = 0;
    if (!lists(procs, pid)) {
        result = -ESRCH;
    } else if (syscall(SYS_pidfd_send_signal, descriptor, signal, NULL, 0) < 0) {
        result = -errno;
    }
    close(descriptor);
    return result;
}

uint32_t clinux_device_major(uint64_t device) { return major(device); }
uint32_t clinux_device_minor(uint64_t device) { return minor(device); }

int clinux_attribute_is_one(const char *path, const char *name)
{
    char value[4];
    return getxattr(path, name, value, sizeof value) == 1 && value[0] == '1';
}

int clinux_memfd(const char *name)
{
    int descriptor = memfd_create(name, MFD_CLOEXEC);
    return descriptor < 0 ? -errno : descriptor;
}
