internal import Linux

let arguments = Array(CommandLine.arguments.dropFirst())
do throws(DaemonOptions.Invalid) {
    Daemon(options: try DaemonOptions(arguments)).run()
} catch {
    StandardError.write("serenod: \(error.message)\nRun 'serenod --help' for the options.\n")
    // EX_USAGE of sysexits.h: the keeper does not try again.
    CurrentProcess.exit(64)
}
