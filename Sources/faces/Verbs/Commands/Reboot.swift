import ArgumentParser
import Flags

/// `sereno reboot`: reboots a machine in order, if its first process is sereno's.
struct Reboot: Verb {
    static let configuration = CommandConfiguration(
        verb: "reboot", abstract: "Reboot the machine whose first process is sereno-keeper")
    static let flags = FlagTable(switches: "f/force")
    static let argumentCount = ArgumentCount.none

    @Flag(name: .shortAndLong, help: "Do it at once: write the disks, and stop nothing.") var force = false

    func perform(in session: Session) throws -> Int32 {
        try MachineOrder.reboot.carryOut(force: force)
        return 0
    }
}
