import APIClient
import ArgumentParser
import Flags
import Generator
import Model
import Streaming

/// `sereno generate`: writes the files by which an init system supervises containers.
struct Generate: Verb {
    static let configuration = CommandConfiguration(
        verb: "generate",
        abstract: "Write systemd units, upstart jobs or supervisord programs that supervise containers")
    static let flags = FlagTable(
        switches: "check force install now uninstall user no-journal",
        values: "files from style owner ready watchdog restart program engine-unit slice boot prefix reload-signal "
            + "prevent-restart",
        integers: "systemd-version stop-margin start-timeout watchdog-sec")
    static let arguments = "systemd|upstart|supervisord [CONTAINER...]"
    static let argumentCount = ArgumentCount.any

    @Option(help: "When a file is started at boot: policy, yes or no.") var boot: String?
    @Flag(help: "Compare with what is where the init system looks, or in --files DIR: exit 1 and show the difference.")
    var check = false
    @Option(help: "Unit or job that brings the engine up; empty for none.") var engineUnit: String?
    @Option(help: "Write the files into this directory, or compare with it.") var files: String?
    @Flag(help: "Replace files that were edited since.") var force = false
    @Option(help: "Read a unit or job that runs docker or podman, and show what to write instead.") var from: String?
    @Flag(help: "Put the files where the init system looks, enable them, and hand over.") var install = false
    @Flag(help: "Keep what containers write out of the journal and of log files.") var noJournal = false
    @Flag(help: "With --install: start them too.") var now = false
    @Option(help: "Who starts a container again: init or sereno.") var owner: String?
    @Option(help: "What the names of files begin with (default sereno-).") var prefix: String?
    @Option(help: "Exit codes after which nothing is started again, such as 125,126,127.") var preventRestart: String?
    @Option(help: "Program to call, such as /usr/bin/docker.") var program: String?
    @Option(help: "When a container counts as started: started, payload or healthy.") var ready: String?
    @Option(help: "Signal that a reload sends to the container.") var reloadSignal: String?
    @Option(help: "Policy to write for instead of the container's own.") var restart: String?
    @Option(help: "Slice for the units.") var slice: String?
    @Option(help: "Seconds that a start may take; 0 for no limit.") var startTimeout: Int?
    @Option(help: "Seconds that a stop may take beyond the container's own timeout (default 30).") var stopMargin: Int?
    @Option(help: "Style of units: attach (sereno's own) or plain (any engine).") var style: String?
    @Option(help: "Major version of systemd to write for (default: this machine's).") var systemdVersion: Int?
    @Flag(help: "Take the files away from where the init system looks; the engine restarts again.") var uninstall =
        false
    @Flag(help: "Write for a user's own systemd.") var user = false
    @Option(help: "Let systemd watch: supervisor, or health for the container's health too.") var watchdog: String?
    @Option(help: "Seconds without a sign of life (default 30).") var watchdogSec: Int?

    @Argument(help: .hidden)
    var words: [String] = []

    func perform(in session: Session) throws -> Int32 {
        if let from { return try UnitImport(path: from, verb: self, session: session).perform() }
        guard let first = words.first, let system = InitSystem(rawValue: first) else {
            throw ExitFailure(
                words.isEmpty
                    ? "'sereno generate' requires an init system: systemd, upstart or supervisord\n"
                        + "See 'sereno generate --help'."
                    : "unknown init system \(quoted(words[0])); use one of systemd, upstart, supervisord")
        }
        let names = words.count > 1 ? Array(words.dropFirst()) : nil
        guard [check, files != nil && !check, install, uninstall].count(where: \.self) <= 1, !now || install else {
            throw ExitFailure("use one of --check, --files, --install and --uninstall, and --now with --install only")
        }
        if install || uninstall { return try place(system, names, session) }
        let set = try generate(system, names, session)
        if check {
            return try compare(
                set, in: try files.map(LocalPath.absolute) ?? initPlace(system, session).directory, whole: names == nil)
        }
        if let files {
            try write(set, to: files, whole: names == nil)
        } else {
            Output.standard.write(Self.page(set))
        }
        return 0
    }

    private func initPlace(_ system: InitSystem, _ session: Session) throws(ExitFailure) -> InitPlace {
        try InitPlace(system, isUsers: user, environment: session.environment)
    }

    private func place(_ system: InitSystem, _ names: [String]?, _ session: Session) throws -> Int32 {
        let engine = try EngineIdentity(session)
        let installation = Installation(
            place: try initPlace(system, session), client: session.client, isSereno: engine.kind == .sereno)
        if uninstall {
            try installation.uninstall(names, prefix: prefix ?? GenerateSettings.prefix, force: force)
        } else {
            let options = try GenerateSettings(verb: self, session: session).options(system)
            let facts = try FactsReader(client: session.client).facts(for: names)
            let set = try generate(facts, names, options)
            try installation.install(set, owner: options.owner, whole: names == nil, force: force, starts: now)
        }
        return 0
    }

    /// The files for containers of the engine; notes go to standard error.
    func generate(_ system: InitSystem, _ names: [String]?, _ session: Session) throws -> GeneratedSet {
        let options = try GenerateSettings(verb: self, session: session).options(system)
        let facts = try FactsReader(client: session.client).facts(for: names)
        return try generate(facts, names, options)
    }

    /// The files for known containers; notes go to standard error.
    func generate(_ facts: [ContainerFacts], _ names: [String]?, _ options: GeneratorOptions) throws -> GeneratedSet {
        do {
            let set = try Generator.generate(facts, names: names, policy: try policy(), options: options)
            guard !set.files.isEmpty else {
                throw ExitFailure(
                    "no container has a restart policy, so there is nothing to generate; "
                        + "name containers and give --restart=POLICY, or set one with 'sereno update --restart'")
            }
            for note in set.notes { Output.error.line("note: \(note)") }
            return set
        } catch let error as GeneratorError {
            throw ExitFailure(error.message)
        }
    }

    private func policy() throws(ExitFailure) -> RestartPolicy? {
        guard let restart else { return nil }
        let option = try RestartOption(parsing: restart)
        do {
            return try RestartPolicy(name: option.name, maximumRetryCount: option.count)
        } catch {
            throw ExitFailure(error.message)
        }
    }

    /// All files of a set, one after the other, each under its name.
    static func page(_ set: GeneratedSet) -> [UInt8] {
        var page: [UInt8] = []
        for (index, file) in set.files.enumerated() {
            if index > 0 { page.append(0x0A) }
            page += Array("# \(file.name)\n".utf8) + file.contents.bytes
        }
        return page
    }

    // MARK: Directories

    private func compare(_ set: GeneratedSet, in path: String, whole: Bool) throws -> Int32 {
        let directory = GeneratedDirectory(path)
        let difference = Manifest.compare(try directory.read(names: set.files.map(\.name)), with: set, whole: whole)
        Output.standard.write(difference.bytes)
        return difference.isEmpty ? 0 : 1
    }

    private func write(_ set: GeneratedSet, to path: String, whole: Bool) throws {
        let directory = GeneratedDirectory(LocalPath.absolute(path))
        let found = try directory.read(names: set.files.map(\.name))
        let plan: ManifestPlan
        do {
            plan = try Manifest.plan(found, replacing: set, whole: whole, force: force)
        } catch {
            throw ExitFailure("\(directory.path): \(error.sentence)")
        }
        try directory.carryOut(plan)
        for name in plan.writes.map(\.name) { Output.standard.line("\(directory.path)/\(name)") }
        for name in plan.removes { Output.error.line("removed \(directory.path)/\(name)") }
    }
}
