// Who a process of the container is and what it is bounded by: identity, capabilities, limits, namespaces, mounts.
#include "probe.h"
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/personality.h>
#include <sys/resource.h>

static void status(void) {
    static const char *wanted[] = {
        "Umask", "Uid", "Gid", "Groups", "SigPnd", "ShdPnd",
        "SigBlk", "SigIgn", "SigCgt", "CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb", "NoNewPrivs", "Seccomp",
        "Seccomp_filters", "Speculation_Store_Bypass", "SpeculationIndirectBranch", "Cpus_allowed", "Mems_allowed",
        "CoreDumping", "THP_enabled", "untag_mask", "TracerPid"};
    FILE *file = fopen("/proc/self/status", "r");
    char line[4096];
    while (file && fgets(line, sizeof line, file)) {
        char *colon = strchr(line, ':');
        if (!colon) continue;
        *colon = 0;
        for (unsigned i = 0; i < sizeof wanted / sizeof *wanted; i++) {
            if (strcmp(wanted[i], line)) continue;
            char name[5000];
            snprintf(name, sizeof name, "status %s", line);
            colon[1 + strcspn(colon + 1, "\n")] = 0;
            say(name, "%s", colon + 1 + strspn(colon + 1, " \t"));
        }
    }
    if (file) fclose(file);
}

static void process(void) {
    say("personality", "%#x", personality(0xffffffff));
    say("securebits", "%#x", prctl(PR_GET_SECUREBITS));
    say("keepcaps", "%d", prctl(PR_GET_KEEPCAPS));
    say("dumpable", "%d", prctl(PR_GET_DUMPABLE));
    int number = -1;
    say("parent's death", "%s %d", outcome(prctl(PR_GET_PDEATHSIG, &number)), number);
    number = -1;
    say("child subreaper", "%s %d", outcome(prctl(PR_GET_CHILD_SUBREAPER, &number)), number);
    say("timer slack", "%d", prctl(PR_GET_TIMERSLACK));
    say("huge pages off", "%d", prctl(PR_GET_THP_DISABLE));
    say("speculative store bypass", "%d", prctl(PR_GET_SPECULATION_CTRL, PR_SPEC_STORE_BYPASS, 0, 0, 0));
    say("indirect branches", "%d", prctl(PR_GET_SPECULATION_CTRL, PR_SPEC_INDIRECT_BRANCH, 0, 0, 0));
    say("memory deny write execute", "%d", prctl(66, 0, 0, 0, 0));
    say("machine check kill", "%d", prctl(PR_MCE_KILL_GET, 0, 0, 0, 0));
    say("io flusher", "%s", outcome(prctl(58, 0, 0, 0, 0)));
    say("nice", "%d", getpriority(PRIO_PROCESS, 0));
    say("scheduler", "%d", sched_getscheduler(0));
    say("io priority", "%ld", syscall(SYS_ioprio_get, 1, 0));
    cpu_set_t set;
    say("processors", "%d", sched_getaffinity(0, sizeof set, &set) ? -1 : CPU_COUNT(&set));
    say("session's leader", "%s", getsid(0) == getpid() ? "itself" : getsid(0) == 0 ? "outside" : "another");
    say("process group", "%s", getpgrp() == getpid() ? "own" : getpgrp() == 0 ? "outside" : "another");
    say("parent", "%s", getppid() == 0 ? "outside" : getppid() == 1 ? "1" : "another");
    char text[4096];
    say("directory", "%s", getcwd(text, sizeof text) ?: outcome(-1));
    static const char *files[] = {"oom_score_adj", "coredump_filter", "loginuid", "setgroups", "timens_offsets"};
    for (unsigned i = 0; i < sizeof files / sizeof *files; i++) {
        snprintf(text, sizeof text, "/proc/self/%s", files[i]);
        int file = open(text, O_RDONLY);
        ssize_t length = file < 0 ? -1 : read(file, text, sizeof text - 1);
        for (ssize_t at = 0; at < length; at++) if (text[at] == '\n') text[at] = ' ';
        if (length >= 0) text[length] = 0;
        say(files[i], "%s", length < 0 ? outcome(-1) : text);
        if (file >= 0) close(file);
    }
    for (number = 0; number < 64; number++) {
        struct stat info;
        if (fstat(number, &info)) continue;
        char name[32];
        snprintf(name, sizeof name, "descriptor %d", number);
        unsigned type = info.st_mode & S_IFMT;
        say(name, "%s, owner %d, %s", type == S_IFIFO ? "pipe" : type == S_IFCHR ? "device" : type == S_IFDIR ? "directory"
            : type == S_IFREG ? "file" : "other", info.st_uid, fcntl(number, F_GETFL) & O_NONBLOCK ? "nonblocking" : "blocking");
    }
}

