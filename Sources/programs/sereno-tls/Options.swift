internal import Model
internal import TLS

/// What is asked of this run.
struct Options {
    enum Task {
        /// Accept on descriptor 3 and hand each verified connection over on descriptor 4.
        case listen
        /// See whether the files can be used by a server.
        case check
        /// Connect, and relay to descriptor 3; descriptor 4 is told when it is done.
        case connect(host: String, port: UInt16)
    }

    struct Invalid: ReadableError { let message: String }

    static let usage = """
        usage: sereno-tls listen|check --tlscacert CA --tlscert CERT --tlskey KEY        (run by serenod)
               sereno-tls connect HOST PORT --tlscacert CA --tlscert CERT --tlskey KEY   (run by sereno)

        """

    let task: Task
    let files: TLSFiles

    init(_ arguments: [String]) throws(Invalid) {
        var words: [String] = []
        var paths: [String: String] = [:]
        var rest = arguments[...]
        while let word = rest.popFirst() {
            guard word.hasPrefix("--") else {
                words.append(word)
                continue
            }
            guard ["--tlscacert", "--tlscert", "--tlskey"].contains(word), let path = rest.popFirst() else {
                throw Invalid(message: "option \(word) is unknown or has no value")
            }
            paths[word] = path
        }
        guard let authority = paths["--tlscacert"], let certificate = paths["--tlscert"], let key = paths["--tlskey"]
        else { throw Invalid(message: "all three files must be given") }
        files = TLSFiles(authority: authority, certificate: certificate, key: key)
        switch (words.first, words.count) {
        case ("listen", 1): task = .listen
        case ("check", 1): task = .check
        case ("connect", 3):
            guard let port = UInt16(words[2]) else { throw Invalid(message: "\(words[2]) is no port") }
            task = .connect(host: words[1], port: port)
        default: throw Invalid(message: "listen, check or connect HOST PORT")
        }
    }
}
