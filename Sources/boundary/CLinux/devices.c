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

enum { MOST_PROGRAMS = 64 };  // BPF_CGROUP_MAX_PROGS

struct attached {
    uint32_t count, flags;
    uint32_t identifiers[MOST_PROGRAMS];
};

static int call(int command, union bpf_attr *attributes) {
    long result = syscall(SYS_bpf, command, attributes, sizeof *attributes);
    return result < 0 ? -errno : (int)result;
}

static int query(int group, struct attached *out) {
    union bpf_attr attributes;
    memset(&attributes, 0, sizeof attributes);
    memset(out, 0, sizeof *out);
    attributes.query.target_fd = (uint32_t)group;
    attributes.query.attach_type = BPF_CGROUP_DEVICE;
    attributes.query.prog_ids = (uint64_t)(uintptr_t)out->identifiers;
    attributes.query.prog_cnt = MOST_PROGRAMS;
    int result = call(BPF_PROG_QUERY, &attributes);
    out->count = attributes.query.prog_cnt;
    out->flags = attributes.query.attach_flags;
    return result;
}

static int open_program(uint32_t identifier) {
    union bpf_attr attributes;
    memset(&attributes, 0, sizeof attributes);
    attributes.prog_id = identifier;
    return call(BPF_PROG_GET_FD_BY_ID, &attributes);
}

static int load_program(const struct bpf_insn *program, size_t length) {
    static const char license[] = "Apache-2.0";
    union bpf_attr attributes;
    memset(&attributes, 0, sizeof attributes);
    attributes.prog_type = BPF_PROG_TYPE_CGROUP_DEVICE;
    attributes.insns = (uint64_t)(uintptr_t)program;
    attributes.insn_cnt = (uint32_t)length;
    attributes.license = (uint64_t)(uintptr_t)license;
    return call(BPF_PROG_LOAD, &attributes);
}

static int attach(int group, int program, uint32_t flags, int replaced) {
    union bpf_attr attributes;
    memset(&attributes, 0, sizeof attributes);
    attributes.target_fd = (uint32_t)group;
    attributes.attach_bpf_fd = (uint32_t)program;
    attributes.attach_type = BPF_CGROUP_DEVICE;
    attributes.attach_flags = flags;
    if (flags & BPF_F_REPLACE) attributes.replace_bpf_fd = (uint32_t)replaced;
    return call(BPF_PROG_ATTACH, &attributes);
}

static int detach(int group, uint32_t identifier) {
    int program = open_program(identifier);
    // One that somebody else has taken off meanwhile.
    if (program == -ENOENT) return 0;
    if (program < 0) return program;
    union bpf_attr attributes;
    memset(&attributes, 0, sizeof attributes);
    attributes.target_fd = (uint32_t)group;
    attributes.attach_bpf_fd = (uint32_t)program;
    attributes.attach_type = BPF_CGROUP_DEVICE;
    int result = call(BPF_PROG_DETACH, &attributes);
    close(program);
    return result == -ENOENT ? 0 : result;
}

// In the place of one that is there, in one step.
static int replace_one(int group, int program, const struct attached *old) {
    // Somebody attached it to stand alone: the same way of attaching puts ours in its place.
    if (!(old->flags & BPF_F_ALLOW_MULTI)) return attach(group, program, old->flags, -1);
    int first = open_program(old->identifiers[0]);
    if (first < 0) return first;
    int result = attach(group, program, BPF_F_ALLOW_MULTI | BPF_F_REPLACE, first);
    close(first);
    return result;
}

// All programs have to agree: with ours beside the old ones nothing is allowed that ours does not allow.
static int replace(int group, int program) {
    struct attached old;
    int result = query(group, &old);
    if (result < 0) return result;
    if (old.count == 0) return attach(group, program, BPF_F_ALLOW_MULTI, -1);
    uint32_t first = 1;
    result = replace_one(group, program, &old);
    // Before Linux 5.6 there is no BPF_F_REPLACE.
    if (result == -EINVAL && (old.flags & BPF_F_ALLOW_MULTI)) {
        first = 0;
        result = attach(group, program, BPF_F_ALLOW_MULTI, -1);
    }
    for (uint32_t i = first; result == 0 && i < old.count; i++) result = detach(group, old.identifiers[i]);
    return result;
}

int clinux_restrict_devices(const char *path, const struct clinux_device_rule *rules, size_t count) {
    struct bpf_insn *instructions = calloc(PROLOGUE + PER_RULE * count + EPILOGUE, sizeof *instructions);
    if (!instructions) return -ENOMEM;
    size_t length = write_program(instructions, rules, count);
    int group = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    int result = group < 0 ? -errno : 0;
    int program = result < 0 ? result : load_program(instructions, length);
    free(instructions);
    if (program >= 0) {
        result = replace(group, program);
        close(program);
    } else {
        result = program;
    }
    if (group >= 0) close(group);
    return result;
}

int clinux_unrestrict_devices(const char *path) {
    int group = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (group < 0) return -errno;
    struct attached old;
    int result = query(group, &old);
    for (uint32_t i = 0; result == 0 && i < old.count; i++) result = detach(group, old.identifiers[i]);
    close(group);
    return result;
}

int clinux_device_programs(const char *path) {
    int group = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (group < 0) return -errno;
    struct attached found;
    int result = query(group, &found);
    close(group);
    return result < 0 ? result : (int)found.count;
}
