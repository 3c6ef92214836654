#include "plan.h"

#include <errno.h>

_Static_assert(sizeof(struct clinux_plan_header) == 40, "plan header");

// n number, d index of a descriptor, s text, b bytes, N list of numbers, S list of texts, A the same and not empty.
static const char *const shapes[CLINUX_OPERATION_END] = {
    [CLINUX_ENTER_NAMESPACE] = "d",
    [CLINUX_UNSHARE] = "n",
    [CLINUX_WRITE_FILE] = "ssn",
    [CLINUX_LOOPBACK_UP] = "",
    [CLINUX_SET_HOSTNAME] = "s",
    [CLINUX_SET_DOMAINNAME] = "s",
    [CLINUX_PROPAGATION] = "sn",
    [CLINUX_MOUNT] = "sssns",
    [CLINUX_MOUNT_IN_ROOT] = "ssssns",
    [CLINUX_BIND_IN_ROOT] = "sssnnn",
    [CLINUX_MAKE_DIRECTORY_IN_ROOT] = "ssn",
    [CLINUX_SYMLINK_IN_ROOT] = "sss",
    [CLINUX_DEVICE_IN_ROOT] = "ssnnnnn",
    [CLINUX_PIVOT_ROOT] = "s",
    [CLINUX_REMOUNT] = "sn",
    [CLINUX_SET_LIMIT] = "nnn",
    [CLINUX_OOM_SCORE_ADJUST] = "n",
    [CLINUX_NEW_SESSION] = "",
    [CLINUX_CONTROLLING_TERMINAL] = "",
    [CLINUX_UMASK] = "n",
    [CLINUX_NO_NEW_PRIVILEGES] = "",
    [CLINUX_IDENTITY] = "nnN",
    [CLINUX_CAPABILITIES] = "nnnnn",
    [CLINUX_SECCOMP] = "b",
    [CLINUX_CHANGE_DIRECTORY] = "sn",
    [CLINUX_PARENT_DEATH_SIGNAL] = "n",
    [CLINUX_EXECUTE] = "AS",
    [CLINUX_ATTACH_TREE] = "ds",
    [CLINUX_BIRTH] = "",
    [CLINUX_SYSCTL] = "sss",
    [CLINUX_MASK_IN_ROOT] = "sss",
    [CLINUX_READONLY_IN_ROOT] = "ss",
    [CLINUX_CONSOLE_IN_ROOT] = "ss",
    [CLINUX_OWN_NULL_DEVICE] = "",
    [CLINUX_SESSION_KEYRING] = "s",
    [CLINUX_APPARMOR_PROFILE] = "s",
};

struct check {
    const unsigned char *bytes;
    size_t at, end;
};

static int take_count(struct check *check, uint32_t *value) {
    if (check->end - check->at < sizeof *value) return -EINVAL;
    memcpy(value, check->bytes + check->at, sizeof *value);
    check->at += sizeof *value;
    return 0;
}

static int take_number(struct check *check, uint64_t *value) {
    if (check->end - check->at < sizeof *value) return -EINVAL;
    memcpy(value, check->bytes + check->at, sizeof *value);
    check->at += sizeof *value;
    return 0;
}

static int take_text(struct check *check) {
    uint32_t length;
    if (take_count(check, &length) < 0) return -EINVAL;
    if (check->end - check->at <= length) return -EINVAL;
    const unsigned char *text = check->bytes + check->at;
    if (memchr(text, 0, length) || text[length] != 0) return -EINVAL;
    check->at += (size_t)length + 1;
    return 0;
}

static int take_list(struct check *check, char shape) {
    uint32_t count;
    if (take_count(check, &count) < 0 || (shape == 'A' && count == 0)) return -EINVAL;
    for (uint32_t i = 0; i < count; i++) {
        uint64_t number;
        int bad = shape == 'N' ? take_number(check, &number) : take_text(check);
        if (bad) return -EINVAL;
    }
    return 0;
}

static int take_field(struct check *check, char shape, int descriptor_count) {
    uint64_t number;
    uint32_t count;
    switch (shape) {
    case 'n': return take_number(check, &number);
    case 'd':
        if (take_number(check, &number) < 0) return -EINVAL;
        return number < (uint64_t)descriptor_count ? 0 : -EINVAL;
    case 's': return take_text(check);
    case 'b':
        if (take_count(check, &count) < 0 || check->end - check->at < count || count % 8 != 0 || count == 0)
            return -EINVAL;
        check->at += count;
        return 0;
    default: return take_list(check, shape);
    }
}

static int check_operation(struct check *check, int is_last, int descriptor_count, int *births) {
    struct operation_header header;
    if (check->end - check->at < sizeof header) return -EINVAL;
    memcpy(&header, check->bytes + check->at, sizeof header);
    check->at += sizeof header;
    if (header.code >= CLINUX_OPERATION_END || !shapes[header.code] || header.zero != 0) return -EINVAL;
    if (check->end - check->at < header.length) return -EINVAL;
    if ((header.code == CLINUX_EXECUTE) != is_last) return -EINVAL;
    struct check inside = {.bytes = check->bytes, .at = check->at, .end = check->at + header.length};
    for (const char *shape = shapes[header.code]; *shape; shape++)
        if (take_field(&inside, *shape, descriptor_count) < 0) return -EINVAL;
    if (inside.at != inside.end) return -EINVAL;
    check->at = inside.end;
    *births += header.code == CLINUX_BIRTH;
    return 0;
}

int clinux_plan_check(const void *plan, size_t length, int descriptor_count, int32_t *operation) {
    struct clinux_plan_header header;
    *operation = -1;
    if (length < sizeof header) return -EINVAL;
    memcpy(&header, plan, sizeof header);
    if (header.magic != PLAN_MAGIC || header.version != PLAN_VERSION || header.length != length) return -EINVAL;
    if (header.cgroup_descriptor < -1 || header.cgroup_descriptor >= descriptor_count) return -EINVAL;
    if (header.enter_descriptor < -1 || header.enter_descriptor >= descriptor_count) return -EINVAL;
    if (header.operation_count == 0 || header.operation_count > INT32_MAX) return -EINVAL;
    struct check check = {.bytes = plan, .at = sizeof header, .end = length};
    int births = 0;
    for (uint32_t i = 0; i < header.operation_count; i++) {
        *operation = (int32_t)i;
        if (check_operation(&check, i + 1 == header.operation_count, descriptor_count, &births) < 0)
            return -EINVAL;
    }
    *operation = -1;
    // Whoever joins is born once, and whoever does not is born by the clone.
    if (births != (header.enter_descriptor >= 0)) return -EINVAL;
    return check.at == check.end ? 0 : -EINVAL;
}
