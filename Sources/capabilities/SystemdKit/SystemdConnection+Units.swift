internal import CSystemd

extension SystemdConnection {
    /// The manager's version as it writes it, such as `252.39-1~deb12u1`.
    public borrowing func version() throws(SystemdError) -> SystemdVersion {
        let value = try property("Version", of: Self.managerPath, interface: Self.managerInterface, object: "manager")
        return SystemdVersion(parsing: value.description)
    }

    /// Whether the manager is going down, be it for a shutdown of the machine or the end of a user's session.
    public borrowing func isStopping() throws(SystemdError) -> Bool { try state() == "stopping" }

    /// Why the manager ends a unit, asked by a process of it that was told to end. The watchdog's states are of
    /// systemd.service(5)'s `WatchdogSec=`, as `systemctl list-units` shows them under SUB.
    public borrowing func stopKind(of unit: String?) throws(SystemdError) -> UnitStopKind {
        if try isStopping() { return .shutdown }
        guard let unit, let state = try properties(["SubState"], of: unit).first?.value else { return .user }
        return ["stop-watchdog", "final-watchdog"].contains(state.description) ? .watchdog : .user
    }

    /// Why the manager starts a unit, asked by a process that it starts for it: the count of its automatic restarts is above
    /// zero in these only, and the state of the manager tells a boot.
    public borrowing func startKind(of unit: String) throws(SystemdError) -> UnitStartKind {
        let restarts = try properties(["NRestarts"], of: unit).first?.value
        if let restarts, restarts != .number(0) { return .restart }
        return ["initializing", "starting"].contains(try state()) ? .boot : .user
    }

    private borrowing func state() throws(SystemdError) -> String {
        try property("SystemState", of: Self.managerPath, interface: Self.managerInterface, object: "manager")
            .description
    }

    /// Reads all unit files anew (`systemctl daemon-reload`).
    public borrowing func reload() throws(SystemdError) {
        let call = try managerCall("Reload", object: "manager")
        _ = try call.call(on: bus, seconds: Self.reloadSeconds)
    }

    /// Enables units by name and reads the unit files anew.
    public borrowing func enable(_ units: [String]) throws(SystemdError) {
        let call = try managerCall("EnableUnitFiles", object: units.joined(separator: " "))
        try call.append(units)
        try call.append(false)
        try call.append(false)
        _ = try call.call(on: bus)
        try reload()
    }

    /// Disables units by name and reads the unit files anew.
    public borrowing func disable(_ units: [String]) throws(SystemdError) {
        let call = try managerCall("DisableUnitFiles", object: units.joined(separator: " "))
        try call.append(units)
        try call.append(false)
        _ = try call.call(on: bus)
        try reload()
    }

    /// Properties of a unit of any type, in the order asked for; one that it does not have is left out.
    public borrowing func properties(
        _ names: [String], of unit: String
    ) throws(SystemdError) -> [(name: String, value: BusValue)] {
        let call = try managerCall("LoadUnit", object: unit)
        try call.append(unit)
        let path = try call.call(on: bus).readString(path: true)
        let all = try BusMessage(
            callOn: bus, path: path, interface: "org.freedesktop.DBus.Properties", member: "GetAll", object: unit)
        // An empty interface stands for all of them.
        try all.append("")
        guard case .list(let entries) = try all.call(on: bus).readValue() else { return [] }
        var found: [String: BusValue] = [:]
        for case .tuple(let parts) in entries where parts.count == 2 { found[parts[0].description] = parts[1] }
        return names.compactMap { name in found[name].map { (name, $0) } }
    }

    borrowing func property(
        _ name: String, of path: String, interface: String, object: String
    ) throws(SystemdError) -> BusValue {
        let call = try BusMessage(
            callOn: bus, path: path, interface: "org.freedesktop.DBus.Properties", member: "Get", object: object)
        try call.append(interface)
        try call.append(name)
        return try call.call(on: bus).readValue() ?? .tuple([])
    }
}
