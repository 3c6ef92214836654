#ifndef CLINUX_ATTRIBUTE_H
#define CLINUX_ATTRIBUTE_H

#include <stddef.h>
#include <sys/types.h>

/* Extended attributes of open files (xattr(7)); counts of bytes, or -errno. */

/* The value of an attribute: -ERANGE when it is longer than `capacity`. */
ssize_t clinux_get_attribute(int fd, const char *name, void *value, size_t capacity);
/* Makes an attribute or replaces its value: 0. */
int clinux_set_attribute(int fd, const char *name, const void *value, size_t count);
/* The names of all attributes, each with a zero behind it. */
ssize_t clinux_list_attributes(int fd, char *names, size_t capacity);

#endif
