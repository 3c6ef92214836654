package import APIClient
import Linux

extension ClientError {
    /// The error in the words of Docker's client, with sereno's name in place of Docker's.
    package var text: String {
        switch self {
        case .invalidAddress(let typed): "unable to parse host `\(typed)`"
        case .unreachable(let address, Errno.permissionDenied):
            "permission denied while trying to connect to the sereno daemon socket at \(address.text)"
        case .unreachable(let address, _):
            "Cannot connect to the sereno daemon at \(address.text). Is the daemon running?"
        case .disconnected(let request): "error during connect: \(request): EOF"
        case .noTunnel(let reason): "error during connect: \(reason)"
        case .system(let operation, let number): "\(operation): \(systemText(number))"
        case .refused(_, let message): "Error response from daemon: \(message)"
        case .upgradeRefused(let status, _): "unable to upgrade to tcp, received \(status)"
        case .malformed(let what): "the engine's answer cannot be read: \(what)"
        case .tooLong(let limit): "the engine's answer is longer than \(limit) bytes"
        }
    }
}

/// The text of an errno in lower case, as Docker's client shows it.
package func systemText(_ number: Int32) -> String {
    let text = LinuxError.text(number)
    return text.prefix(1).lowercased() + text.dropFirst()
}
