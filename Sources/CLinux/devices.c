#define _GNU_SOURCE
#include "clinux_devices.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/bpf.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { RESULT = 0, CONTEXT = 1, TYPE = 2, ACCESS = 3, MAJOR = 4, MINOR = 5, SCRATCH = 6 };
enum { PROLOGUE = 6, PER_RULE = 8, EPILOGUE = 2 };

static struct bpf_insn instruction(int code, int to, int from, int offset, int value) {
    return (struct bpf_insn){
        .code = (__u8)code, .dst_reg = (__u8)to & 15, .src_reg = (__u8)from & 15, .off = (__s16)offset, .imm = value};
}

static struct bpf_insn load(int to, int offset) {
    return instruction(BPF_LDX | BPF_W | BPF_MEM, to, CONTEXT, offset, 0);
}

// The context is access_type (access in the upper half, type in the lower), major and minor.
static size_t write_program(struct bpf_insn *out, const struct clinux_device_rule *rules, size_t count) {
    struct bpf_insn *at = out;
    *at++ = load(TYPE, 0);
    *at++ = instruction(BPF_ALU | BPF_AND | BPF_K, TYPE, 0, 0, 0xFFFF);
    *at++ = load(ACCESS, 0);
    *at++ = instruction(BPF_ALU | BPF_RSH | BPF_K, ACCESS, 0, 0, 16);
    *at++ = load(MAJOR, 4);
    *at++ = load(MINOR, 8);
    for (size_t i = 0; i < count; i++) {
        const struct clinux_device_rule *rule = &rules[i];
        // Each test that fails jumps behind the rule, over this many instructions and itself.
        int left = 6 + (rule->major >= 0) + (rule->minor >= 0);
        *at++ = instruction(BPF_JMP | BPF_JNE | BPF_K, TYPE, 0, --left, (int)rule->type);
        *at++ = instruction(BPF_ALU64 | BPF_MOV | BPF_X, SCRATCH, ACCESS, 0, 0);
        left -= 2;
        // What is asked for beyond what the rule gives.
        *at++ = instruction(BPF_ALU64 | BPF_AND | BPF_K, SCRATCH, 0, 0, (int)(~rule->access & 7));
        *at++ = instruction(BPF_JMP | BPF_JNE | BPF_K, SCRATCH, 0, --left, 0);
        if (rule->major >= 0) *at++ = instruction(BPF_JMP | BPF_JNE | BPF_K, MAJOR, 0, --left, rule->major);
        if (rule->minor >= 0) *at++ = instruction(BPF_JMP | BPF_JNE | BPF_K, MINOR, 0, --left, rule->minor);
        *at++ = instruction(BPF_ALU64 | BPF_MOV | BPF_K, RESULT, 0, 0, 1);
        *at++ = instruction(BPF_JMP | BPF_EXIT, 0, 0, 0, 0);
    }
    *at++ = instruction(BPF_ALU64 | BPF_MOV | BPF_K, RESULT, 0, 0, 0);
    *at++ = instruction(BPF_JMP | BPF_EXIT, 0, 0, 0, 0);
    return (size_t)(at - out);
}

static int attach(const char *group, const struct bpf_insn *program, size_t length) {
    static const char license[] = "Apache-2.0";
    int directory = open(group, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (directory < 0) return -errno;
    union bpf_attr load_it;
    memset(&load_it, 0, sizeof load_it);
    load_it.prog_type = BPF_PROG_TYPE_CGROUP_DEVICE;
    load_it.insns = (uint64_t)(uintptr_t)program;
    load_it.insn_cnt = (uint32_t)length;
    load_it.license = (uint64_t)(uintptr_t)license;
    int result = 0;
    int loaded = (int)syscall(SYS_bpf, BPF_PROG_LOAD, &load_it, sizeof load_it);
    if (loaded < 0) result = -errno;
    if (result == 0) {
        union bpf_attr attach_it;
        memset(&attach_it, 0, sizeof attach_it);
        attach_it.target_fd = (uint32_t)directory;
        attach_it.attach_bpf_fd = (uint32_t)loaded;
        attach_it.attach_type = BPF_CGROUP_DEVICE;
        attach_it.attach_flags = BPF_F_ALLOW_MULTI;
        if (syscall(SYS_bpf, BPF_PROG_ATTACH, &attach_it, sizeof attach_it) < 0) result = -errno;
        close(loaded);
    }
    close(directory);
    return result;
}

int clinux_restrict_devices(const char *group, const struct clinux_device_rule *rules, size_t count) {
    struct bpf_insn *program = calloc(PROLOGUE + PER_RULE * count + EPILOGUE, sizeof *program);
    if (!program) return -ENOMEM;
    size_t length = write_program(program, rules, count);
    int result = attach(group, program, length);
    free(program);
    return result;
}
