// libsystemd: sd-bus for the manager, sd-journal for logs.
#ifndef SERENO_CSYSTEMD_SHIM_H
#define SERENO_CSYSTEMD_SHIM_H

#include <stdlib.h>
#include <systemd/sd-bus.h>
#include <systemd/sd-daemon.h>
#include <systemd/sd-journal.h>
#include <systemd/sd-login.h>

/// Frees what libsystemd has made for its caller.
static inline void csystemd_free(void *made) { free(made); }

#endif
