/// How systemd reads the value of a directive: which quotes, escapes and expansions count in it.
///
/// The classes are those of systemd's own table of parsers (src/core/load-fragment-gperf.gperf.in, v252 to v257).
public enum SystemdSyntax: Hashable, Sendable {
    /// Words with quotes and C escapes, `%` and `$` expanded, `;` between commands: `ExecStart=`.
    case commands
    /// Words with quotes and C escapes, `%` expanded: `Environment=`.
    case environment
    /// Words with quotes but no escapes, as a backslash belongs to a unit's name: `After=`.
    case unitNames
    /// Words with quotes, in which a backslash makes the next byte an ordinary one, each an absolute path: `RequiresMountsFor=`.
    case paths
    /// Words with quotes and C escapes: `PassEnvironment=`.
    case quotedWords
    /// Words between blanks, no quotes: `SuccessExitStatus=`.
    case bareWords
    /// The rest of the line, `%` expanded.
    case text
    /// The rest of the line as an absolute path, `%` expanded.
    case path
    /// The rest of the line, nothing expanded.
    case plain
    /// `ConditionPathExists=` and its like.
    case condition
}

extension SystemdSyntax {
    /// The longest line that systemd reads, in bytes (`LONG_LINE_MAX`); a longer one makes it drop the whole file.
    public static let maximumLine = (1 << 20) - 1

    /// The class of a directive. What is not known here is plain.
    public static func of(_ directive: String, in section: String) -> SystemdSyntax {
        if directive.hasPrefix("Condition") || directive.hasPrefix("Assert") { return .condition }
        switch section {
        case "Unit": return unit[directive] ?? .plain
        case "Install": return install.contains(directive) ? .unitNames : .plain
        default: return service[directive] ?? .plain
        }
    }

    private static let unit: [String: SystemdSyntax] = {
        var table: [String: SystemdSyntax] = [
            "Description": .text, "SourcePath": .path, "RequiresMountsFor": .paths, "WantsMountsFor": .paths,
            "Documentation": .quotedWords,
        ]
        for name in [
            "After", "Before", "BindsTo", "Conflicts", "JoinsNamespaceOf", "OnFailure", "OnSuccess", "PartOf",
            "PropagatesReloadTo", "PropagatesStopTo", "ReloadPropagatedFrom", "Requires", "Requisite",
            "StopPropagatedFrom", "Upholds", "Wants",
        ] {
            table[name] = .unitNames
        }
        return table
    }()

    private static let install: Set<String> = ["Alias", "Also", "RequiredBy", "UpheldBy", "WantedBy"]

    private static let service: [String: SystemdSyntax] = {
        var table: [String: SystemdSyntax] = [
            "Environment": .environment, "SyslogIdentifier": .text, "Slice": .unitNames, "Sockets": .unitNames,
            "Service": .unitNames, "WorkingDirectory": .path, "RootDirectory": .path, "EnvironmentFile": .path,
            "PIDFile": .path, "ListenStream": .path, "ListenDatagram": .path, "ListenSequentialPacket": .path,
            "ListenFIFO": .path, "SuccessExitStatus": .bareWords, "RestartForceExitStatus": .bareWords,
            "RestartPreventExitStatus": .bareWords, "SupplementaryGroups": .quotedWords,
            "PassEnvironment": .quotedWords, "UnsetEnvironment": .quotedWords, "RuntimeDirectory": .quotedWords,
            "StateDirectory": .quotedWords, "LogsDirectory": .quotedWords, "ConfigurationDirectory": .quotedWords,
            "CacheDirectory": .quotedWords, "ReadWritePaths": .quotedWords, "ReadOnlyPaths": .quotedWords,
            "InaccessiblePaths": .quotedWords, "User": .text, "Group": .text, "StatusText": .text,
        ]
        for name in [
            "ExecCondition", "ExecReload", "ExecReloadPost", "ExecStart", "ExecStartPost", "ExecStartPre", "ExecStop",
            "ExecStopPost", "ExecStopPre",
        ] {
            table[name] = .commands
        }
        return table
    }()
}
