internal import Confinement
internal import Linux
internal import Model
internal import TLS

// Speaks TLS for the other programs, so that none of them holds libssl: `listen` for serenod, `connect` for sereno.
SignalWatch.ignoreBrokenPipes()
do throws(Options.Invalid) {
    let options = try Options(Array(CommandLine.arguments.dropFirst()))
    do {
        switch options.task {
        case .listen:
            let listening = try Listening(options.files)
            try Confinement.tlsListener.enter()
            try listening.run()
        case .check: _ = try TLSContext(.server, options.files)
        case .connect(let host, let port): try Connecting(options.files, host: host, port: port).run()
        }
        CurrentProcess.exit(0)
    } catch {
        StandardError.write("sereno-tls: \(error.sentence)\n")
        // EX_CONFIG of sysexits.h.
        CurrentProcess.exit(78)
    }
} catch {
    StandardError.write("sereno-tls: \(error.message)\n\(Options.usage)")
    // EX_USAGE of sysexits.h.
    CurrentProcess.exit(64)
}
