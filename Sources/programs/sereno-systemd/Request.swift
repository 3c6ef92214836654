internal import Linux
internal import Model
internal import SystemdKit

/// One run of the program.
struct Request {
    /// 1: systemd refused or a job failed. 2: wrong use. 3: there is no systemd.
    enum ExitCode {
        static let done: Int32 = 0
        static let failed: Int32 = 1
        static let usage: Int32 = 2
        static let absent: Int32 = 3
    }

    static let help = """
        usage: sereno-systemd [--user] [--timeout SECONDS] VERB

          version                        print systemd's release number
          reload                         read all unit files anew
          enable | disable UNIT...       and read all unit files anew
          start | stop | restart UNIT... and wait for the result
          show UNIT PROPERTY...          print PROPERTY=value lines
          stop-kind                      print why the caller's unit is ended: user, shutdown or watchdog
          is-stopping                    print whether that is a shutdown, for commands of older versions: yes or no
          start-kind                     print why the caller's unit is started: user, restart or boot

        exit code: 0 done, 1 refused or failed, 2 wrong use, 3 no systemd answers

        """

    private var scope = ManagerScope.system
    private var seconds = SystemdConnection.jobSeconds
    private var words: [String] = []

    static func run(_ arguments: [String]) -> Int32 {
        var request = Request()
        do throws(UsageError) {
            if try !request.parse(arguments) {
                print(help, terminator: "")
                return ExitCode.done
            }
        } catch {
            complain(error.message + "; see sereno-systemd --help")
            return ExitCode.usage
        }
        do throws(SystemdError) {
            return try request.perform()
        } catch {
            return report(error)
        }
    }

    /// False when only help was asked for.
    private mutating func parse(_ arguments: [String]) throws(UsageError) -> Bool {
        var rest = arguments[...]
        while let word = rest.popFirst() {
            switch word {
            case "--user": scope = .user
            case "--help", "-h": return false
            case "--timeout":
                guard let text = rest.popFirst(), let number = UInt64(text), (1...86_400).contains(number) else {
                    throw UsageError(message: "--timeout needs a number of seconds from 1 to 86400")
                }
                seconds = number
            default:
                guard !word.hasPrefix("-") || !words.isEmpty else {
                    throw UsageError(message: "unknown option \(word)")
                }
                words.append(word)
            }
        }
        guard let verb = words.first else { throw UsageError(message: "a verb is missing") }
        let wanted: ClosedRange<Int>
        switch verb {
        case "version", "reload", "stop-kind", "is-stopping", "start-kind": wanted = 0...0
        case "enable", "disable", "start", "stop", "restart": wanted = 1...Int.max
        case "show": wanted = 2...Int.max
        default: throw UsageError(message: "unknown verb \(verb)")
        }
        guard wanted.contains(words.count - 1) else {
            throw UsageError(message: "wrong number of arguments for \(verb)")
        }
        return true
    }

    private func perform() throws(SystemdError) -> Int32 {
        let units = Array(words.dropFirst())
        switch words.first {
        case "version":
            print(try version().major)
            return ExitCode.done
        case "reload": try SystemdConnection(scope).reload()
        case "enable": try SystemdConnection(scope).enable(units)
        case "disable": try SystemdConnection(scope).disable(units)
        case "start": return try run(.start, units)
        case "stop": return try run(.stop, units)
        case "restart": return try run(.restart, units)
        case "is-stopping":
            print(try SystemdConnection(OwnUnit.find()?.scope ?? scope).isStopping() ? "yes" : "no")
        case "stop-kind":
            let own = OwnUnit.find()
            print(try SystemdConnection(own?.scope ?? scope).stopKind(of: own?.name).rawValue)
        case "start-kind":
            guard let own = OwnUnit.find() else {
                Self.complain("this process belongs to no unit of systemd")
                return ExitCode.failed
            }
            print(try SystemdConnection(own.scope).startKind(of: own.name).rawValue)
        default:
            let found = try SystemdConnection(scope).properties(Array(units.dropFirst()), of: units.first ?? "")
            for (name, value) in found { print("\(name)=\(value.description)") }
            for name in units.dropFirst() where !found.contains(where: { $0.name == name }) {
                Self.complain("\(units.first ?? "") has no property \(name)")
            }
            return found.count == units.count - 1 ? ExitCode.done : ExitCode.failed
        }
        return ExitCode.done
    }

    /// The running manager's version, else that of the installed one.
    private func version() throws(SystemdError) -> SystemdVersion {
        do throws(SystemdError) {
            return try SystemdConnection(scope).version()
        } catch {
            guard case .absent = error, let installed = SystemdVersion.installed() else { throw error }
            return installed
        }
    }

    private func run(_ verb: UnitVerb, _ units: [String]) throws(SystemdError) -> Int32 {
        let results = try SystemdConnection(scope).run(verb, units, seconds: seconds)
        for (unit, result) in zip(units, results) { print("\(unit) \(result.word)") }
        return results.allSatisfy(\.isSuccess) ? ExitCode.done : ExitCode.failed
    }

    private static func report(_ error: SystemdError) -> Int32 {
        complain(error.message)
        if case .absent = error { return ExitCode.absent }
        return ExitCode.failed
    }

    private static func complain(_ message: String) {
        StandardError.write("sereno-systemd: \(message)\n")
    }

    private struct UsageError: ReadableError {
        let message: String
    }
}
