public import JSONFormat
public import Model

extension ExecSnapshot {
    /// The answer to `GET /exec/{id}/json`.
    public var json: JSON {
        var process: JSONObject = [
            "tty": .bool(spec.terminal), "entrypoint": .string(spec.arguments.first ?? ""),
            "arguments": .strings(spec.arguments.dropFirst()), "privileged": .bool(spec.privileged),
        ]
        if !spec.user.isEmpty { process.append("user", .string(spec.user)) }
        return [
            "ID": .string(id), "Running": .bool(running), "ExitCode": exitCode.map { .integer($0) } ?? nil,
            "ProcessConfig": .object(process),
            "OpenStdin": .bool(spec.attachStdin), "OpenStderr": .bool(spec.attachStderr),
            "OpenStdout": .bool(spec.attachStdout), "CanRemove": .bool(!running && exitCode != nil),
            "ContainerID": .string(containerID.text), "DetachKeys": .string(spec.detachKeys), "Pid": .integer(pid),
        ]
    }
}

extension ProcessTable {
    /// The answer to `GET /containers/{id}/top`.
    public var json: JSON {
        ["Titles": .strings(titles), "Processes": .array(processes.map { .strings($0) })]
    }
}

extension PathChange {
    /// One element of the answer to `GET /containers/{id}/changes`.
    public var json: JSON { ["Kind": .integer(kind.rawValue), "Path": .string(path)] }
}

extension PathStat {
    /// The content of the `X-Docker-Container-Path-Stat` header before it is encoded in base 64.
    public var json: JSON {
        [
            "name": .string(name), "size": .integer(size), "mode": .integer(mode),
            "mtime": .string(modified.rfc3339Nano),
            "linkTarget": .string(linkTarget),
        ]
    }
}
