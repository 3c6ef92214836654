#define _GNU_SOURCE
#include "clinux_machine.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/reboot.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/sysmacros.h>
#include <sys/vfs.h>
#include <unistd.h>

static int result(int value) { return value < 0 ? -errno : 0; }

int clinux_machine_is_host(void) {
    // PROC_PID_INIT_INO of include/linux/proc_ns.h, the same since Linux 3.8.
    struct stat own;
    return stat("/proc/self/ns/pid", &own) == 0 && own.st_ino == 0xEFFFFFFCu;
}

// The mounts, and the magic number that each is known by (0: any mount there will do).
static const struct file_system {
    const char *type, *path, *options;
    unsigned long flags;
    long magic;
} file_systems[CLINUX_MACHINE_MOUNTS] = {
    {"proc", "/proc", NULL, MS_NOSUID | MS_NODEV | MS_NOEXEC, PROC_SUPER_MAGIC},
    {"sysfs", "/sys", NULL, MS_NOSUID | MS_NODEV | MS_NOEXEC, SYSFS_MAGIC},
    {"devtmpfs", "/dev", "mode=755", MS_NOSUID | MS_STRICTATIME, 0},
    {"devpts", "/dev/pts", "newinstance,gid=5,mode=620,ptmxmode=666", MS_NOSUID | MS_NOEXEC, DEVPTS_SUPER_MAGIC},
    {"tmpfs", "/dev/shm", "mode=1777", MS_NOSUID | MS_NODEV | MS_STRICTATIME, 0},
    {"tmpfs", "/run", "mode=755", MS_NOSUID | MS_NODEV | MS_STRICTATIME, 0},
    {"cgroup2", "/sys/fs/cgroup", "nsdelegate", MS_NOSUID | MS_NODEV | MS_NOEXEC, 0},
};

const char *clinux_machine_mount_point(int which) { return file_systems[which].path; }

static int is_mount_point(const char *path) {
    char above[64];
    struct stat here, parent;
    snprintf(above, sizeof above, "%s/..", path);
    return stat(path, &here) == 0 && stat(above, &parent) == 0 && here.st_dev != parent.st_dev;
}

static int is_there(const struct file_system *wanted) {
    if (wanted->magic == PROC_SUPER_MAGIC) {
        char own[16] = "";
        return readlink("/proc/self", own, sizeof own - 1) > 0 && atoi(own) == getpid();
    }
    struct statfs found;
    if (!is_mount_point(wanted->path)) return 0;
    return wanted->magic == 0 || (statfs(wanted->path, &found) == 0 && found.f_type == wanted->magic);
}

static void make_links(void) {
    (void)symlink("/proc/self/fd", "/dev/fd");
    (void)symlink("fd/0", "/dev/stdin");
    (void)symlink("fd/1", "/dev/stdout");
    (void)symlink("fd/2", "/dev/stderr");
    (void)symlink("pts/ptmx", "/dev/ptmx");
}

// The devices that every program counts on, for a namespace: devtmpfs is one for the whole machine.
static int make_devices(void) {
    static const struct {
        const char *path;
        unsigned major, minor;
    } devices[] = {{"/dev/null", 1, 3}, {"/dev/zero", 1, 5},    {"/dev/full", 1, 7},
                   {"/dev/random", 1, 8}, {"/dev/urandom", 1, 9}, {"/dev/tty", 5, 0}};
    int failure = 0;
    mode_t before = umask(0);
    for (size_t index = 0; index < sizeof devices / sizeof *devices; index++)
        if (mknod(devices[index].path, S_IFCHR | 0666, makedev(devices[index].major, devices[index].minor)) < 0)
            if (errno != EEXIST) failure = -errno;
    umask(before);
    return failure;
}

int clinux_machine_mount(int which) {
    const struct file_system *wanted = &file_systems[which];
    if (is_there(wanted)) {
        if (which == CLINUX_MACHINE_DEV) make_links();
        return 0;
    }
    if (mkdir(wanted->path, 0755) < 0 && errno != EEXIST) return -errno;
    const char *type = wanted->type;
    int makes_devices = which == CLINUX_MACHINE_DEV && !clinux_machine_is_host();
    if (makes_devices) type = "tmpfs";
    if (mount(type, wanted->path, type, wanted->flags, wanted->options) < 0) {
        // A kernel that does not know the option has the same tree without it.
        if (which != CLINUX_MACHINE_CGROUP || mount(type, wanted->path, type, wanted->flags, NULL) < 0) return -errno;
    }
    if (which == CLINUX_MACHINE_DEV) {
        int failure = makes_devices ? make_devices() : 0;
        make_links();
        if (failure < 0) return failure;
    }
    return 1;
}

