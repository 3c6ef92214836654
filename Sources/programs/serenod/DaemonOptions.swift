internal import Model
internal import Supervision

/// The options of the supervisor, with Docker's own names.
struct DaemonOptions {
    var configuration = EngineConfiguration()
    /// Paths of Unix sockets to listen on.
    var sockets: [String] = []
    /// Numeric addresses and ports to serve with TLS.
    var ports: [(host: String, port: UInt16)] = []
    var tls: TLSOptions?
    /// Whether the sockets were named, or are the standard one.
    var namesSockets = true
    /// Group that owns the sockets; empty is `sereno` when there is such a group.
    var group = ""
    var logLevel = "info"
    var pidfile = ""
    var showVersion = false
    var showHelp = false

    /// Why the options were refused.
    enum Invalid: ReadableError {
        case unknown(String)
        case missingValue(String)
        case badValue(option: String, value: String, expected: String)
        case plainPort(String)
        case missingFile(String)

        /// One line for the terminal.
        var message: String {
            switch self {
            case .unknown(let option): "unknown option: \(option)"
            case .missingValue(let option): "option \(option) needs a value"
            case .plainPort(let address):
                "-H \(address): TCP is served to clients with a certificate only, as whoever may talk here is root: add "
                    + "--tlsverify --tlscacert CA --tlscert CERT --tlskey KEY, or forward the Unix socket by ssh"
            case .missingFile(let option): "--tlsverify needs \(option) FILE"
            case .badValue(let option, let value, let expected): "option \(option): '\(value)' is not \(expected)"
            }
        }
    }

    static let help = """
        Usage: serenod [OPTIONS]     (started by sereno-keeper; run `sereno daemon` instead)

              --data-root DIR          what must survive a reboot (default /var/lib/sereno)
              --exec-root DIR          what need not (default /run/sereno)
          -H, --host ADDRESS           listen here: unix://PATH (default unix:///run/sereno/sereno.sock), or with
                                       --tlsverify tcp://ADDRESS[:2376]
          -G, --group NAME             group of the socket
              --tlsverify              serve TCP, to clients with a certificate that --tlscacert signed
              --tlscacert FILE         the authority that signs clients (PEM)
              --tlscert FILE           the certificate shown to clients (PEM)
              --tlskey FILE            its private key (PEM)
              --default-runtime NAME   native, host, runc or a name given to --add-runtime (default native)
              --add-runtime NAME=PATH  one more OCI runtime
              --init                   give containers an init unless they say otherwise
              --log-driver NAME        \(LogDriver.names.joined(separator: ", ")) (default \(LogDriver.standard.rawValue))
              --log-opt KEY=VALUE      default option of the log driver
              --shutdown-timeout N     seconds for all containers to stop (default 15)
              --start-rate N           starts per second when it comes up, 0 for no bound (default 50)
              --start-jitter N         milliseconds at most by which each is put off at random (default 20)
              --pidfile PATH           write the process ID here
          -l, --log-level LEVEL        debug, info, warn or error (default info)
          -D, --debug                  the same as --log-level debug
          -v, --version                print the version and end

        """

