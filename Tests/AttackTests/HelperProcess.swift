import Glibc
import TestSupport

/// A live process that the supervisor runs beside its containers, looked at from the host.
struct HelperProcess {
    let number: Int32

    init(_ number: Int32) { self.number = number }

    /// The process that runs a program with a word on its command line, among the children of all threads of another, once there
    /// is one.
    init(_ program: String, _ word: String, of parent: Int32) throws {
        var found: Int32?
        _ = eventually(timeout: 30) {
            found = Self.children(of: parent).first {
                let words = ((try? TestFiles.read("/proc/\($0)/cmdline")) ?? "").split(separator: "\0")
                return words.first?.hasSuffix("/" + program) == true && words.contains(Substring(word))
            }
            return found != nil
        }
        guard let found else { throw TestFailure("process \(parent) runs no \(program) \(word)") }
        number = found
    }

    static func children(of parent: Int32) -> [Int32] {
        let threads = (try? TestFiles.list("/proc/\(parent)/task")) ?? []
        return threads.flatMap { thread in
            ((try? TestFiles.read("/proc/\(parent)/task/\(thread)/children")) ?? "").split(separator: " ")
                .compactMap { Int32($0) }
        }
    }

    /// A line of its /proc/PID/status.
    func status(_ name: String) throws -> String {
        for line in try TestFiles.read("/proc/\(number)/status").split(separator: "\n") where line.hasPrefix(name + ":")
        {
            return String(line.dropFirst(name.count + 1).drop { $0 == "\t" || $0 == " " })
        }
        throw TestFailure("process \(number) has no \(name)")
    }

    /// Waits until it has given its rights up: the filter is the last step. A child of the engine has that one's as well.
    func waitUntilConfined(filters: Int = 1) throws {
        guard eventually(timeout: 30, { (try? status("Seccomp_filters")) == "\(filters)" }) else {
            throw TestFailure("process \(number) has no filter")
        }
    }

    /// Its capabilities of one of the five sets, as hexadecimal digits without leading zeros.
    func capabilities(_ set: String) throws -> String {
        let digits = try status(set).drop { $0 == "0" }
        return digits.isEmpty ? "0" : String(digits)
    }

    /// What a system call returns that is made in its place.
    func call(_ number: Int, _ arguments: Int...) throws -> Int {
        let attack = try AttackProgram("inject_call")
        let command = [attack.directory + "/inject_call", "\(self.number)", "\(number)"] + arguments.map { "\($0)" }
        let ran = try expect(Command.run(command))
        guard let value = Int(ran.output.trimmingNewline) else { throw TestFailure("no value: \(ran.output)") }
        return value
    }

    /// Where a link of its /proc directory points.
    func link(_ name: String) -> String {
        var buffer = [CChar](repeating: 0, count: 4096)
        let count = readlink("/proc/\(number)/\(name)", &buffer, buffer.count)
        return String(decoding: buffer.prefix(max(0, count)).map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}
