// Prints what the container's filter says to every system call, of all three of x86-64's entrances, without running one: a
// second filter hands each call that the container's own allows to a listener, which answers in the kernel's place.
// A stricter verdict of the container's filter wins over the listener (seccomp(2), precedence of return values). Only
// uretprobe and uprobe do reach the kernel, which asks no filter about them since Linux 6.14.
#define _GNU_SOURCE
#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

// In the sixth argument: this call is asked about.
#define ASKED 0x5e7e0
// What the listener answers: no call of the kernel fails so.
#define REACHED EXFULL
#define NONE INT32_MIN

enum entrance { NATIVE, X32, I386 };
static const char *entrances[] = {"x86_64", "x32", "i386"};

struct question {
    enum entrance entrance;
    uint32_t number;
    uint64_t first, second;
};
enum { MOST = 20000 };
static struct {
    volatile int listener;
    volatile int asking;
    int count;
    struct question questions[MOST];
    volatile int answers[MOST];
} *board;

static void ask(enum entrance entrance, uint32_t number, uint64_t first, uint64_t second) {
    if (board->count == MOST) abort();
    board->questions[board->count] = (struct question){entrance, number, first, second};
    board->answers[board->count++] = NONE;
}

static long call64(uint64_t number, uint64_t first, uint64_t second) {
    register uint64_t fourth asm("r10") = second;
    register uint64_t fifth asm("r8") = second;
    register uint64_t sixth asm("r9") = ASKED;
    long result;
    asm volatile("syscall"
                 : "=a"(result)
                 : "a"(number), "D"(first), "S"(second), "d"(second), "r"(fourth), "r"(fifth), "r"(sixth)
                 : "rcx", "r11", "memory");
    return result;
}

static long call32(uint32_t number, uint32_t first, uint32_t second) {
    int result;
    asm volatile("sub $128, %%rsp\n push %%rbp\n mov %[asked], %%ebp\n int $0x80\n pop %%rbp\n add $128, %%rsp"
                 : "=a"(result)
                 : "a"(number), "b"(first), "c"(second), "d"(second), "S"(second), "D"(second), [asked] "i"(ASKED)
                 : "r8", "r9", "r10", "r11", "memory");
    return result;
}

// The asking process: from the first question that has no answer on.
static int asker(void *unused) {
    struct sock_filter code[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, args[5])),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, ASKED, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_USER_NOTIF),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
    };
    struct sock_fprog program = {sizeof code / sizeof *code, code};
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)) _exit(101);
    int listener = syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_NEW_LISTENER, &program);
    if (listener < 0) _exit(102);
    board->listener = listener;
    for (int i = board->asking; i < board->count; i++) {
        board->asking = i;
        struct question *q = &board->questions[i];
        long result = q->entrance == I386 ? call32(q->number, q->first, q->second)
            : call64(q->entrance == X32 ? q->number | 0x40000000 : q->number, q->first, q->second);
        board->answers[i] = result;
    }
    board->asking = board->count;
    _exit(0);
}

static void answer(int listener) {
    struct seccomp_notif request;
    struct seccomp_notif_resp response;
    for (;;) {
        struct pollfd entry = {listener, POLLIN, 0};
        if (poll(&entry, 1, -1) < 0 || !(entry.revents & POLLIN)) return;
        memset(&request, 0, sizeof request);
        if (ioctl(listener, SECCOMP_IOCTL_NOTIF_RECV, &request)) continue;
        memset(&response, 0, sizeof response);
        response.id = request.id;
        response.error = -REACHED;
        ioctl(listener, SECCOMP_IOCTL_NOTIF_SEND, &response);
    }
}

static void askAll(void) {
    while (board->asking < board->count) {
        static char stack[65536] __attribute__((aligned(16)));
        board->listener = -1;
        pid_t child = clone(asker, stack + sizeof stack, CLONE_FILES | SIGCHLD, NULL);
        if (child < 0) { perror("clone"); exit(1); }
        int status = 0;
        while (board->listener < 0 && waitpid(child, &status, WNOHANG) == 0) usleep(100);
        if (board->listener < 0) { fprintf(stderr, "no second filter: status %d\n", status); exit(1); }
        answer(board->listener);
        close(board->listener);
        if (waitpid(child, &status, 0) < 0) continue;
        if (WIFSIGNALED(status)) board->answers[board->asking++] = 100000 + WTERMSIG(status);
        else if (WEXITSTATUS(status)) { fprintf(stderr, "exit %d\n", WEXITSTATUS(status)); exit(1); }
    }
}

// Calls whose verdict hangs on an argument, in Docker's profile or in one that a host may have.
static void askArguments(enum entrance entrance, int clone, int unshare, int personality, int socket) {
    static const uint64_t namespaces[] = {
        0x80, 0x20000, 0x2000000, 0x4000000, 0x8000000, 0x10000000, 0x20000000, 0x40000000, 17, 0x10f00,
        0x7e020000, 0x7fffffff, 0x10000011, 0x100000000, 0x110000000};
    for (unsigned i = 0; i < sizeof namespaces / sizeof *namespaces; i++) {
        ask(entrance, clone, namespaces[i], 0);
        ask(entrance, unshare, namespaces[i], 0);
    }
    static const uint64_t personalities[] = {
        0, 1, 4, 8, 0x20000, 0x20008, 0x40000, 0x100000, 0x400000, 0xffffffff, 0xffffffffffffffff};
    for (unsigned i = 0; i < sizeof personalities / sizeof *personalities; i++)
        ask(entrance, personality, personalities[i], 0);
    for (uint64_t domain = 0; domain < 48; domain++)
        for (uint64_t type = 1; type <= 5; type++) ask(entrance, socket, domain, type);
    ask(entrance, socket, 0x100000028, 1);
}

int main(void) {
    board = mmap(NULL, sizeof *board, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (board == MAP_FAILED) return 1;
    static const uint32_t beyond[] = {600, 1000, 4096, 0x7fff, 0x10000, 0x3fffffff};
    for (enum entrance entrance = NATIVE; entrance <= I386; entrance++) {
        for (uint32_t number = 0; number < 560; number++) {
            ask(entrance, number, 0, 0);
            ask(entrance, number, -1, -1);
        }
        for (unsigned i = 0; i < sizeof beyond / sizeof *beyond; i++) ask(entrance, beyond[i], 0, 0);
    }
    askArguments(NATIVE, SYS_clone, SYS_unshare, SYS_personality, SYS_socket);
    askArguments(X32, SYS_clone, SYS_unshare, SYS_personality, SYS_socket);
    askArguments(I386, 120, 310, 136, 359);
    for (uint64_t call = 0; call < 24; call++) ask(I386, 102, call, 0);
    askAll();
    for (int i = 0; i < board->count; i++) {
        struct question *q = &board->questions[i];
        int verdict = board->answers[i];
        printf("%s %u(%#llx, %#llx)\t", entrances[q->entrance], q->number, (unsigned long long)q->first,
               (unsigned long long)q->second);
        if (verdict == -REACHED) puts("allowed");
        else if (verdict >= 100000) printf("killed by signal %d\n", verdict - 100000);
        else if (verdict < 0 && verdict != NONE) puts(strerrorname_np(-verdict));
        else printf("went through with %d\n", verdict);
    }
    return 0;
}
