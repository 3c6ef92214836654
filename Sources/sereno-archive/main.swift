// sereno-archive VERB [OPTION…] [--result-fd N]: reads and writes archives for the supervisor.
//
// Archives pass through standard input and output. The answer is one JSON object on the result descriptor (standard
// output unless told otherwise): what was done, or {"error": …} and exit code 1.

internal import Archive
internal import CArchive
internal import Glibc

setUpProcess()
let outcome = Request.run(Array(CommandLine.arguments.dropFirst()))
exit(outcome)

/// Dies with the supervisor, holds none of its descriptors, makes files with exactly the modes it says.
func setUpProcess() {
    _ = carchive_die_with_parent(SIGKILL)
    _ = carchive_close_from(4)
    signal(SIGPIPE, SIG_IGN)
    umask(0)
    // Names in pax headers are UTF-8; libarchive converts them to the locale's encoding.
    setlocale(LC_CTYPE, "C.UTF-8")
    var files = rlimit()
    if getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &files) == 0 {
        files.rlim_cur = files.rlim_max
        setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &files)
    }
}
