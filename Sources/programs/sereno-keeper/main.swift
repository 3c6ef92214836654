import CLinux
import KeeperProtocolEmbedded

// Embedded Swift, libc only: no Foundation, no runtime. The state machine is here, the system calls are in CLinux.
clinux_exit_now(runProgram())
