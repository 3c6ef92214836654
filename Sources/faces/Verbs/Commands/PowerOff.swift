import ArgumentParser
import Flags

/// `sereno poweroff`: powers a machine off in order, if its first process is sereno's.
struct PowerOff: Verb {
    static let configuration = CommandConfiguration(
        verb: "poweroff", abstract: "Power off the machine whose first process is sereno-keeper")
    static let flags = FlagTable(switches: "f/force")
    static let argumentCount = ArgumentCount.none

    @Flag(name: .shortAndLong, help: "Do it at once: write the disks, and stop nothing.") var force = false

    func perform(in session: Session) throws -> Int32 {
        try MachineOrder.powerOff.carryOut(force: force)
        return 0
    }
}
