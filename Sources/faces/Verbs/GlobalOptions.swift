import Flags
import Model

/// The options before the verb.
struct GlobalOptions: Hashable {
    var host: String?
    var debug = false
    var logLevel: String?
    /// Whether TCP connections use TLS, and the three files for it.
    var tlsVerify = false
    var tlsAuthority: String?
    var tlsCertificate: String?
    var tlsKey: String?
    /// The context; there is one, `default`, which is the engine's address.
    var context: String?
    var wantsVersion = false
    var wantsHelp = false

    /// The flags of Docker's client that come before the verb.
    static let table = FlagTable(
        switches: "D/debug v/version tlsverify", values: "H/host l/log-level c/context config tlscacert tlscert tlskey",
        interspersed: false,
        absent: ["tls": "a connection that verifies nobody is safe from nobody: use --tlsverify"])

    /// The flags in the form of the help page.
    static let usages = [
        FlagUsage(
            short: nil, long: "config", value: "string", text: "Accepted and not used: there are no client config files"
        ),
        FlagUsage(
            short: "c", long: "context", value: "string",
            text: "Name of the context, which is \"default\": an engine is named with -H or DOCKER_HOST"),
        FlagUsage(
            short: "H", long: "host", value: "string", text: "Daemon socket to connect to (default $DOCKER_HOST)"),
        FlagUsage(short: "D", long: "debug", value: "", text: "Enable debug mode"),
        FlagUsage(
            short: "l", long: "log-level", value: "string",
            text: #"Set the logging level ("debug", "info", "warn", "error", "fatal") (default "info")"#),
        FlagUsage(
            short: nil, long: "tlscacert", value: "string",
            text: "Trust certs signed only by this CA (default $DOCKER_CERT_PATH/ca.pem)"),
        FlagUsage(
            short: nil, long: "tlscert", value: "string",
            text: "Path to TLS certificate file (default $DOCKER_CERT_PATH/cert.pem)"),
        FlagUsage(
            short: nil, long: "tlskey", value: "string",
            text: "Path to TLS key file (default $DOCKER_CERT_PATH/key.pem)"),
        FlagUsage(
            short: nil, long: "tlsverify", value: "",
            text: "Use TLS and verify the remote (default $DOCKER_TLS_VERIFY)"),
        FlagUsage(short: "v", long: "version", value: "", text: "Print version information and quit"),
    ]

    /// The options, and the words from the verb on.
    static func split(_ words: [String]) throws(FlagGrammar.Refusal) -> (options: GlobalOptions, rest: [String]) {
        let reading = try FlagGrammar.read(words, table: table)
        var options = GlobalOptions()
        options.wantsHelp = reading.wantsHelp
        for flag in reading.flags {
            let parts = flag.dropFirst(2).split(byte: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let value = parts.count == 2 ? String(parts[1]) : ""
            switch parts[0] {
            case "host": options.host = value
            case "debug": options.debug = true
            case "log-level": options.logLevel = value
            case "context": options.context = value
            case "tlsverify": options.tlsVerify = value != "false"
            case "tlscacert": options.tlsAuthority = value
            case "tlscert": options.tlsCertificate = value
            case "tlskey": options.tlsKey = value
            case "version": options.wantsVersion = true
            default: continue
            }
        }
        return (options, reading.arguments)
    }
}
