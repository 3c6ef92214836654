import CLinux
import Flags
import Linux

/// An order for the end of this machine. It goes to the first process by a signal, so that it works with an engine or
/// without.
enum MachineOrder {
    case halt, powerOff, reboot

    /// The signals SIGRTMIN+3, +4 and +5, which systemd's first process takes too.
    private var signal: Int32 {
        switch self {
        case .halt: 37
        case .powerOff: 38
        case .reboot: 39
        }
    }

    private var kernelCommand: Int32 {
        switch self {
        case .halt: Int32(CLINUX_MACHINE_HALT.rawValue)
        case .powerOff: Int32(CLINUX_MACHINE_POWER_OFF.rawValue)
        case .reboot: Int32(CLINUX_MACHINE_REBOOT.rawValue)
        }
    }

    /// Sends the order. With `force` the machine ends at once: the disks are written, but nothing is stopped.
    func carryOut(force: Bool) throws(ExitFailure) {
        if force {
            HostMachine.synchronizeDisks()
            let failure = clinux_machine_end(kernelCommand)
            throw ExitFailure("the kernel refuses to end the machine: \(LinuxError.text(-failure))")
        }
        let first = FirstProcess.current()
        guard first.isMachine else {
            throw ExitFailure(
                "the first process of this machine is \(first.name) and not sereno's: use its own command, such as systemctl"
            )
        }
        let failure = clinux_machine_signal_first(signal)
        guard failure == 0 else {
            throw ExitFailure("cannot signal the first process: \(LinuxError.text(-failure)); run it as root")
        }
    }
}

/// The facts about process 1 that this process can read.
private struct FirstProcess {
    var name: String
    /// Whether process 1 is the keeper of a machine, and not the init of one container.
    var isMachine: Bool

    static func current() -> FirstProcess {
        let words = read("/proc/1/cmdline").split(separator: 0).map { String(decoding: $0, as: UTF8.self) }
        let name = String(decoding: read("/proc/1/comm").prefix { $0 != 10 }, as: UTF8.self)
        let options = words.dropFirst().prefix { $0 != "--engine" && $0 != "--" }
        let isPlain = options.count == max(0, words.count - 1)
        return FirstProcess(
            name: name.isEmpty ? "unknown" : name,
            isMachine: name == "sereno-keeper" && (isPlain || options.contains("--machine")))
    }

    private static func read(_ path: String) -> [UInt8] {
        guard let file = try? OwnedDescriptor(opening: path) else { return [] }
        return (try? file.borrowed.read(atMost: 4096)) ?? []
    }
}
