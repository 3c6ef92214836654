import Glibc
import TestSupport
import Testing

/// `sereno daemon`, which becomes the keeper.
@Suite("The supervisor in the foreground")
struct ForegroundDaemonTests {
    @Test("Signals that whoever started it ignored are not ignored by it")
    func ignoredSignals() throws {
        let directory = try TemporaryDirectory("sereno-system")
        let socket = "unix://" + directory.child("sock")
        let daemon = try BackgroundCommand([
            "sh", "-c", "trap '' INT TERM USR2; exec \"$@\"", "sh", try BuiltProgram.path("sereno"), "daemon",
            "--data-root", directory.child("data"), "--exec-root", directory.child("run"), "-H", socket,
        ])
        let sereno = try BuiltProgram.path("sereno")
        #expect(eventually(timeout: 60) { (try? Command.run([sereno, "-H", socket, "version"]))?.succeeded ?? false })
        let status = try TestFiles.read("/proc/\(daemon.processID)/status").split(separator: "\n")
        let ignored = status.first { $0.hasPrefix("SigIgn:") }?.dropFirst("SigIgn:".count)
        let mask = UInt64(ignored.map { $0.filter(\.isHexDigit) } ?? "", radix: 16) ?? .max
        for signal in [SIGINT, SIGTERM, SIGUSR2] { #expect(mask & (1 << (signal - 1)) == 0, "\(signal)") }
        daemon.signal(SIGTERM)
        #expect(daemon.wait(timeout: 60).status.code == 0)
    }
}
