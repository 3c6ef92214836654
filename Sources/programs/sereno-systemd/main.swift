// sereno-systemd [--user] [--timeout SECONDS] VERB [ARGUMENT...]: asks systemd's manager through libsystemd, for `sereno`,
// which is static and cannot.

internal import Confinement
internal import Glibc

do {
    try Confinement.systemd.enter()
} catch {
    let line = Array("sereno-systemd: \(error)\n".utf8)
    _ = write(2, line, line.count)
    exit(1)
}
exit(Request.run(Array(CommandLine.arguments.dropFirst())))
