/// Who asked for something, as the kernel or a verified certificate tells.
public enum Client: Hashable, Sendable {
    /// A process of this host, as SO_PEERCRED of unix(7) tells of the moment it connected. `number` is for people only, as
    /// the kernel gives it again, and 0 when the process is in a PID namespace that is not seen from here; `user` is the
    /// name in /etc/passwd and `program` that in /proc/PID/comm, `nil` where there is none.
    case process(number: Int32, program: String?, uid: UInt32, user: String?, gid: UInt32)
    /// Somebody who came over TCP, by the subject of the certificate.
    case certificate(subject: String)

    /// The user's number where the kernel told one.
    public var uid: UInt32? {
        switch self {
        case .process(_, _, let uid, _, _): uid
        case .certificate: nil
        }
    }
}

extension Client: CustomStringConvertible {
    /// `user root (uid 0), process 1234 docker`; `the holder of certificate CN=ops`. A process may call itself anything: control
    /// characters are shown as `\x1b`.
    public var description: String {
        switch self {
        case .process(let number, let program, let uid, let user, _):
            (user.map { "user \($0.withControlsShown) (uid \(uid))" } ?? "uid \(uid)")
                + (number > 0 ? ", process \(number)" + (program.map { " " + $0.withControlsShown } ?? "") : "")
        case .certificate(let subject): "the holder of certificate \(subject.withControlsShown)"
        }
    }
}
