// libarchive, and what Swift cannot say of device numbers.
#ifndef SERENO_CARCHIVE_SHIM_H
#define SERENO_CARCHIVE_SHIM_H

#include <archive.h>
#include <archive_entry.h>
#include <sys/sysmacros.h>

static inline unsigned carchive_major(unsigned long long device) { return major(device); }
static inline unsigned carchive_minor(unsigned long long device) { return minor(device); }

#endif