static void limits(void) {
    static const char *names[] = {"cpu", "fsize", "data", "stack", "core", "rss", "nproc", "nofile", "memlock", "as",
                                  "locks", "sigpending", "msgqueue", "nice", "rtprio", "rttime"};
    for (int i = 0; i < 16; i++) {
        struct rlimit limit = {0, 0};
        getrlimit(i, &limit);
        char name[32];
        snprintf(name, sizeof name, "limit %s", names[i]);
        say(name, "%lld %lld", (long long)limit.rlim_cur, (long long)limit.rlim_max);
    }
}

// HOST_NAMESPACES has the links of the test's own, separated by spaces.
static void namespaces(void) {
    static const char *names[] = {"cgroup", "ipc", "mnt", "net", "pid", "pid_for_children", "time", "time_for_children",
                                  "user", "uts"};
    const char *host = getenv("HOST_NAMESPACES") ?: "";
    for (unsigned i = 0; i < sizeof names / sizeof *names; i++) {
        char path[64], link[64], name[64];
        snprintf(path, sizeof path, "/proc/self/ns/%s", names[i]);
        snprintf(name, sizeof name, "namespace %s", names[i]);
        ssize_t length = readlink(path, link, sizeof link - 1);
        if (length < 0) { say(name, "%s", outcome(-1)); continue; }
        link[length] = 0;
        say(name, "%s", strstr(host, link) ? "the host's" : "own");
    }
}

// Whether what a file system says of itself is the same in every container.
static int isTelling(const char *type) {
    return strcmp(type, "overlay") && strcmp(type, "ext4") && strcmp(type, "xfs") && strcmp(type, "btrfs");
}

static void mounts(void) {
    FILE *file = fopen("/proc/self/mountinfo", "r");
    char line[8192], root[4096], place[4096], flags[512], type[128], super[4096];
    while (file && fgets(line, sizeof line, file)) {
        if (sscanf(line, "%*d %*d %*s %4095s %4095s %511s", root, place, flags) != 3) continue;
        char *dash = strstr(line, " - ");
        if (!dash || sscanf(dash, " - %127s %*s %4095s", type, super) != 2) continue;
        char name[4200];
        snprintf(name, sizeof name, "mount %s flags", place);
        say(name, "%s", flags);
        snprintf(name, sizeof name, "mount %s type", place);
        say(name, "%s %s", type, isTelling(type) ? super : strncmp(super, "ro", 2) ? "rw" : "ro");
        snprintf(name, sizeof name, "mount %s propagation", place);
        say(name, "%s", strstr(line, " shared:") ? "shared" : strstr(line, " master:") ? "slave" : "private");
        // The log's and the test's own directories have names of their own.
        snprintf(name, sizeof name, "mount %s root", place);
        if (isTelling(type)) say(name, "%s", strncmp(type, "cgroup", 6) ? root : root[1] ? "below" : "/");
    }
    if (file) fclose(file);
}

int main(void) {
    status();
    process();
    limits();
    namespaces();
    mounts();
    return 0;
}
