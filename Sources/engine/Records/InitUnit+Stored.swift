package import Model

extension InitUnit: Stored {
    package init(stored decoder: any Decoder) throws {
        let keys = try decoder.keys()
        self.init(system: try keys.read("system"), name: try keys.read("name"))
    }

    package func store(in encoder: any Encoder) throws {
        var keys = encoder.keys()
        try keys.put("system", system)
        try keys.put("name", name)
    }
}

extension InitSystem: StoredName {
    package var storedName: String {
        switch self {
        case .systemd: "systemd"
        case .upstart: "upstart"
        case .supervisord: "supervisord"
        }
    }
}

extension InitStart: StoredName {
    package var storedName: String {
        switch self {
        case .user: "user"
        case .restart: "restart"
        case .boot: "boot"
        }
    }
}

extension SupervisorEnd: StoredName {
    package var storedName: String {
        switch self {
        case .handover: "handover"
        case .graceful: "graceful"
        case .crash: "crash"
        case .reboot: "reboot"
        }
    }
}
