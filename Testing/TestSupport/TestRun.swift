import Glibc

/// The run of tests that this process belongs to. `scripts/test` gives each run a directory and fails it over what is still there
/// afterwards: files, mounts, processes and control groups. It knows them by this directory.
public enum TestRun {
    /// The environment variable with the run's directory.
    static let variable = "SERENO_TEST_RUN"

    private static let given = getenv(variable).map { String(cString: $0) }

    /// Where tests make their directories: the run's own directory, `/tmp` outside of a run.
    public static let directory = given ?? "/tmp"

    /// A path in memory, where the host has a place for it, that carries the run's mark.
    public static func inMemory(_ name: String) -> String {
        guard TestFiles.exists("/dev/shm") else { return directory + "/" + name }
        let run = given.flatMap { $0.split(separator: "/").last }.map { $0 + "-" } ?? ""
        return "/dev/shm/" + run + name
    }

    /// The run's mark on the environment of its processes, as `NAME=VALUE`; none outside of a run.
    static let mark = given.map { [variable + "=" + $0] } ?? []

    /// Notes the last part of a control group's name, which no other run may use. `scripts/test` looks for it afterwards.
    public static func note(group name: String) {
        guard let given else { return }
        let line = Array((name + "\n").utf8)
        let file = open(given + "/groups", O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o644)
        // Lines of several processes do not mix: each is one write(2).
        guard file >= 0, write(file, line, line.count) == line.count else {
            return print("write \(given)/groups: \(String(cString: strerror(errno)))")
        }
        close(file)
    }
}