int clinux_machine_share_mounts(void) { return result(mount(NULL, "/", NULL, MS_REC | MS_SHARED, NULL)); }

int clinux_machine_write_root(void) {
    struct statvfs root;
    if (statvfs("/", &root) < 0) return -errno;
    if (!(root.f_flag & ST_RDONLY)) return 0;
    return mount(NULL, "/", NULL, MS_REMOUNT, NULL) < 0 ? -errno : 1;
}

int clinux_machine_open_console(void) {
    int console = open("/dev/console", O_RDWR | O_NOCTTY | O_CLOEXEC);
    if (console < 0) return -errno;
    for (int stream = 0; stream < 3; stream++)
        if (console != stream && dup2(console, stream) < 0) return -errno;
    if (console < 3) return result(fcntl(console, F_SETFD, 0));
    close(console);
    return 0;
}

int clinux_machine_set_hostname(void) {
    FILE *file = fopen("/etc/hostname", "re");
    if (!file) return errno == ENOENT ? 0 : -errno;
    char line[256];
    int outcome = 0;
    while (outcome == 0 && fgets(line, sizeof line, file)) {
        char *name = line, *end = line + strlen(line);
        while (isspace((unsigned char)*name)) name++;
        while (end > name && isspace((unsigned char)end[-1])) *--end = 0;
        if (*name && *name != '#') outcome = sethostname(name, strlen(name)) < 0 ? -errno : 1;
    }
    fclose(file);
    return outcome;
}

static int write_text(const char *path, const char *text) {
    int file = open(path, O_WRONLY | O_CLOEXEC);
    if (file < 0) return -errno;
    int outcome = write(file, text, strlen(text)) < 0 ? -errno : 0;
    close(file);
    return outcome;
}

int clinux_machine_enable_controllers(void) {
    char names[512] = "";
    int file = open("/sys/fs/cgroup/cgroup.controllers", O_RDONLY | O_CLOEXEC);
    if (file < 0) return -errno;
    ssize_t length = read(file, names, sizeof names - 1);
    close(file);
    if (length < 0) return -errno;
    int enabled = 0, failure = 0, moved = 0;
    char *rest = NULL;
    for (char *name = strtok_r(names, " \n", &rest); name; name = strtok_r(NULL, " \n", &rest)) {
        char word[64];
        snprintf(word, sizeof word, "+%s", name);
        int outcome = write_text("/sys/fs/cgroup/cgroup.subtree_control", word);
        // Only the machine's own root may have both processes and controllers for its children.
        if (outcome == -EBUSY && !moved) {
            moved = 1;
            (void)mkdir("/sys/fs/cgroup/init", 0755);
            if (write_text("/sys/fs/cgroup/init/cgroup.procs", "0") == 0)
                outcome = write_text("/sys/fs/cgroup/cgroup.subtree_control", word);
        }
        if (outcome == 0)
            enabled++;
        else
            failure = outcome;
    }
    return enabled == 0 && failure < 0 ? failure : enabled;
}

int clinux_machine_tame_ctrl_alt_del(void) { return result(reboot(RB_DISABLE_CAD)); }

void clinux_machine_set_default(const char *name, const char *value) { (void)setenv(name, value, 0); }

int clinux_machine_is_executable(const char *path) { return access(path, X_OK) == 0; }

char *clinux_machine_find_program(const char *name) {
    static char found[4352];
    char own[4096];
    ssize_t length = readlink("/proc/self/exe", own, sizeof own - 1);
    own[length < 0 ? 0 : length] = 0;
    char *slash = strrchr(own, '/');
    if (slash) *slash = 0;
    const char *places[] = {slash ? own : NULL, slash ? own : NULL, "/usr/libexec/sereno", "/usr/local/libexec/sereno"};
    const char *below[] = {"", "/../libexec/sereno", "", ""};
    for (size_t index = 0; index < sizeof places / sizeof *places; index++) {
        if (!places[index]) continue;
        int written = snprintf(found, sizeof found, "%s%s/%s", places[index], below[index], name);
        if (written > 0 && written < (int)sizeof found && access(found, X_OK) == 0) return found;
    }
    return NULL;
}

int clinux_machine_signal_first(int signal) { return result(kill(1, signal)); }

int clinux_machine_signal_all(int signal) { return result(kill(-1, signal)); }

int clinux_machine_end(int how) {
    static const int commands[] = {RB_HALT_SYSTEM, RB_POWER_OFF, RB_AUTOBOOT};
    return result(reboot(commands[how]));
}
