/// What may be said before the verb.
struct GlobalOptions: Hashable {
    var host: String?
    var debug = false
    var logLevel: String?
    /// Accepted and not used: sereno has one engine per address and no contexts.
    var context: String?
    var wantsVersion = false
    var wantsHelp = false

    /// The flags of Docker's client that come before the verb. What concerns TLS is refused by name.
    static let table = FlagTable(
        switches: "D/debug v/version", values: "H/host l/log-level c/context config", interspersed: false)

    /// The same for the help page.
    static let usages = [
        FlagUsage(
            short: "H", long: "host", value: "string", text: "Daemon socket to connect to (default $DOCKER_HOST)"),
        FlagUsage(short: "D", long: "debug", value: "", text: "Enable debug mode"),
        FlagUsage(
            short: "l", long: "log-level", value: "string",
            text: #"Set the logging level ("debug", "info", "warn", "error", "fatal") (default "info")"#),
        FlagUsage(short: "v", long: "version", value: "", text: "Print version information and quit"),
    ]

    /// The options and the words from the verb on.
    static func split(_ words: [String]) throws(FlagGrammar.Refusal) -> (options: GlobalOptions, rest: [String]) {
        let reading = try FlagGrammar.read(words, table: table)
        var options = GlobalOptions()
        options.wantsHelp = reading.wantsHelp
        for flag in reading.flags {
            let parts = flag.dropFirst(2).split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let value = parts.count == 2 ? String(parts[1]) : ""
            switch parts[0] {
            case "host": options.host = value
            case "debug": options.debug = true
            case "log-level": options.logLevel = value
            case "context": options.context = value
            case "version": options.wantsVersion = true
            default: continue
            }
        }
        return (options, reading.arguments)
    }
}
