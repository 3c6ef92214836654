// sereno-systemd [--user] [--timeout SECONDS] VERB [ARGUMENT...]: asks systemd's manager through libsystemd, for `sereno`,
// which is static and cannot.

internal import Confinement
internal import Linux
internal import Model

do {
    try Confinement.systemd.enter()
} catch {
    StandardError.write("sereno-systemd: \(error.message)\n")
    CurrentProcess.exit(1)
}
CurrentProcess.exit(Request.run(Array(CommandLine.arguments.dropFirst())))
