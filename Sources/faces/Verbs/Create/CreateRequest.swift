import APIClient
import Flags
import JSONFormat
import Model

/// The body of `POST /containers/create`, from the command line. Pure except for the files that flags name.
struct CreateRequest {
    let options: ContainerOptions
    let resources: ResourceOptions
    let image: String
    let command: [String]
    let environment: [String: String]
    /// Whether no stream is attached (`run -d`).
    let isDetached: Bool

    /// The attached streams: those of `-a`, else all outputs and an input that is kept open.
    var attached: Set<String> {
        if isDetached { return [] }
        if !options.attach.isEmpty { return Set(options.attach.map { $0.lowercased() }) }
        return options.interactive ? ["stdin", "stdout", "stderr"] : ["stdout", "stderr"]
    }

    /// The whole body. Throws where Docker's client refuses to send one.
    func body() throws(ExitFailure) -> JSON {
        try refuseConflicts()
        var config = try configMembers()
        config.append(.init("HostConfig", .object(try hostMembers())))
        config.append(.init("NetworkingConfig", try networking()))
        return .object(config)
    }

    private func refuseConflicts() throws(ExitFailure) {
        let restart = try RestartOption(parsing: options.restart ?? "")
        if options.rm, !restart.isNone {
            throw ExitFailure("conflicting options: cannot specify both --restart and --rm")
        }
        try check(options.pid, "--pid: invalid PID mode", container: true)
        try check(options.uts, "--uts: invalid UTS mode", container: false)
        try check(options.userns, "--userns: invalid USER mode", container: false)
        if let mode = options.cgroupns, !["", "host", "private"].contains(mode) {
            throw ExitFailure("--cgroupns: invalid CGROUP mode")
        }
        if options.network.contains("") { throw ExitFailure("no name set for network") }
    }

    private func check(_ mode: String?, _ message: String, container: Bool) throws(ExitFailure) {
        guard let mode, !mode.isEmpty, mode != "host" else { return }
        if container, mode.hasPrefix(bytes: "container:"), mode.utf8.count > 10 { return }
        throw ExitFailure(message)
    }

    private func configMembers() throws(ExitFailure) -> JSONObject {
        let attached = attached
        var members: JSONObject = []
        func add(_ name: String, _ text: String?) { if let text { members.append(.init(name, .string(text))) } }
        add("Hostname", options.hostname)
        add("Domainname", options.domainname)
        add("User", options.user)
        members += [
            .init("AttachStdin", .bool(attached.contains("stdin"))),
            .init("AttachStdout", .bool(attached.contains("stdout"))),
            .init("AttachStderr", .bool(attached.contains("stderr"))),
            .init("Tty", .bool(options.tty)),
            .init("OpenStdin", .bool(options.interactive)),
            .init("StdinOnce", .bool(options.interactive && attached.contains("stdin"))),
        ]
        members.append(.init("Env", .strings(try variables())))
        if !command.isEmpty { members.append(.init("Cmd", .strings(command))) }
        if let entrypoint = options.entrypoint { members.append(.init("Entrypoint", .strings([entrypoint]))) }
        members.append(.init("Image", .string(image)))
        add("WorkingDir", options.workdir)
        add("MacAddress", options.macAddress)
        add("StopSignal", options.stopSignal)
        if let seconds = options.stopTimeout { members.append(.init("StopTimeout", .integer(seconds))) }
        let labels = try labels()
        if !labels.isEmpty { members.append(.init("Labels", .object(labels))) }
        let volumes = try splitVolumes().anonymous
        if !volumes.isEmpty { members.append(.init("Volumes", .object(JSONObject(volumes.map { ($0, [:]) })))) }
        let ports = try exposedPorts()
        if !ports.isEmpty { members.append(.init("ExposedPorts", .object(JSONObject(ports.map { ($0, [:]) })))) }
        if let check = try healthcheck() { members.append(.init("Healthcheck", check)) }
        return members
    }

    private func variables() throws(ExitFailure) -> [String] {
        var all: [String] = []
        for file in options.envFile {
            all += try LineFile.read(file, environment: environment)
        }
        for text in options.env {
            if text.contains(byte: "=") {
                all.append(text)
            } else {
                all.append(environment[text].map { "\(text)=\($0)" } ?? text)
            }
        }
        return all
    }

    private func labels() throws(ExitFailure) -> JSONObject {
        var all: [String] = []
        for file in options.labelFile { all += try LineFile.read(file, environment: nil) }
        return CreateRequest.pairs(all + options.label)
    }

    /// Members from `name=value` texts; the last of the same name counts.
    static func pairs(_ texts: [String]) -> JSONObject {
        var members: JSONObject = []
        for text in texts {
            let member = MountOption.pair(text)
            members.removeAll { $0.name.isSame(bytes: member.name) }
            members.append(member)
        }
        return members
    }

    /// The values of `-v`: one path is an anonymous volume, more are a bind or a named volume.
    func splitVolumes() throws(ExitFailure) -> (anonymous: [String], binds: [String]) {
        var anonymous: [String] = []
        var binds: [String] = []
        for text in options.volume {
            guard !text.isEmpty else { throw ExitFailure("invalid empty volume spec") }
            let parts = text.split(byte: ":", maxSplits: 1, omittingEmptySubsequences: false)
            guard parts.count == 2 else {
                anonymous.append(text)
                continue
            }
            guard !parts[0].isEmpty else { throw ExitFailure("invalid spec: \(text): empty section between colons") }
            let source = parts[0].hasPrefix(bytes: ".") ? LocalPath.absolute(String(parts[0])) : String(parts[0])
            let bind = "\(source):\(parts[1])"
            if !binds.contains(where: { $0.isSame(bytes: bind) }) { binds.append(bind) }
        }
        return (anonymous, binds)
    }

    private func exposedPorts() throws(ExitFailure) -> [String] {
        var ports: [String] = []
        for text in options.expose { ports += try PortOption.exposed(text) }
        for text in options.publish { ports += try PortOption.parse(text).map(\.port) }
        var seen: Set<String> = []
        return ports.filter { seen.insert($0).inserted }
    }

    private func healthcheck() throws(ExitFailure) -> JSON? {
        let durations = [
            ("Interval", "interval", options.healthInterval), ("Timeout", "timeout", options.healthTimeout),
            ("StartPeriod", "start-period", options.healthStartPeriod),
            ("StartInterval", "start-interval", options.healthStartInterval),
        ]
        let isSet = options.healthCmd != nil || options.healthRetries != nil || durations.contains { $0.2 != nil }
        guard options.healthcheck else {
            if isSet { throw ExitFailure("--no-healthcheck conflicts with --health-* options") }
            return ["Test": ["NONE"]]
        }
        guard isSet else { return nil }
        var members: JSONObject = []
        if let command = options.healthCmd { members.append(.init("Test", ["CMD-SHELL", .string(command)])) }
        for (name, flag, text) in durations {
            guard let text, let value = (try? Nanoseconds(goText: text))?.count else { continue }
            if value < 0 { throw ExitFailure("--health-\(flag) cannot be negative") }
            members.append(.init(name, .integer(value)))
        }
        if let retries = options.healthRetries {
            if retries < 0 { throw ExitFailure("--health-retries cannot be negative") }
            members.append(.init("Retries", .integer(retries)))
        }
        return .object(members)
    }
}

extension JSON {
    /// An array of strings.
    static func strings(_ texts: [String]) -> JSON { .array(texts.map { .string($0) }) }
}
