internal import CSystemd
internal import Linux

/// A connection to a systemd manager: over its private socket where the caller may use it, as systemctl(1) does, so that
/// no D-Bus daemon is needed, else over the bus. It is used by one thread.
public struct SystemdConnection: ~Copyable {
    /// How long one call may take; reloading reads all units anew and may take longer (systemctl's bound).
    static let callSeconds: UInt64 = 25
    static let reloadSeconds: UInt64 = 90
    static let destination = "org.freedesktop.systemd1"
    static let managerPath = "/org/freedesktop/systemd1"
    static let managerInterface = "org.freedesktop.systemd1.Manager"

    let bus: OpaquePointer
    let scope: ManagerScope

    /// Connects. Fails with `absent` when no manager answers.
    public init(_ scope: ManagerScope) throws(SystemdError) {
        self.scope = scope
        if let address = Self.privateAddress(scope), let bus = Self.open(address: address) {
            self.bus = bus
            return
        }
        var opened: OpaquePointer?
        let result =
            switch scope {
            case .system: sd_bus_open_system(&opened)
            case .user: sd_bus_open_user(&opened)
            }
        guard result >= 0, let opened else {
            throw .absent(scope, reason: SystemdError.reason(result))
        }
        self.bus = opened
    }

    deinit { _ = sd_bus_flush_close_unref(bus) }

    /// Only root may use the system manager's private socket.
    private static func privateAddress(_ scope: ManagerScope) -> String? {
        let path: String
        switch scope {
        case .system:
            guard CurrentProcess.effectiveUser == 0 else { return nil }
            path = "/run/systemd/private"
        case .user:
            guard let runtime = ProcessVariables.value(of: "XDG_RUNTIME_DIR") else { return nil }
            path = runtime + "/systemd/private"
        }
        guard HostFile.exists(path) else { return nil }
        // D-Bus addresses escape all but these (D-Bus specification, "Server Addresses").
        let plain = Set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_/.".utf8)
        var escaped: [UInt8] = []
        let digits = Array("0123456789abcdef".utf8)
        for byte in path.utf8 {
            if plain.contains(byte) {
                escaped.append(byte)
            } else {
                escaped += [0x25, digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            }
        }
        return "unix:path=" + String(decoding: escaped, as: UTF8.self)
    }

    private static func open(address: String) -> OpaquePointer? {
        var made: OpaquePointer?
        guard sd_bus_new(&made) >= 0, let made else { return nil }
        guard sd_bus_set_address(made, address) >= 0, sd_bus_start(made) >= 0 else {
            _ = sd_bus_close_unref(made)
            return nil
        }
        return made
    }

    /// A call of a method of the manager.
    func managerCall(_ member: String, object: String) throws(SystemdError) -> BusMessage {
        try BusMessage(
            callOn: bus, path: Self.managerPath, interface: Self.managerInterface, member: member, object: object)
    }
}
