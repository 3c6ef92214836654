internal import CLinux
internal import Glibc

/// Descriptor 2 of this process.
public enum StandardError {
    /// Writes a text whole; what cannot be written is lost. A journald that hangs is not waited for: what it does not take is lost too.
    public static func write(_ text: String) {
        var text = text
        text.withUTF8 { bytes in
            var rest = UnsafeRawBufferPointer(bytes)
            while !rest.isEmpty {
                var count = send(2, rest.baseAddress, rest.count, Int32(MSG_DONTWAIT) | Int32(MSG_NOSIGNAL))
                if count < 0, errno == ENOTSOCK { count = Glibc.write(2, rest.baseAddress, rest.count) }
                if count < 0 {
                    if errno == EINTR { continue }
                    return
                }
                rest = UnsafeRawBufferPointer(rebasing: rest[count...])
            }
        }
    }

    /// Whether systemd's journal reads it (`JOURNAL_STREAM`, systemd.exec(5)).
    public static var isJournal: Bool { getenv("JOURNAL_STREAM") != nil }
}

/// This process.
public enum CurrentProcess {
    /// Its number.
    public static var number: Int { Int(getpid()) }

    /// The path of its program, without symbolic links.
    public static var programPath: String {
        var buffer = [UInt8](repeating: 0, count: Int(PATH_MAX))
        let count = buffer.withUnsafeMutableBytes { bytes -> Int in
            guard let start = bytes.baseAddress else { return 0 }
            return readlink("/proc/self/exe", start.assumingMemoryBound(to: CChar.self), bytes.count)
        }
        return String(decoding: buffer.prefix(max(0, count)), as: UTF8.self)
    }

    /// Raises how many descriptors it may have open to what it may raise it to, and leaves it when that fails.
    public static func raiseOpenFilesLimit() { _ = clinux_raise_open_files() }

    /// How many descriptors it may have open (RLIMIT_NOFILE).
    public static var openFilesLimit: Int { max(0, Int(clamping: clinux_open_files_limit())) }

    /// Gives the pages of its code back, so that what only a start needed does not count as its memory for ever. What is
    /// used comes again from the page cache.
    public static func letGoOfCode() { _ = clinux_let_go_of_code() }

    /// Gives back what was freed and is kept for later: for after work that needed much memory and is not done often.
    public static func letGoOfHeap() { clinux_let_go_of_heap() }

    /// Has all threads share this many heaps, as threads that rarely allocate would each keep one of their own. For before
    /// there are threads.
    public static func shareHeaps(_ most: Int) { clinux_share_heaps(Int32(most)) }

    /// Ends it at once.
    public static func exit(_ code: Int32) -> Never { Glibc.exit(code) }
}

/// Descriptor 1 of this process.
public enum StandardOutput {
    /// Writes a text; what cannot be written is lost.
    public static func write(_ text: String) {
        var text = text
        text.withUTF8 { bytes in _ = Glibc.write(1, bytes.baseAddress, bytes.count) }
    }
}

extension HostFile {
    /// The absolute path of a program by its name, from the directories that hold system programs; a path is returned as it is.
    public static func program(_ name: String) -> String? {
        if name.contains("/") { return exists(name) ? name : nil }
        let directories = ["/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin"]
        return directories.map { $0 + "/" + name }.first { access($0, X_OK) == 0 }
    }
}
