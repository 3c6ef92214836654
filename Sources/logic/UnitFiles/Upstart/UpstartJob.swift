/// A job file of upstart as a tree: stanzas in order, as init(5) describes them.
public struct UpstartJob: Hashable, Sendable {
    /// The stanzas in order. Of one that is repeated the last holds, except for lists (`env`, `export`, `limit`, `normal exit`…).
    public var stanzas: [UpstartStanza]

    /// Makes a job.
    public init(_ stanzas: [UpstartStanza] = []) { self.stanzas = stanzas }
}

/// One stanza of a job.
public enum UpstartStanza: Hashable, Sendable {
    /// A comment without its `#`.
    case comment(ByteString)

    // Documentation.
    case description(ByteString)
    case author(ByteString)
    case version(ByteString)
    case usage(ByteString)
    /// The events that the job's processes emit.
    case emits([ByteString])

    // Instances and environment.
    /// The name that distinguishes instances; `$NAME` in it is expanded.
    case instance(ByteString)
    /// `env KEY=VALUE`; without a value upstart's own is handed on.
    case environment(ByteString, ByteString?)
    case export([ByteString])

    // Events.
    case startOn(UpstartEvents)
    case stopOn(UpstartEvents)
    /// Forgets `start on` stanzas before it.
    case manual

    // Processes.
    case process(UpstartProcess, UpstartCommand)
    case expect(UpstartExpectation)
    case task
    case killSignal(ByteString)
    /// Seconds between the signal and KILL.
    case killTimeout(Int)
    case reloadSignal(ByteString)
    case respawn
    case respawnLimit(UpstartRespawnLimit)
    /// Exit codes and signal names that are no failure.
    case normalExit([ByteString])

    // The processes' surroundings.
    case console(UpstartConsole)
    /// An octal mask, up to 0777.
    case umask(UInt16)
    /// -20...19
    case nice(Int)
    case oomScore(UpstartOOMScore)
    case limit(UpstartLimit, soft: UpstartLimitValue, hard: UpstartLimitValue)
    case chroot(ByteString)
    case chdir(ByteString)
    case setuid(ByteString)
    case setgid(ByteString)
    case apparmorLoad(ByteString)
    case apparmorSwitch(ByteString)
    case cgroup(UpstartControlGroup)
    case debug
}

/// Whose process a command is.
public enum UpstartProcess: String, Hashable, Sendable, CaseIterable {
    case main
    case preStart = "pre-start"
    case postStart = "post-start"
    case preStop = "pre-stop"
    case postStop = "post-stop"
}

/// What a process of a job runs.
public enum UpstartCommand: Hashable, Sendable {
    /// A program and its arguments, each arriving byte for byte. Written as `exec`, or as a script when `exec` would change it.
    case arguments([ByteString])
    /// The text after `exec`, as it stands: upstart runs it through `sh -e` when it has a character that is special to a shell.
    case shellLine(ByteString)
    /// The lines between `script` and `end script`, for `sh -e`. Ends with a newline unless it is empty.
    case script(ByteString)
}

/// How upstart learns that the main process is ready.
public enum UpstartExpectation: String, Hashable, Sendable, CaseIterable {
    case none, stop, daemon, fork
}

/// How often a job may be respawned.
public enum UpstartRespawnLimit: Hashable, Sendable {
    case unlimited
    /// At most so many times in so many seconds.
    case atMost(Int, seconds: Int)
}

/// Where the output of a job's processes goes.
public enum UpstartConsole: String, Hashable, Sendable, CaseIterable {
    case none, output, owner, log
}

/// What the kernel is told about the processes of a job, should memory run out.
public enum UpstartOOMScore: Hashable, Sendable {
    /// -999...1000
    case adjustment(Int)
    case never
}

/// The resources that `limit` knows.
public enum UpstartLimit: String, Hashable, Sendable, CaseIterable {
    case addressSpace = "as"
    case core, cpu, data, fsize, memlock, msgqueue, nice, nofile, nproc, rss, rtprio, sigpending, stack
}

/// One side of a limit.
public enum UpstartLimitValue: Hashable, Sendable {
    case unlimited
    case value(UInt64)
}

/// The operands of `cgroup`.
public struct UpstartControlGroup: Hashable, Sendable {
    /// The controller: `memory`, `cpu`…
    public var controller: ByteString
    /// The group's name; upstart's own choice when nil.
    public var name: ByteString?
    /// A setting to write.
    public var key: ByteString?
    /// What to write to it; there is one exactly when there is a key.
    public var value: ByteString?

    /// Makes the operands.
    public init(_ controller: ByteString, name: ByteString? = nil, key: ByteString? = nil, value: ByteString? = nil) {
        self.controller = controller
        self.name = name
        self.key = key
        self.value = value
    }
}

/// When a job starts or stops.
public indirect enum UpstartEvents: Hashable, Sendable {
    /// An event's name and what its variables must match.
    case event(ByteString, [UpstartMatch] = [])
    case and(UpstartEvents, UpstartEvents)
    case or(UpstartEvents, UpstartEvents)
}

/// A condition on one variable of an event. A pattern may hold `*`, `?`, `[…]` and `$NAME`.
public enum UpstartMatch: Hashable, Sendable {
    /// The variable at this place; only before matches by name.
    case positional(ByteString)
    /// `KEY=PATTERN`
    case equal(ByteString, ByteString)
    /// `KEY!=PATTERN`
    case notEqual(ByteString, ByteString)
}
