internal import CLinux
internal import Glibc

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
