import ArgumentParser
import Flags

/// `sereno halt`: halts a machine in order, if its first process is sereno's.
struct Halt: Verb {
    static let configuration = CommandConfiguration(
        verb: "halt", abstract: "Halt the machine whose first process is sereno-keeper")
    static let flags = FlagTable(switches: "f/force")
    static let argumentCount = ArgumentCount.none

    @Flag(name: .shortAndLong, help: "Do it at once: write the disks, and stop nothing.") var force = false

    func perform(in session: Session) throws -> Int32 {
        try MachineOrder.halt.carryOut(force: force)
        return 0
    }
}
