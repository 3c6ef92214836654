public import Model

extension LogDriver {
    /// The name of the current file in a container's log directory; rotated ones have `.1`, `.2` … behind it,
    /// the oldest the highest number.
    public func fileName(for id: ContainerID) -> String {
        switch self {
        case .cri, .discard, .journald: "container.log"
        case .jsonFile: "\(id.text)-json.log"
        }
    }
}
