import Engine
import Glibc
import Linux
import Runs
import Synchronization

/// The processes that live in a world, as an engine's threads find them under /proc.
final class LivingProcesses: Sendable {
    private struct State {
        var serials: [Int32: Int] = [:]
        var found: [Int32: Int] = [:]
    }

    private let state = Mutex(State())

    func add(_ process: SimulatedProcess) {
        let (pid, serial) = (process.pid, process.serial)
        state.withLock { $0.serials[pid] = serial }
    }

    func remove(_ process: SimulatedProcess) {
        let (pid, serial) = (process.pid, process.serial)
        state.withLock { if $0.serials[pid] == serial { $0.serials[pid] = nil } }
    }

    func clear() { state.withLock { $0 = State() } }

    /// The process that was found last by a number, which its pidfd stands for.
    func found(_ pid: Int32) -> Int? { state.withLock { $0.found[pid] } }

    private func serial(_ pid: Int32) -> Int? { state.withLock { $0.serials[pid] } }

    private func find(_ identity: ProcessIdentity) -> Bool {
        state.withLock { state in
            let number = identity.number
            guard let serial = state.serials[number], Int64(serial) == identity.startTicks else { return false }
            state.found[number] = serial
            return true
        }
    }

    /// A serial stands for the time of a start. Output is found by the descriptors of this process, which has them.
    var finder: ProcessFinder {
        ProcessFinder(
            identify: { pid, _ in self.serial(pid).map { ProcessIdentity(number: pid, startTicks: Int64($0)) } },
            find: { identity, outputs, _ in
                guard self.find(identity), let pidfd = try? SharedDescriptor.openNull() else { return nil }
                return FoundProcess(pidfd: pidfd, outputs: outputs.map { LostPipe.reopen($0, of: [getpid()]) })
            })
    }
}
