// libsystemd: sd-bus for the manager, sd-journal for logs.
#ifndef SERENO_CSYSTEMD_SHIM_H
#define SERENO_CSYSTEMD_SHIM_H

#include <systemd/sd-bus.h>
#include <systemd/sd-daemon.h>
#include <systemd/sd-journal.h>
#include <systemd/sd-login.h>

#endif
