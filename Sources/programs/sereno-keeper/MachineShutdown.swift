import CLinux

/// The end of a machine, after the engine has stopped the containers in order or has had its time: everything is ended, the
/// disks are settled, and the power goes. Each step has its bound, and none of them can keep the machine from its end.
enum MachineShutdown {
    /// How long processes may take to end by themselves.
    static let patience = 5 * second
    /// How long KILL may take.
    static let killPatience = 5 * second
    /// How long writing, unmounting and making read-only may take.
    static let settlingPatience = 20 * second

    /// Returns only when the kernel refuses.
    static func run(_ order: MachineOrder) {
        _ = clinux_machine_signal_all(15)
        _ = clinux_machine_signal_all(18)
        if !allEnded(within: patience) {
            clinux_complain("killing what does not end", -1, "")
            _ = clinux_machine_signal_all(9)
            if !allEnded(within: killPatience) { clinux_complain("some processes cannot be killed", -1, "") }
        }
        // The file systems of a container's mount namespace go away with it, and its host's are not its own to settle.
        if clinux_machine_is_host() == 1 { settle() }
        clinux_complain(cString(order.text), -1, "")
        let refusal = clinux_machine_end(order.kernelCommand)
        clinux_complain("the kernel refuses it: ", -1, clinux_strerror(-refusal))
    }

    private static func allEnded(within patience: Int64) -> Bool {
        let deadline = clinux_clock_boottime() + patience
        while true {
            var ended = clinux_exit()
            var reaped = clinux_reap(&ended)
            while reaped == 1 { reaped = clinux_reap(&ended) }
            if reaped < 0 { return true }
            if clinux_clock_boottime() >= deadline { return false }
            clinux_init_pause(5)
        }
    }

    private static func settle() {
        let process = clinux_machine_start_settling()
        guard process > 0 else {
            return clinux_complain("cannot settle the file systems: ", -1, clinux_strerror(-process))
        }
        let deadline = clinux_clock_boottime() + settlingPatience
        while clinux_clock_boottime() < deadline {
            var ended = clinux_exit()
            while clinux_reap(&ended) == 1 {
                guard ended.pid == process else { continue }
                let writable = shellCode(ended.status)
                if writable != 0 { clinux_complain("file systems that stay writable: ", Int64(writable), "") }
                return
            }
            clinux_init_pause(5)
        }
        clinux_complain("the file systems do not settle; going down without them", -1, "")
    }
}
