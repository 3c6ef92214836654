import APIClient
import Flags
import Generator
import Model

/// The generator's options, from the command line and from facts of this machine and the engine.
struct GenerateSettings {
    let verb: Generate
    let session: Session

    /// Options for an init system; the engine's kind is queried.
    func options(_ system: InitSystem) throws -> GeneratorOptions {
        let identity = try EngineIdentity(session)
        return try options(system, identity)
    }

    /// Options for an init system and a known engine.
    func options(_ system: InitSystem, _ engine: EngineIdentity) throws(ExitFailure) -> GeneratorOptions {
        let (program, client) = try client(of: engine.kind)
        var options = GeneratorOptions(system, engine: engine.kind, program: program, client: client)
        options.style =
            try word(verb.style, "style", UnitStyle.self)
            ?? (engine.kind == .sereno && client == .sereno ? .attach : .plain)
        options.systemdVersion = try systemdVersion(system)
        options.scope = verb.user ? .user : .system
        options.owner = try word(verb.owner, "owner", RestartOwner.self) ?? .initSystem
        options.readiness = try word(verb.ready, "ready", Readiness.self)
        options.watchdog = try word(verb.watchdog, "watchdog", WatchdogSubject.self)
        options.boot = try word(verb.boot, "boot", BootStart.self) ?? .policy
        options.address = engine.kind == client ? engine.address : session.client.address.text
        options.engineUnit = engineUnit(engine, options)
        options.slice = verb.slice
        options.journal = !verb.noJournal
        if let prefix = verb.prefix { options.prefix = prefix }
        options.stopMargin = try seconds(verb.stopMargin, "stop-margin", 0...86_400) ?? options.stopMargin
        options.startTimeout = try seconds(verb.startTimeout, "start-timeout", 0...31_536_000)
        options.watchdogSeconds = try seconds(verb.watchdogSec, "watchdog-sec", 1...86_400) ?? options.watchdogSeconds
        if let text = verb.preventRestart { options.preventRestartCodes = try codes(text) }
        if let text = verb.reloadSignal {
            guard let signal = Signal(parsing: text) else { throw ExitFailure("invalid signal: \(text)") }
            options.reloadSignal = signal.name
        }
        return options
    }

    /// The program that the files call, and the kind of its command line.
    private func client(of engine: EngineKind) throws(ExitFailure) -> (String, EngineKind) {
        if let program = verb.program {
            let name = LocalPath.split(program).base
            let kind: EngineKind = name.hasPrefix("docker") ? .docker : name.hasPrefix("podman") ? .podman : .sereno
            return (program, kind)
        }
        switch engine {
        case .sereno: return (HostInit.ownProgram(), .sereno)
        case .docker, .podman:
            if let path = HostInit.program(engine.rawValue, environment: session.environment) { return (path, engine) }
            return (HostInit.ownProgram(), .sereno)
        }
    }

    private func engineUnit(_ engine: EngineIdentity, _ options: GeneratorOptions) -> String? {
        if let unit = verb.engineUnit { return unit.isEmpty ? nil : unit }
        // The unit of an engine at another address is unknown; the usual unit would start the wrong engine.
        guard engine.address == nil else { return nil }
        switch options.system {
        case .systemd:
            return switch engine.kind {
            // A user's manager does not have the machine's units.
            case .sereno where options.scope == .user: nil
            case .sereno: options.style == .attach ? "sereno.socket" : "sereno.service"
            case .docker: "docker.service"
            case .podman: "podman.socket"
            }
        case .upstart: return engine.kind == .podman ? nil : engine.kind.rawValue
        case .supervisord: return nil
        }
    }

    private func systemdVersion(_ system: InitSystem) throws(ExitFailure) -> Int {
        if let version = verb.systemdVersion {
            guard (200...999).contains(version) else {
                throw ExitFailure(
                    "--systemd-version=\(version): this is no version of systemd; give its number, such as 252")
            }
            return version
        }
        guard system == .systemd else { return GenerateSettings.oldestSystemd }
        return HostInit.systemdVersion() ?? GenerateSettings.oldestSystemd
    }

    /// The beginning of file names.
    static let prefix = "sereno-"

    /// The version assumed where there is no systemd to query; later versions read its files too.
    static let oldestSystemd = 252

    private func word<Choice: RawRepresentable & CaseIterable>(
        _ text: String?, _ flag: String, _ type: Choice.Type
    ) throws(ExitFailure) -> Choice? where Choice.RawValue == String {
        guard let text else { return nil }
        if let choice = Choice(rawValue: text) { return choice }
        let choices = Choice.allCases.map(\.rawValue).joined(separator: ", ")
        throw ExitFailure("--\(flag)=\(text): use one of \(choices)")
    }

    private func seconds(_ number: Int?, _ flag: String, _ range: ClosedRange<Int>) throws(ExitFailure) -> Int? {
        guard let number else { return nil }
        guard range.contains(number) else {
            throw ExitFailure("--\(flag)=\(number): use \(range.lowerBound) to \(range.upperBound) seconds")
        }
        return number
    }

    private func codes(_ text: String) throws(ExitFailure) -> [UInt8] {
        var codes: [UInt8] = []
        for word in text.split(byte: ",", omittingEmptySubsequences: false) {
            guard let code = UInt8(word) else {
                throw ExitFailure("--prevent-restart=\(text): use exit codes from 0 to 255 with commas between them")
            }
            codes.append(code)
        }
        return codes
    }
}
