#define _GNU_SOURCE
#include "clinux_attribute.h"

#include <errno.h>
#include <sys/xattr.h>

ssize_t clinux_get_attribute(int fd, const char *name, void *value, size_t capacity) {
    ssize_t count = fgetxattr(fd, name, value, capacity);
    return count < 0 ? -errno : count;
}

int clinux_set_attribute(int fd, const char *name, const void *value, size_t count) {
    return fsetxattr(fd, name, value, count, 0) < 0 ? -errno : 0;
}

ssize_t clinux_list_attributes(int fd, char *names, size_t capacity) {
    ssize_t count = flistxattr(fd, names, capacity);
    return count < 0 ? -errno : count;
}
