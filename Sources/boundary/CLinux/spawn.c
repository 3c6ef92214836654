#define _GNU_SOURCE
#include "child.h"
#include "clinux_descriptor.h"
#include "inherited.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/sched.h>
#include <sched.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { LAUNCH_FAILED = 127 };

static int open_file_limit_restored(void) {
    if (!clinux_inherited.open_files_raised) return 0;
    return (int)syscall(SYS_prlimit64, 0, RLIMIT_NOFILE, &clinux_inherited.open_files, NULL);
}

void child_report(struct child *child, uint32_t kind, int error, int64_t value) {
    struct clinux_report report = {
        .kind = kind, .operation = child->operation, .step = child->step, .error = error, .value = value};
    (void)clinux_write(child->reports, &report, sizeof report);
}

void child_warn(struct child *child, int error) { child_report(child, CLINUX_REPORT_WARNING, error, 0); }

int child_step(struct child *child, uint32_t step, long result) {
    int error = errno;
    child->step = step;
    if (result >= 0) return 0;
    return -error;
}

static _Noreturn void fail(struct child *child, int result) {
    child_report(child, CLINUX_REPORT_FAILURE, -result, 0);
    _exit(LAUNCH_FAILED);
}

static int write_file(struct child *child, struct fields fields) {
    const char *path = text_field(&fields), *data = text_field(&fields);
    int result = child_write_file(child, path, data);
    if (result == 0 || number_field(&fields) == 0) return result;
    child_warn(child, -result);
    return 0;
}

void child_close_descriptor(struct child *child, int index) {
    if (child->descriptors[index] >= 0) close(child->descriptors[index]);
    child->descriptors[index] = -1;
}

void child_close_descriptors(struct child *child) {
    for (int i = 0; i < child->request->descriptor_count; i++) child_close_descriptor(child, i);
    if (child->procfs >= 0) close(child->procfs);
    child->procfs = -1;
}

static int enter_namespace(struct child *child, int index) {
    int result = child_step(child, CLINUX_STEP_SET_NAMESPACE, setns(child->descriptors[index], 0));
    child_close_descriptor(child, index);
    return result;
}

// What is done as somebody whom others may trace, or in a directory that others choose, is done without the host's descriptors.
static int needs_no_descriptors(uint16_t code) {
    return code == CLINUX_CHANGE_DIRECTORY || code == CLINUX_IDENTITY || code == CLINUX_CAPABILITIES ||
           code == CLINUX_SECCOMP || code == CLINUX_EXECUTE;
}

static int carry_out(struct child *child, uint16_t code, struct fields fields) {
    struct fields all = fields;
    const char *text;
    child->step = CLINUX_STEP_NONE;
    if (needs_no_descriptors(code)) child_close_descriptors(child);
    switch ((enum clinux_operation)code) {
    case CLINUX_ENTER_NAMESPACE: return enter_namespace(child, (int)number_field(&fields));
    case CLINUX_UNSHARE: return child_step(child, CLINUX_STEP_NONE, syscall(SYS_unshare, number_field(&fields)));
    case CLINUX_WRITE_FILE: return write_file(child, all);
    case CLINUX_LOOPBACK_UP: return child_loopback_up(child);
    case CLINUX_SET_HOSTNAME:
        text = text_field(&fields);
        return child_step(child, CLINUX_STEP_NONE, sethostname(text, strlen(text)));
    case CLINUX_SET_DOMAINNAME:
        text = text_field(&fields);
        return child_step(child, CLINUX_STEP_NONE, setdomainname(text, strlen(text)));
    case CLINUX_PROPAGATION: return child_propagation(child, all);
    case CLINUX_MOUNT: return child_mount(child, all);
    case CLINUX_MOUNT_IN_ROOT: return child_mount_in_root(child, all);
    case CLINUX_BIND_IN_ROOT: return child_bind_in_root(child, all);
    case CLINUX_MAKE_DIRECTORY_IN_ROOT: return child_make_directory_in_root(child, all);
    case CLINUX_SYMLINK_IN_ROOT: return child_symlink_in_root(child, all);
    case CLINUX_DEVICE_IN_ROOT: return child_device_in_root(child, all);
    case CLINUX_PIVOT_ROOT: return child_pivot_root(child, text_field(&fields));
    case CLINUX_REMOUNT:
        text = text_field(&fields);
        return child_remount(child, text, number_field(&fields));
    case CLINUX_SET_LIMIT: return child_set_limit(child, all);
    case CLINUX_OOM_SCORE_ADJUST: return child_oom_score(child, (int64_t)number_field(&fields));
    case CLINUX_NEW_SESSION: return child_step(child, CLINUX_STEP_NONE, setsid());
    case CLINUX_CONTROLLING_TERMINAL: return child_controlling_terminal(child);
    case CLINUX_UMASK: child->umask = (mode_t)number_field(&fields) & 0777; return 0;
    case CLINUX_NO_NEW_PRIVILEGES: return child_step(child, CLINUX_STEP_NONE, prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0));
    case CLINUX_IDENTITY: return child_identity(child, all);
    case CLINUX_CAPABILITIES: return child_capabilities(child, all);
    case CLINUX_SECCOMP: return child_seccomp(child, all);
    case CLINUX_CHANGE_DIRECTORY:
        text = text_field(&fields);
        return child_change_directory(child, text, number_field(&fields) != 0);
    case CLINUX_PARENT_DEATH_SIGNAL:
        return child_step(child, CLINUX_STEP_NONE, prctl(PR_SET_PDEATHSIG, (int)number_field(&fields), 0, 0, 0));
    case CLINUX_EXECUTE: return child_execute(child, all);
    case CLINUX_ATTACH_TREE: return child_attach_tree(child, all);
    case CLINUX_BIRTH: return 0;
    case CLINUX_SYSCTL: return child_sysctl(child, all);
    case CLINUX_MASK_IN_ROOT: return child_mask_in_root(child, all);
    case CLINUX_READONLY_IN_ROOT: return child_readonly_in_root(child, all);
    case CLINUX_CONSOLE_IN_ROOT: return child_console_in_root(child, all);
    case CLINUX_OWN_NULL_DEVICE: return child_own_null_device(child);
    case CLINUX_SESSION_KEYRING: return child_session_keyring(child, text_field(&fields));
    case CLINUX_APPARMOR_PROFILE: return child_apparmor_profile(child, text_field(&fields));
    case CLINUX_OPERATION_END: break;
    }
    return -EINVAL;
}

