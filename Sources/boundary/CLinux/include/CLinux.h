// What the C library's Swift module cannot say: macros, variadic calls, system calls without a wrapper. Functions
// return a negative errno instead of setting errno. One header per topic.
#ifndef CLINUX_H
#define CLINUX_H

#include "clinux_attribute.h"
#include "clinux_checked_open.h"
#include "clinux_clock.h"
#include "clinux_confinement.h"
#include "clinux_descriptor.h"
#include "clinux_devices.h"
#include "clinux_epoll.h"
#include "clinux_errno.h"
#include "clinux_fault.h"
#include "clinux_init.h"
#include "clinux_machine.h"
#include "clinux_mount.h"
#include "clinux_pidfd.h"
#include "clinux_pipe.h"
#include "clinux_plan.h"
#include "clinux_private_root.h"
#include "clinux_process.h"
#include "clinux_pty.h"
#include "clinux_service.h"
#include "clinux_socket.h"
#include "clinux_spawn.h"
#include "clinux_split.h"

#include "clinux_terminal.h"
#endif
