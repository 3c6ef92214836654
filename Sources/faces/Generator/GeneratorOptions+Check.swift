extension GeneratorOptions {
    /// The name of a container's file.
    func fileName(of container: String) -> String { prefix + container + fileEnding }

    /// The ending of file names that the init system requires.
    var fileEnding: String {
        switch system {
        case .systemd: ".service"
        case .upstart, .supervisord: ".conf"
        }
    }

    /// All options on which files depend, as one text.
    var fingerprint: String {
        let parts: [String] = [
            system.rawValue, style.rawValue, "\(systemdVersion)", scope.rawValue, owner.rawValue,
            readiness?.rawValue ?? "", watchdog?.rawValue ?? "", "\(watchdogSeconds)", engine.rawValue, program,
            client.rawValue, address ?? "", engineUnit ?? "", "\(stopMargin)", startTimeout.map(String.init) ?? "",
            boot.rawValue, slice ?? "", preventRestartCodes.sorted().map(String.init).joined(separator: ","),
            reloadSignal ?? "", "\(journal)", prefix,
        ]
        return parts.joined(separator: "\n")
    }

    /// Refuses options that are unusable together.
    func check() throws(GeneratorError) {
        guard program.utf8.first == 0x2F else {
            throw .unusable(
                option: "--program=\(program)", reason: "an init system starts programs by their absolute path",
                remedy: "give that")
        }
        if system == .systemd, style == .attach, engine != .sereno || client != .sereno {
            throw .unusable(
                option: "--style=attach",
                reason: "only sereno puts a container's processes into the unit; this is "
                    + engine.rawValue, remedy: "use --style=plain")
        }
        if owner == .sereno, engine != .sereno || client != .sereno {
            throw .unusable(
                option: "--owner=sereno", reason: "the containers are in \(engine.rawValue)", remedy: "use --owner=init"
            )
        }
        let stays = system == .systemd && style == .attach
        if !stays {
            if let readiness, readiness != .started, !(system == .upstart && engine == .sereno) {
                throw .unusable(
                    option: "--ready=\(readiness.rawValue)", reason: "nobody would tell the init system",
                    remedy: "use a systemd unit of style attach")
            }
            if let watchdog {
                throw .unusable(
                    option: "--watchdog=\(watchdog.rawValue)", reason: "nobody would answer it",
                    remedy: "use a systemd unit of style attach")
            }
        }
        if system != .systemd, scope == .user {
            throw .unusable(option: "--user", reason: "only systemd has managers for users", remedy: "leave it out")
        }
        guard !prefix.isEmpty, prefix.utf8.allSatisfy(Self.isNameByte), prefix.utf8.first != 0x2E else {
            throw .unusable(
                option: "--prefix=\(prefix)", reason: "this cannot begin a file's name",
                remedy: "use letters, digits, '.', '_' and '-'")
        }
    }

    private static func isNameByte(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
            || [0x2D, 0x2E, 0x5F].contains(byte)
    }
}