struct progress {
    const unsigned char *next;
    uint32_t done, count;
};

static struct progress start_of(const void *plan) {
    struct clinux_plan_header header;
    memcpy(&header, plan, sizeof header);
    return (struct progress){.next = (const unsigned char *)plan + sizeof header, .count = header.operation_count};
}

// The profile is requested while /proc knows us: that of a joined container has no entry of ours before birth. The process that
// is born inherits the request.
static int is_for_the_host(uint16_t code) {
    return code == CLINUX_WRITE_FILE || code == CLINUX_OOM_SCORE_ADJUST || code == CLINUX_APPARMOR_PROFILE;
}
static int is_before_birth(uint16_t code) { return code != CLINUX_BIRTH; }
static int is_any(uint16_t code) { return code != 0; }

/// Carries operations out in order, up to the first that is not one of these.
static void carry_out_plan(struct child *child, struct progress *progress, int (*is_one)(uint16_t code)) {
    while (progress->done < progress->count) {
        struct operation_header header;
        memcpy(&header, progress->next, sizeof header);
        if (!is_one(header.code)) return;
        child->operation = (int32_t)progress->done;
        struct fields fields = {.next = progress->next + sizeof header};
        int result = carry_out(child, header.code, fields);
        if (result < 0) fail(child, result);
        progress->next += sizeof header + header.length;
        progress->done++;
    }
}

// The child needs its streams, the reports and the plan's descriptors; everything else of the keeper's is closed. The few
// get the lowest numbers, so that a small limit of open files in the plan leaves room for what comes after it.
static void gather_descriptors(struct child *child) {
    int count = child->request->descriptor_count;
    int from[1 + MOST_DESCRIPTORS];
    child->step = CLINUX_STEP_STANDARD_STREAMS;
    if (count > MOST_DESCRIPTORS) fail(child, -EINVAL);
    from[0] = child->reports;
    for (int i = 0; i < count; i++) from[1 + i] = child->request->descriptors[i];
    for (int i = 0; i <= count; i++) {
        if (from[i] >= 3 && from[i] <= 3 + count && from[i] != 3 + i) {
            from[i] = fcntl(from[i], F_DUPFD_CLOEXEC, 4 + count);
            if (from[i] < 0) fail(child, -errno);
        }
    }
    for (int i = 0; i <= count; i++) {
        if (from[i] != 3 + i && dup3(from[i], 3 + i, O_CLOEXEC) < 0) fail(child, -errno);
        if (i == 0)
            child->reports = 3;
        else
            child->descriptors[i - 1] = 3 + i;
    }
    (void)clinux_close_range((unsigned)count + 4, ~0U, 0);
}

static void prepare(struct child *child, int cgroup, int is_member) {
    // Nobody in a container may look at what we have open, or take us over, before we are the program (CVE-2016-9962).
    // execve(2) gives it back.
    (void)prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
    child->operation = -1;
    child->joined = -1;
    child->umask = umask(0);
    for (int stream = 0; stream < 3; stream++) {
        int result = child_step(child, CLINUX_STEP_STANDARD_STREAMS, dup2(child->request->streams[stream], stream));
        if (result < 0) fail(child, result);
    }
    gather_descriptors(child);
    clinux_reset_signals();
    if (open_file_limit_restored() < 0) child_warn(child, errno);
    if (cgroup < 0) return;
    if (!is_member) {
        child->step = CLINUX_STEP_JOIN_CGROUP;
        int file = openat(child->descriptors[cgroup], "cgroup.procs", O_WRONLY | O_CLOEXEC);
        if (file < 0 || write(file, "0", 1) < 0) fail(child, -errno);
        close(file);
    }
    child_close_descriptor(child, cgroup);
}

