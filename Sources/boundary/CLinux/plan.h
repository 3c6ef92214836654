// Reading a plan that was checked: no bounds are looked at any more.
#ifndef CLINUX_PLAN_INTERNAL_H
#define CLINUX_PLAN_INTERNAL_H

#include "clinux_plan.h"

#include <string.h>

enum { PLAN_MAGIC = 0x504E5253, PLAN_VERSION = 2 };

struct operation_header {
    uint16_t code;
    uint16_t zero;
    uint32_t length;
};

struct fields {
    const unsigned char *next;
};

static inline uint32_t count_field(struct fields *fields) {
    uint32_t value;
    memcpy(&value, fields->next, sizeof value);
    fields->next += sizeof value;
    return value;
}

static inline uint64_t number_field(struct fields *fields) {
    uint64_t value;
    memcpy(&value, fields->next, sizeof value);
    fields->next += sizeof value;
    return value;
}

static inline const char *text_field(struct fields *fields) {
    uint32_t length = count_field(fields);
    const char *text = (const char *)fields->next;
    fields->next += length + 1;
    return text;
}

#endif
