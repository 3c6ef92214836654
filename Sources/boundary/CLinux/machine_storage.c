#define _GNU_SOURCE
#include "clinux_machine.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/swap.h>
#include <unistd.h>

enum { MOST_MOUNTS = 4096, MOST_ROUNDS = 8 };

// \040 and the like, in place (proc_pid_mountinfo(5), proc_swaps(5)).
static void unescape(char *text) {
    char *out = text;
    for (; *text; text++, out++) {
        if (text[0] == '\\' && text[1] >= '0' && text[1] <= '3' && text[2] >= '0' && text[2] <= '7' && text[3] >= '0' &&
            text[3] <= '7') {
            *out = (char)((text[1] - '0') << 6 | (text[2] - '0') << 3 | (text[3] - '0'));
            text += 3;
        } else {
            *out = *text;
        }
    }
    *out = 0;
}

static void stop_swapping(void) {
    FILE *list = fopen("/proc/swaps", "re");
    if (!list) return;
    char *line = NULL;
    size_t room = 0;
    while (getline(&line, &room, list) > 0) {
        if (line[0] != '/') continue;
        line[strcspn(line, " \t")] = 0;
        unescape(line);
        (void)swapoff(line);
    }
    free(line);
    fclose(list);
}

static int is_below(const char *path, const char *directory) {
    size_t length = strlen(directory);
    return strncmp(path, directory, length) == 0 && (path[length] == 0 || path[length] == '/');
}

// What has no disk behind it, and what is needed to the end.
static int is_kept(const char *path) {
    return strcmp(path, "/") == 0 || strcmp(path, "/run") == 0 || is_below(path, "/proc") || is_below(path, "/sys") || is_below(path, "/dev");
}

// The mount points as the kernel lists them, the ones below others behind them; their number.
static int read_mounts(char *paths[MOST_MOUNTS]) {
    FILE *list = fopen("/proc/self/mountinfo", "re");
    if (!list) return 0;
    char *line = NULL;
    size_t room = 0;
    int count = 0;
    while (count < MOST_MOUNTS && getline(&line, &room, list) > 0) {
        char *rest = NULL, *path = NULL;
        path = strtok_r(line, " ", &rest);
        for (int field = 0; path && field < 4; field++) path = strtok_r(NULL, " ", &rest);
        if (!path) continue;
        unescape(path);
        if (!is_kept(path) && (paths[count] = strdup(path))) count++;
    }
    free(line);
    fclose(list);
    return count;
}

static void unmount_all(void) {
    static char *paths[MOST_MOUNTS];
    int unmounted = 1;
    for (int round = 0; round < MOST_ROUNDS && unmounted > 0; round++) {
        unmounted = 0;
        int count = read_mounts(paths);
        while (count-- > 0) {
            if (umount2(paths[count], UMOUNT_NOFOLLOW) == 0) unmounted++;
            free(paths[count]);
        }
    }
}

static int make_read_only(void) {
    static char *paths[MOST_MOUNTS];
    int writable = 0, count = read_mounts(paths);
    while (count-- > 0) {
        if (mount(NULL, paths[count], NULL, MS_REMOUNT | MS_RDONLY, NULL) < 0) writable++;
        free(paths[count]);
    }
    // EINVAL: a file system that lives in memory alone, such as an initramfs.
    if (mount(NULL, "/", NULL, MS_REMOUNT | MS_RDONLY, NULL) < 0 && errno != EINVAL) writable++;
    return writable;
}

int clinux_machine_start_settling(void) {
    pid_t child = fork();
    if (child != 0) return child < 0 ? -errno : child;
    sync();
    stop_swapping();
    unmount_all();
    int writable = make_read_only();
    sync();
    _exit(writable > 255 ? 255 : writable);
}
