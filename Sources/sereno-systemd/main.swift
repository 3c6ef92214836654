// sereno-systemd [--user] [--timeout SECONDS] VERB [ARGUMENT...]: asks systemd's manager through libsystemd, for `sereno`,
// which is static and cannot.

internal import Glibc

exit(Request.run(Array(CommandLine.arguments.dropFirst())))
