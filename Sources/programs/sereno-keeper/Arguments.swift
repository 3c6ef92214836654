import CLinux
import KeeperProtocolEmbedded
import RestartEmbedded

/// What the command line asks for. Embedded Swift compares strings as bytes through the C library.
enum Invocation {
    /// Run one program as the first process of a container.
    case containerInit(UnsafePointer<UnsafeMutablePointer<CChar>?>, ContainerInitOptions)
    /// Keep containers for an engine.
    case engine(UnsafePointer<UnsafeMutablePointer<CChar>?>, KeeperOptions)
    /// Be the first process of a machine, with this engine or the one that is installed.
    case machine(UnsafePointer<UnsafeMutablePointer<CChar>?>?, KeeperOptions, patience: Int64)
    case version
    case help
    case usageError
}

/// How a keeper keeps.
struct KeeperOptions {
    var slots = ProtocolBounds.defaultSlots
    /// Seconds that a new engine may take to be ready when it replaces another.
    var readyTimeout = 60
    /// Seconds between two questions to the engine; zero for what the service manager or nobody wants.
    var pingInterval = 0
}

let usageText: StaticString = """
    usage: sereno-keeper [--slots N] [--ready-timeout SECONDS] [--ping-interval SECONDS] --engine PROGRAM [ARGUMENTS...]
           sereno-keeper [INIT OPTIONS] -- PROGRAM [ARGUMENTS...]
           sereno-keeper [--machine] [--stop-within SECONDS] [--slots N] [--engine PROGRAM [ARGUMENTS...]]
           sereno-keeper --version

    The third form is the first process of a machine (init=/usr/sbin/sereno-keeper): process 1 without `--`, and without
    `--engine` unless `--machine` is given too.

    init options:
      --restart POLICY  no, on-failure[:MAX], always or unless-stopped (no unless given)
      -e CODE           count this exit code as 0; may be repeated
      -g                send signals to the program's process group
      -p SIGNAL         get this signal when the parent dies
      -s                reap orphans without being process 1 (always on)
      -v                tell of the signals that are passed on
      -w                tell of the orphans that are reaped

    """

func isEqual(_ text: UnsafePointer<CChar>, _ other: StaticString) -> Bool {
    let count = other.utf8CodeUnitCount
    for index in 0..<count where UInt8(bitPattern: text[index]) != other.utf8Start[index] { return false }
    return text[count] == 0
}

func number(_ text: UnsafePointer<CChar>) -> Int? {
    var value = 0
    var index = 0
    while text[index] != 0 {
        let digit = Int(text[index]) - 48
        guard digit >= 0, digit <= 9, index < 9 else { return nil }
        value = value * 10 + digit
        index += 1
    }
    return index == 0 ? nil : value
}

func parseArguments() -> Invocation {
    guard let all = clinux_arguments() else { return .usageError }
    let values = UnsafePointer(all)
    var options = KeeperOptions()
    var initOptions = ContainerInitOptions()
    let isFirst = clinux_getpid() == 1
    var isMachine = false
    var patience = Machine.defaultPatience
    var index = 1
    while index < Int(clinux_argument_count()), let argument = values[index] {
        let next = values[index + 1]
        if isEqual(argument, "--") {
            initOptions.readEnvironment()
            return next == nil ? .usageError : .containerInit(values + index + 1, initOptions)
        } else if isEqual(argument, "--engine") {
            if next == nil { return .usageError }
            if isMachine && isFirst { return .machine(values + index + 1, options, patience: patience) }
            return isMachine ? .usageError : .engine(values + index + 1, options)
        } else if isEqual(argument, "--machine") {
            isMachine = true
            index += 1
        } else if isEqual(argument, "--stop-within") {
            guard let next, let seconds = number(next), (1...86400).contains(seconds) else { return .usageError }
            patience = Int64(seconds) * second
            index += 2
        } else if isEqual(argument, "--slots") {
            guard let next, let count = number(next), (1...65536).contains(count) else { return .usageError }
            options.slots = count
            index += 2
        } else if isEqual(argument, "--ready-timeout") {
            guard let next, let seconds = number(next), (1...3600).contains(seconds) else { return .usageError }
            options.readyTimeout = seconds
            index += 2
        } else if isEqual(argument, "--ping-interval") {
            guard let next, let seconds = number(next), (1...3600).contains(seconds) else { return .usageError }
            options.pingInterval = seconds
            index += 2
        } else if isEqual(argument, "--version") {
            return .version
        } else if isEqual(argument, "--help") || isEqual(argument, "-h") {
            return .help
        } else {
            let count = initOptions.read(argument, next: next.map { UnsafePointer($0) })
            // The kernel gives its own unknown words (`splash`) to the first process.
            guard count != nil || isFirst else { return .usageError }
            index += count ?? 1
        }
    }
    return isFirst ? .machine(nil, options, patience: patience) : .usageError
}

func write(_ text: StaticString, to descriptor: Int32) {
    _ = clinux_write(descriptor, text.utf8Start, text.utf8CodeUnitCount)
}

func runProgram() -> Int32 {
    if clinux_is_stray_copy() == 1 {
        clinux_complain("this is not a program of the container's", -1, "")
        return 126
    }
    switch parseArguments() {
    case .containerInit(let arguments, let options):
        guard var initProcess = ContainerInit(options, arguments) else {
            clinux_complain("no signals or descriptors to start with", -1, "")
            return ExitCode.cannotStart
        }
        return initProcess.run()
    case .engine(let arguments, let options):
        if let call = clinux_missing_to_supervise() {
            clinux_complain("this kernel cannot supervise processes, it lacks ", -1, call)
            return ExitCode.cannotStart
        }
        becomeCopy()
        guard clinux_fill_standard_streams() == 0, var keeper = Keeper(arguments: arguments, options) else {
            clinux_complain("no memory or descriptors to start with", -1, "")
            return ExitCode.cannotStart
        }
        return keeper.run()
    case .machine(let arguments, let options, let patience):
        return runMachine(arguments, options, patience: patience)
    case .version:
        write("sereno-keeper ", to: 1)
        write(Release.version, to: 1)
        write("\n", to: 1)
        return 0
    case .help:
        write(usageText, to: 1)
        return 0
    case .usageError:
        write(usageText, to: 2)
        return ExitCode.usage
    }
}

/// sysexits(3).
enum ExitCode {
    static let usage: Int32 = 64
    static let software: Int32 = 70
    static let cannotStart: Int32 = 71
}

/// Containers see the program of what they are made from; it shall not be the file on the disk.
func becomeCopy() {
    let failure = clinux_become_copy()
    if failure < 0 {
        clinux_complain(
            "containers can reach the program on the disk, as no copy can be executed: ", -1, clinux_strerror(-failure))
    }
}
