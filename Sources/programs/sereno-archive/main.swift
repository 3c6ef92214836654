// sereno-archive VERB [OPTION…] [--result-fd N]: reads and writes archives for the supervisor.
//
// Archives pass through standard input and output. The answer is one JSON object on the result descriptor (standard
// output unless told otherwise): what was done, or {"error": …} and exit code 1.

internal import Archive
internal import CLinux
internal import Linux
internal import Model

let arguments = Array(CommandLine.arguments.dropFirst())
setUpProcess(verb: arguments.first ?? "")
let outcome = Request.run(arguments)
CurrentProcess.exit(outcome)

/// Cannot be looked into, dies with the supervisor, holds none of its descriptors but what it was handed, makes files with exactly
/// the modes it says.
func setUpProcess(verb: String) {
    _ = clinux_set_not_dumpable()
    _ = clinux_set_parent_death_signal(Signal.kill.number)
    _ = clinux_close_from(6)
    SignalWatch.ignoreBrokenPipes()
    // Beyond the largest size write(2) fails.
    SignalWatch.ignoreLongFiles()
    CurrentProcess.makeFilesWithExactModes()
    // libarchive writes names that it can convert from the locale's encoding to UTF-8 as they are, and others with a mark. What it
    // reads is converted back, and rewritten to NFC if the locale has UTF-8; in the C locale it is left as it is.
    if Request.writesArchives(verb) { TextEncoding.useUTF8() }
    // CVE-2019-14271: what a library reads or loads when it is first used must be the host's.
    ArchiveLibraries.prepare()
}
