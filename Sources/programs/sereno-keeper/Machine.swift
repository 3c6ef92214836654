import CLinux
import KeeperProtocolEmbedded

/// A keeper that is the first process of a machine: what it was ordered, and how long the engine has for it.
struct Machine {
    /// How long the engine may take to stop all containers before the machine goes down around it; above the engine's
    /// own bound, which is 15 s unless it is told another.
    static let defaultPatience = 90 * second

    /// How long the engine may take.
    var patience = defaultPatience
    /// How the machine is to go down; `nil` while it is up.
    var order: MachineOrder?
    /// When the engine has had its time; zero for never.
    var deadline: Int64 = 0

    mutating func give(_ order: MachineOrder) {
        self.order = order
        deadline = clinux_clock_boottime() + patience
    }
}

extension Keeper {
    /// A signal that came to the first process of a machine. A second order does not wait for the engine any more.
    mutating func handle(machineSignal signal: Int32) {
        guard let order = MachineOrder(signal: signal) else {
            // HUP replaces the engine and QUIT is passed on, as anywhere.
            if signal == 1 || signal == 3 { handle(signal: signal) }
            return
        }
        clinux_complain(cString(order.text), -1, " was asked for")
        if machine?.order != nil { result = ExitCode.software }
        machine?.give(order)
        handle(signal: 15)
    }

    /// Ends the waiting for an engine that has had its time.
    mutating func keepMachineTime() {
        guard let deadline = machine?.deadline, deadline != 0, deadline <= clinux_clock_boottime(), result == nil else {
            return
        }
        clinux_complain("the engine did not stop everything in time", -1, "")
        result = ExitCode.software
    }
}

/// Boots, keeps and shuts down a machine; it returns only in a container that may not reboot.
func runMachine(_ arguments: UnsafePointer<UnsafeMutablePointer<CChar>?>?, _ options: KeeperOptions, patience: Int64)
    -> Int32
{
    // Before anything is started: what is sent to process 1 meanwhile waits in the queue of signals.
    let early = clinux_signals_to_fd()
    if early >= 0 { _ = clinux_close(early) }
    // What cannot be mounted is told by the boot.
    _ = clinux_machine_mount(Int32(CLINUX_MACHINE_PROC.rawValue))
    becomeCopy()
    MachineBoot.run()
    var own: (UnsafeMutablePointer<CChar>?, UnsafeMutablePointer<CChar>?) = (nil, nil)
    if arguments == nil {
        own.0 = clinux_machine_find_program("serenod")
        if own.0 == nil {
            clinux_complain("cannot find serenod beside sereno-keeper or in /usr/libexec/sereno", -1, "")
            own.0 = UnsafeMutablePointer(mutating: cString("/usr/libexec/sereno/serenod"))
        }
    }
    return withUnsafePointer(to: &own) { own in
        own.withMemoryRebound(to: UnsafeMutablePointer<CChar>?.self, capacity: 2) {
            keepMachine(arguments ?? $0, options, patience: patience)
        }
    }
}

private func keepMachine(
    _ arguments: UnsafePointer<UnsafeMutablePointer<CChar>?>, _ options: KeeperOptions, patience: Int64
) -> Int32 {
    var keeper = Keeper(arguments: arguments, options)
    while keeper == nil {
        clinux_complain("no memory or descriptors to start with; trying again", -1, "")
        reapFor(second)
        keeper = Keeper(arguments: arguments, options)
    }
    keeper?.machine = Machine(patience: patience)
    while true {
        _ = keeper?.run()
        guard let order = keeper?.machine?.order else {
            clinux_complain("the engine ended by itself; starting it again", -1, "")
            keeper?.result = nil
            reapFor(second)
            continue
        }
        keeper?.dropMountsOfEngine()
        MachineShutdown.run(order)
        if clinux_machine_is_host() == 0 { return 0 }
        // Process 1 may not end: the kernel would panic.
        while true { reapFor(second) }
    }
}

private func reapFor(_ time: Int64) {
    let deadline = clinux_clock_boottime() + time
    while clinux_clock_boottime() < deadline {
        var ended = clinux_exit()
        while clinux_reap(&ended) == 1 {}
        clinux_init_pause(50)
    }
}
