#ifndef CLINUX_FAULT_H
#define CLINUX_FAULT_H

#include <stdint.h>

/// Has a fault of this process (SIGILL, SIGTRAP, SIGABRT, SIGBUS, SIGFPE, SIGSEGV) written down before it ends it: at
/// `place` the signal, behind it the number of the thread. What was set up for the signal before is done then. The last
/// place counts.
int clinux_note_faults(uint32_t *place);
/// Gives the calling thread a stack for that, so that a stack that is used up is written down too. Never given back.
void clinux_give_fault_stack(void);
/// The calling thread's number.
uint32_t clinux_thread_number(void);

#endif
