/// The client of a request, as the kernel or a verified certificate reports it.
public enum Client: Hashable, Sendable {
    /// A process of this host, as SO_PEERCRED of unix(7) reports it for the moment it connected. `number` is for people only, as
    /// the kernel reuses it; it is 0 when the process is in a PID namespace that is not visible from here. `user` is the name in
    /// /etc/passwd and `program` that in /proc/PID/comm; each is `nil` where there is none.
    case process(number: Int32, program: String?, uid: UInt32, user: String?, gid: UInt32)
    /// A client over TCP, by the subject of its certificate.
    case certificate(subject: String)

    /// The user's number; `nil` for a certificate.
    public var uid: UInt32? {
        switch self {
        case .process(_, _, let uid, _, _): uid
        case .certificate: nil
        }
    }
}

extension Client: CustomStringConvertible {
    /// `user root (uid 0), process 1234 docker`; `the holder of certificate CN=ops`. Control characters are shown as `\x1b`,
    /// since a process may call itself anything.
    public var description: String {
        switch self {
        case .process(let number, let program, let uid, let user, _):
            (user.map { "user \($0.withControlsShown) (uid \(uid))" } ?? "uid \(uid)")
                + (number > 0 ? ", process \(number)" + (program.map { " " + $0.withControlsShown } ?? "") : "")
        case .certificate(let subject): "the holder of certificate \(subject.withControlsShown)"
        }
    }
}