    /// Reads the arguments after the program's name.
    init(_ arguments: [String]) throws(Invalid) {
        var rest = arguments[...]
        var verifies = false
        var files = TLSOptions()
        while let argument = rest.popFirst() {
            var name = argument
            var inline: String?
            if argument.hasPrefix("--"), let equals = argument.firstIndex(of: "=") {
                name = String(argument[..<equals])
                inline = String(argument[argument.index(after: equals)...])
            }
            func value() throws(Invalid) -> String {
                if let inline { return inline }
                guard let next = rest.popFirst() else { throw .missingValue(name) }
                return next
            }
            switch name {
            case "--data-root": configuration.dataRoot = try absolute(name, try value())
            case "--exec-root": configuration.execRoot = try absolute(name, try value())
            case "-H", "--host": try listen(on: try value())
            case "--tlsverify": verifies = inline != "false"
            case "--tlscacert": files.authority = try absolute(name, try value())
            case "--tlscert": files.certificate = try absolute(name, try value())
            case "--tlskey": files.key = try absolute(name, try value())
            case "-G", "--group": group = try value()
            case "--default-runtime": configuration.defaultRuntime = RuntimeName(try value())
            case "--add-runtime":
                let (key, path) = try pair(name, try value())
                configuration.runtimes[key] = path
            case "--init": configuration.defaultInit = inline != "false"
            case "--log-driver":
                let text = try value()
                guard let driver = LogDriver(rawValue: text) else {
                    throw .badValue(
                        option: name, value: text, expected: "one of " + LogDriver.names.joined(separator: ", "))
                }
                configuration.logDriver = driver
            case "--log-opt":
                let (key, option) = try pair(name, try value())
                configuration.logOptions[key] = option
            case "--shutdown-timeout":
                let text = try value()
                guard let seconds = Int(text) else {
                    throw .badValue(option: name, value: text, expected: "a number of seconds")
                }
                configuration.shutdownTimeout = seconds
            case "--start-rate":
                configuration.startPace.perSecond = try count(name, try value(), atMost: 1_000_000)
            case "--start-jitter":
                configuration.startPace.jitter = .milliseconds(Int64(try count(name, try value(), atMost: 600_000)))
            case "--pidfile", "-p": pidfile = try value()
            case "-l", "--log-level":
                logLevel = try value()
                guard ["debug", "info", "warn", "error", "fatal"].contains(logLevel) else {
                    throw .badValue(option: name, value: logLevel, expected: "a log level")
                }
            case "-D", "--debug": logLevel = "debug"
            case "-v", "--version": showVersion = true
            case "-h", "--help": showHelp = true
            default: throw .unknown(argument)
            }
        }
        try settle(verifies ? files : nil)
    }

    /// What the options say together.
    private mutating func settle(_ files: TLSOptions?) throws(Invalid) {
        if let files {
            for (option, path) in [
                ("--tlscacert", files.authority), ("--tlscert", files.certificate), ("--tlskey", files.key),
            ] where path.isEmpty { throw .missingFile(option) }
            tls = files
        } else if let first = ports.first {
            throw .plainPort("tcp://\(first.host):\(first.port)")
        }
        if sockets.isEmpty, ports.isEmpty {
            sockets = ["/run/sereno/sereno.sock"]
            namesSockets = false
        }
    }

    private mutating func listen(on host: String) throws(Invalid) {
        if host.hasPrefix("tcp://") { ports.append(try port(host)) } else { sockets.append(try socketPath(host)) }
    }

    private func logDriver(_ option: String, _ text: String) throws(Invalid) -> String {
        guard LogDriver(rawValue: text) != nil else {
            throw .badValue(
                option: option, value: text, expected: "one of " + LogDriver.names.joined(separator: ", "))
        }
        return text
    }

    private func count(_ option: String, _ text: String, atMost most: Int) throws(Invalid) -> Int {
        guard let number = Int(text), (0...most).contains(number) else {
            throw .badValue(option: option, value: text, expected: "a number from 0 to \(most)")
        }
        return number
    }

    private func absolute(_ option: String, _ path: String) throws(Invalid) -> String {
        guard path.hasPrefix("/") else { throw .badValue(option: option, value: path, expected: "an absolute path") }
        return path
    }

    private func socketPath(_ host: String) throws(Invalid) -> String {
        guard host.hasPrefix("unix://"), host.dropFirst(7).hasPrefix("/") else {
            throw .badValue(option: "-H", value: host, expected: "unix:// and an absolute path")
        }
        let path = String(host.dropFirst(7))
        guard path.utf8.count < 108 else {
            throw .badValue(option: "-H", value: host, expected: "a path shorter than 108 bytes (unix(7))")
        }
        return path
    }

    private func port(_ host: String) throws(Invalid) -> (host: String, port: UInt16) {
        let rest = host.dropFirst(6)
        let colon = rest.lastIndex { $0 == ":" }.flatMap { rest[$0...].contains("]") ? nil : $0 }
        let name = colon.map { rest[..<$0] } ?? rest
        guard let port = colon.map({ UInt16(rest[rest.index(after: $0)...]) }) ?? 2376, !name.contains("/") else {
            throw .badValue(option: "-H", value: host, expected: "tcp://, a numeric address and a port")
        }
        return (name.filter { $0 != "[" && $0 != "]" }, port)
    }

    private func pair(_ option: String, _ text: String) throws(Invalid) -> (String, String) {
        guard let equals = text.firstIndex(of: "="), equals != text.startIndex else {
            throw .badValue(option: option, value: text, expected: "KEY=VALUE")
        }
        return (String(text[..<equals]), String(text[text.index(after: equals)...]))
    }
}
