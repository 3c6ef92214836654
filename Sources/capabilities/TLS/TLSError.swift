internal import CTLS
public import Model

/// Why TLS is not spoken, with what libssl says.
public enum TLSError: ReadableError, Hashable, Sendable {
    /// A file cannot be used.
    case file(String, reason: String)
    /// The private key is not that of the certificate.
    case keyMismatch(key: String, certificate: String)
    /// The other side showed no certificate, or one that the authority did not sign.
    case notTrusted(reason: String)
    /// The handshake failed otherwise, or took too long.
    case handshake(reason: String)
    /// libssl could not be set up.
    case openssl(reason: String)

    /// The oldest of the errors that this thread's calls have left, and none left.
    static func lastReason() -> String {
        let code = ERR_get_error()
        defer { ERR_clear_error() }
        guard code != 0 else { return "the connection was closed" }
        if let reason = ERR_reason_error_string(code) { return String(cString: reason) }
        // The system's errors have no text of their own there.
        var text = [CChar](repeating: 0, count: 256)
        ERR_error_string_n(code, &text, text.count)
        let bytes = text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
        return String(decoding: bytes, as: UTF8.self)
    }
}

extension TLSError {
    /// What it is, and what to do.
    public var message: String {
        switch self {
        case .file(let path, let reason): "cannot use \(path): \(reason)"
        case .keyMismatch(let key, let certificate): "the key \(key) is not the one of the certificate \(certificate)"
        case .notTrusted(let reason): "the other side is not trusted: \(reason)"
        case .handshake(let reason): "no TLS connection: \(reason)"
        case .openssl(let reason): "libssl: \(reason)"
        }
    }
}
