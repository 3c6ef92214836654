internal import Glibc

/// The C library's words for an error number.
enum SystemText {
    /// strerror(3), which glibc 2.32 and later make safe to call from any thread.
    static func describe(_ code: Int32) -> String {
        guard let text = strerror(code) else { return "error \(code)" }
        return String(cString: text)
    }
}