static long clone_process(struct clone_args *arguments) { return syscall(SYS_clone3, arguments, sizeof *arguments); }

// The keeper's child and not ours. The old call, whose flags a filter can see: that of the container may govern us by now.
static long clone_sibling(void) { return syscall(SYS_clone, CLONE_PARENT | SIGCHLD, NULL, NULL, NULL, NULL); }

// The process between: nobody in the container sees it, as it is in the host's PID namespace. It joins the namespaces of a
// running container, does there whatever takes rights or shows the host, and makes the process inside them, which is born
// without either. What the plan begins with is done while the host's files can still be reached.
static _Noreturn void enter(struct child *child, const struct clinux_plan_header *header) {
    struct progress progress = start_of(child->request->plan);
    int gate[2];
    carry_out_plan(child, &progress, is_for_the_host);
    child->operation = -1;
    child->joined = child->descriptors[header->enter_descriptor];
    child->step = CLINUX_STEP_SET_NAMESPACE;
    if (setns(child->joined, (int)header->enter_flags) < 0) fail(child, -errno);
    if (header->namespaces && syscall(SYS_unshare, header->namespaces) < 0) fail(child, -errno);
    carry_out_plan(child, &progress, is_before_birth);
    child->operation = -1;
    child->joined = -1;
    child_close_descriptors(child);
    child->step = CLINUX_STEP_CLONE_INSIDE;
    // Sockets, as those are no files that could be opened again through /proc.
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, gate) < 0) fail(child, -errno);
    long pid = clone_sibling();
    if (pid < 0) fail(child, -errno);
    if (pid == 0) {
        // Goes on only when the keeper can know who it is; otherwise its end could not be told from an orphan's.
        char go;
        close(gate[1]);
        if (clinux_read(gate[0], &go, 1) != 1) _exit(LAUNCH_FAILED);
        close(gate[0]);
        carry_out_plan(child, &progress, is_any);
        _exit(LAUNCH_FAILED);
    }
    child_report(child, CLINUX_REPORT_PROCESS, 0, pid);
    _exit(clinux_write(gate[1], "", 1) == 1 ? 0 : LAUNCH_FAILED);
}

static int no_such_clone(int error) {
    return error == EINVAL || error == EBADF || error == EOPNOTSUPP || error == E2BIG;
}

int clinux_spawn(const struct clinux_spawn_request *request, struct clinux_spawned *out) {
    struct clinux_plan_header header;
    memcpy(&header, request->plan, sizeof header);
    int ends[2];
    // Not a pipe, which could be opened again through /proc by whoever may trace the child.
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) < 0) return -errno;
    (void)clinux_set_nonblocking(ends[0], 1);
    int pidfd = -1;
    int cgroup = header.cgroup_descriptor < 0 ? -1 : request->descriptors[header.cgroup_descriptor];
    int enters = header.enter_descriptor >= 0;
    struct clone_args arguments = {
        .flags = CLONE_PIDFD | CLONE_CLEAR_SIGHAND | (enters ? 0 : header.namespaces),
        .pidfd = (uint64_t)(uintptr_t)&pidfd,
        .exit_signal = SIGCHLD};
    if (cgroup >= 0) {
        arguments.flags |= CLONE_INTO_CGROUP;
        arguments.cgroup = (uint64_t)cgroup;
    }
    uint64_t all = ~0ULL, before;
    if (syscall(SYS_rt_sigprocmask, SIG_SETMASK, &all, &before, sizeof all) < 0) {
        int error = errno;
        close(ends[0]);
        close(ends[1]);
        return -error;
    }
    long pid = clone_process(&arguments);
    if (pid < 0 && cgroup >= 0 && no_such_clone(errno)) {
        arguments.flags &= ~(uint64_t)CLONE_INTO_CGROUP;
        arguments.cgroup = 0;
        pid = clone_process(&arguments);
    }
    if (pid < 0 && errno == EINVAL) {
        arguments.flags &= ~(uint64_t)CLONE_CLEAR_SIGHAND;
        pid = clone_process(&arguments);
    }
    if (pid == 0) {
        struct child child = {.reports = ends[1], .request = request, .procfs = -1};
        prepare(&child, header.cgroup_descriptor, (arguments.flags & CLONE_INTO_CGROUP) != 0);
        if (enters) enter(&child, &header);
        struct progress progress = start_of(request->plan);
        carry_out_plan(&child, &progress, is_any);
        _exit(LAUNCH_FAILED);
    }
    int error = errno;
    syscall(SYS_rt_sigprocmask, SIG_SETMASK, &before, NULL, sizeof before);
    close(ends[1]);
    if (pid < 0) {
        close(ends[0]);
        return -error;
    }
    *out = (struct clinux_spawned){.pid = (int32_t)pid, .pidfd = pidfd, .enters = enters, .reports = ends[0]};
    return 0;
}
