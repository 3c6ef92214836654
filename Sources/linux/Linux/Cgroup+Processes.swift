import CLinux
import Glibc
public import Model

extension Cgroup {
    /// The processes in the group and in the groups below it, by number.
    public func processes() throws(LinuxError) -> [Int32] {
        guard let directory = directories.first else { return [] }
        return try Self.processes(in: directory).sorted()
    }

    private static func processes(in directory: String) throws(LinuxError) -> [Int32] {
        guard HostFile.exists(directory) else { return [] }
        var found = words(directory + "/cgroup.procs").compactMap { Int32($0) }
        for name in try HostFile.list(directory) where HostFile.isDirectory(directory + "/" + name) {
            found += try processes(in: directory + "/" + name)
        }
        return found
    }

    /// Whether a process is in it.
    public var isPopulated: Bool {
        if let unifiedDirectory {
            return Self.words(unifiedDirectory + "/cgroup.events").starts(with: ["populated", "1"])
        }
        return !((try? processes()) ?? []).isEmpty
    }

    /// Stops every process where it is, children included, until `thaw()`; waits until all are (at most 10 s, then ETIMEDOUT).
    public func freeze() throws(LinuxError) { try setFrozen(true) }

    /// Lets frozen processes go on.
    public func thaw() throws(LinuxError) { try setFrozen(false) }

    private func setFrozen(_ frozen: Bool) throws(LinuxError) {
        if let unifiedDirectory, HostFile.exists(unifiedDirectory + "/cgroup.freeze") {
            try HostFile.write(frozen ? "1" : "0", to: unifiedDirectory + "/cgroup.freeze")
            try Self.wait(for: unifiedDirectory + "/cgroup.events") { words in
                guard let at = words.firstIndex(of: "frozen"), at + 1 < words.count else { return true }
                return words[at + 1] == (frozen ? "1" : "0")
            }
        } else if let directory = layout.legacy("freezer")?.directory(of: group) {
            let state = frozen ? "FROZEN" : "THAWED"
            try HostFile.write(state, to: directory + "/freezer.state")
            try Self.wait(for: directory + "/freezer.state") { $0.first == state }
        } else {
            throw LinuxError(call: "freeze", object: group, code: ENOTSUP)
        }
    }

    private static func wait(for path: String, _ holds: ([String]) -> Bool) throws(LinuxError) {
        for _ in 0..<2000 {
            if holds(words(path)) { return }
            usleep(5000)
        }
        throw LinuxError(call: "freeze", object: path, code: ETIMEDOUT)
    }

    /// Sends KILL to every process, children born meanwhile included; does not wait for their end. Uses
    /// cgroup.kill (Linux 5.14) where it is, else signals through pidfds until none is left.
    public func killAll() throws(LinuxError) {
        if let unifiedDirectory, HostFile.exists(unifiedDirectory + "/cgroup.kill") {
            try HostFile.write("1", to: unifiedDirectory + "/cgroup.kill")
            return
        }
        let freezable = (try? freeze()) != nil
        for _ in 0..<100 {
            if try signalAll(.kill) == 0 { break }
            if freezable { break }
        }
        if freezable { try thaw() }
    }

    /// Sends a signal to every process once; how many got it.
    @discardableResult
    public func signalAll(_ signal: Signal) throws(LinuxError) -> Int {
        var count = 0
        for directory in try memberDirectories() {
            let file = directory + "/cgroup.procs"
            let procs = open(file, O_RDONLY | O_CLOEXEC)
            guard procs >= 0 else { continue }
            defer { close(procs) }
            for process in Self.words(file).compactMap({ Int32($0) })
            where clinux_signal_member(procs, process, signal.number) == 0 {
                count += 1
            }
        }
        return count
    }

    private func memberDirectories() throws(LinuxError) -> [String] {
        guard let top = directories.first, HostFile.exists(top) else { return [] }
        var found = [top]
        var next = 0
        while next < found.count {
            for name in try HostFile.list(found[next]) where HostFile.isDirectory(found[next] + "/" + name) {
                found.append(found[next] + "/" + name)
            }
            next += 1
        }
        return found
    }
}
