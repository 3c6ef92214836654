import Glibc
import Synchronization

/// A machine whose first process is the keeper: fresh namespaces with a root file system in memory, where nothing is mounted
/// but what the host lends for reading (its programs and libraries, and this package's own). Its `/var` and `/etc` outlive a reboot. A
/// power off or a reboot ends the namespaces as the kernel does it: by INT or HUP.
public final class MachineUnderTest: Sendable {
    /// A directory that host and machine share, at the same path in both.
    public let shared: String
    private let directory: String
    private let guardian: SystemdUnderTest.Guardian
    private let boots = Mutex(0)

    /// How a machine went down, as its parent sees it.
    public enum End: Int32, Sendable {
        /// Ended by INT.
        case powerOff = 130
        /// Ended by HUP.
        case reboot = 129
        /// The first process exited by itself, or was killed.
        case other = 1
    }

    /// Boots one. `words` is the first process; `root` are shell commands that furnish the root file system, whose path is
    /// in `$root`, before it becomes one.
    public init(_ words: [String], root: String = ":", hostname: String = "sereno-machine") throws {
        guard geteuid() == 0 else { throw TestFailure("a machine in namespaces needs root: run the tests as root") }
        var template = Array("\(TestRun.directory)/sereno-machine.XXXXXX".utf8CString)
        guard let made = mkdtemp(&template) else { throw TestFailure("mkdtemp", "sereno-machine") }
        directory = String(cString: made)
        shared = directory + "/shared"
        chmod(directory, 0o755)
        for name in ["etc", "var/tmp", "mount", "shared"] { try TestFiles.makeDirectories(directory + "/" + name) }
        try TestFiles.write(hostname + "\n", to: directory + "/etc/hostname")
        try TestFiles.write(BusyboxRootfs.passwd, to: directory + "/etc/passwd")
        try TestFiles.write(BusyboxRootfs.group, to: directory + "/etc/group")
        for name in ["console", "state"] { try TestFiles.write("", to: directory + "/" + name) }
        let quoted = words.map {
            "'" + $0.split(separator: "'", omittingEmptySubsequences: false).joined(separator: #"'\''"#) + "'"
        }
        try TestFiles.write("exec env -i TERM=linux HOME=/ \(quoted.joined(separator: " "))\n", to: directory + "/init")
        try TestFiles.write(root + "\n", to: directory + "/furnish")
        try TestFiles.write(BuiltProgram.directory + "\n", to: directory + "/programs")
        guardian = try SystemdUnderTest.Guardian(directory, inside: Self.inside)
        try boot()
    }

    deinit { guardian.end() }

    /// The first process with the package's own engine, and further options of the engine's.
    public static func words(keeper: [String] = [], engine: [String] = []) throws -> [String] {
        [try BuiltProgram.path("sereno-keeper"), "--machine"] + keeper + ["--engine", try BuiltProgram.path("serenod")]
            + engine
    }

    /// Switches it on again, or for the first time.
    public func boot() throws {
        let number = boots.withLock {
            $0 += 1
            return $0
        }
        try guardian.order("boot")
        guard eventually(timeout: 60, { state("up").count >= number }) else {
            throw TestFailure("this host makes no namespaces for a machine:\n\(console)")
        }
    }

    /// What it wrote on its console, all boots.
    public var console: String { (try? TestFiles.read(directory + "/console")) ?? "" }

    /// Its first process as this host numbers it.
    public var process: Int32 { state("up").last.flatMap { Int32($0) } ?? 0 }

    private func state(_ word: String) -> [Substring] {
        let lines = ((try? TestFiles.read(directory + "/state")) ?? "").split(separator: "\n")
        return lines.filter { $0.hasPrefix(word + " ") }.map { $0.dropFirst(word.count + 1) }
    }

    /// How it went down, when it does within `timeout` seconds.
    public func awaitEnd(timeout: Double = 60) throws -> End {
        let number = boots.withLock { $0 }
        guard eventually(timeout: timeout, { state("down").count >= number }) else {
            throw TestFailure("the machine does not go down:\n\(console)")
        }
        return state("down").last.flatMap { Int32($0) }.flatMap { End(rawValue: $0) } ?? .other
    }

    /// Whether it is still up.
    public var isUp: Bool { state("down").count < boots.withLock { $0 } }

    /// Sends its first process a signal, from outside.
    public func signal(_ number: Int32) { kill(process, number) }

    /// The command line that runs a program inside; the package's own are in its PATH.
    public func words(_ arguments: [String]) -> [String] {
        [
            "/bin/bash", "-c", SystemdUnderTest.visit, guardian.group, String(process), "env", "-i",
            "PATH=\(BuiltProgram.directory):/usr/sbin:/usr/bin:/sbin:/bin", "HOME=/root", "LANG=C.UTF-8",
        ] + arguments
    }

    /// Runs a program inside.
    @discardableResult
    public func run(_ arguments: String..., timeout: Double = 60) throws -> Command {
        try Command.run(words(arguments), timeout: timeout)
    }

    /// Waits until its supervisor answers.
    public func awaitEngine() throws {
        guard eventually(timeout: 60, { (try? run("sereno", "version"))?.succeeded ?? false }) else {
            throw TestFailure("no engine answers in the machine:\n\(console)")
        }
    }

    /// What becomes the first process. $0 is the directory.
    private static let inside = #"""
        set -eu
        directory=$0
        export root=$directory/mount
        mount --make-rprivate /
        mount -t tmpfs -o mode=755 machine "$root"
        lend() { # for reading only
            [ ! -e "$root$1" ] || return 0
            mkdir -p "$root$1"
            mount --rbind "$1" "$root$1"
            mount -o remount,bind,ro "$root$1"
        }
        for path in /usr /bin /sbin /lib /lib64; do
            if [ -L $path ]; then cp -a $path "$root$path"; elif [ -e $path ]; then lend $path; fi
        done
        programs=$(cat "$directory/programs")
        lend "$programs"
        ldd "$programs/serenod" "$programs/sereno" 2>/dev/null | awk '$3 ~ "^/" { sub("/[^/]*$", "", $3); print $3 }' | sort -u |
            while read -r path; do lend "$path"; done
        mkdir -p "$root/old" "$root/tmp" "$root/root" "$root$directory/shared"
        for path in etc var; do
            mkdir "$root/$path"
            mount --bind "$directory/$path" "$root/$path"
        done
        mount --bind "$directory/shared" "$root$directory/shared"
        init=$(cat "$directory/init")
        bash -eu "$directory/furnish"
        cd "$root"
        pivot_root . old
        # umount(8) wants a /proc, and the machine shall not find one.
        python3 -c 'import ctypes, sys; sys.exit(ctypes.CDLL(None).umount2(b"/old", 2))'
        [ ! -w / ] || rmdir /old
        eval "$init"
        """#
}
