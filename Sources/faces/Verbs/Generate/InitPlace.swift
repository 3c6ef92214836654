import Flags
import Model
import Streaming

/// The place where an init system of this machine looks for files, and the commands that make it read them.
struct InitPlace {
    let system: InitSystem
    /// Whether the init system is the systemd of the calling user.
    let isUsers: Bool
    /// The directory of the files.
    let directory: String
    private let environment: [String: String]

    init(_ system: InitSystem, isUsers: Bool, environment: [String: String]) throws(ExitFailure) {
        self.system = system
        self.isUsers = isUsers
        self.environment = environment
        switch system {
        case .systemd where isUsers:
            // systemd.unit(5), "User Unit Search Path".
            let home = environment["HOME"].map { $0 + "/.config" }
            guard let base = environment["XDG_CONFIG_HOME"].flatMap({ $0.isEmpty ? nil : $0 }) ?? home else {
                throw ExitFailure("where are your units? Neither XDG_CONFIG_HOME nor HOME is set")
            }
            directory = base + "/systemd/user"
        case .systemd: directory = "/etc/systemd/system"
        case .upstart: directory = "/etc/init"
        case .supervisord: directory = "/etc/supervisor/conf.d"
        }
    }

    /// The ending of file names.
    var suffix: String {
        switch system {
        case .systemd: ".service"
        case .upstart, .supervisord: ".conf"
        }
    }

    /// The init system's name for the unit, job or program of a file.
    func unit(of file: String) -> String {
        switch system {
        case .systemd: file
        case .upstart, .supervisord: file.hasSuffix(".conf") ? String(file.dropLast(5)) : file
        }
    }

    // MARK: Telling it

    /// Checks that the init system is there, before any file is written.
    func demand() throws(ExitFailure) {
        switch system {
        case .systemd: try tell("sereno-systemd", systemd + ["reload"])
        case .upstart: try tell("initctl", ["version"])
        case .supervisord: try tell("supervisorctl", ["pid"])
        }
    }

    /// Makes the init system read all files anew, and sets which of them start at boot.
    func read(_ files: [String], atBoot: [String]) throws(ExitFailure) {
        switch system {
        case .systemd:
            let others = files.filter { !atBoot.contains($0) }
            // Files that started at boot before must no longer do so. Both commands make systemd read the units anew.
            if !others.isEmpty { try tell("sereno-systemd", systemd + ["disable"] + others) }
            if !atBoot.isEmpty { try tell("sereno-systemd", systemd + ["enable"] + atBoot) }
            if files.isEmpty { try tell("sereno-systemd", systemd + ["reload"]) }
        case .upstart: try tell("initctl", ["reload-configuration"])
        case .supervisord:
            try tell("supervisorctl", ["reread"])
            // Only these programs are updated: an edit of another program's file is no request for its restart.
            if !files.isEmpty { try tell("supervisorctl", ["update"] + files.map(unit)) }
        }
    }

    /// Makes the init system forget units whose files are about to go. What runs goes on, except under supervisord,
    /// which ends what it forgets: there the engine takes the container over when the program is removed.
    func forget(_ files: [String]) throws(ExitFailure) {
        guard !files.isEmpty else { return }
        switch system {
        case .systemd: try tell("sereno-systemd", systemd + ["disable"] + files)
        case .upstart, .supervisord: break
        }
    }

    /// Starts the units, jobs or programs of files.
    func start(_ files: [String]) throws(ExitFailure) {
        switch system {
        case .systemd: try tell("sereno-systemd", systemd + ["start"] + files)
        case .upstart: for file in files { try tell("initctl", ["start", unit(of: file)]) }
        // `supervisorctl update` has started them.
        case .supervisord: break
        }
    }

    private var systemd: [String] { isUsers ? ["--user"] : [] }

    private func tell(_ name: String, _ words: [String]) throws(ExitFailure) {
        guard let path = Programs.find(name) ?? HostInit.program(name, environment: environment) else {
            throw ExitFailure(
                "\(system.rawValue) is not on this machine (there is no \(name)); write the files with --files DIR")
        }
        guard let code = Programs.run(path, words) else { throw ExitFailure("cannot run \(path)") }
        guard code != 0 else { return }
        let command = ([name] + words).joined(separator: " ")
        throw ExitFailure("\(system.rawValue) did not do it: '\(command)' ended with exit code \(code)")
    }
}
