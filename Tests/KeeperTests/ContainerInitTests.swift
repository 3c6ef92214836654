import Glibc
import Model
import TestSupport
import Testing

/// `sereno-keeper -- CMD`: what tini does.
@Suite struct ContainerInitTests {
    @Test func everyExitCodeIsReturned() throws {
        let keeper = try BuiltProgram.path("sereno-keeper")
        for code in 0...255 {
            let ended = try Command.run([keeper, "--", BusyboxRootfs.busybox, "sh", "-c", "exit \(code)"])
            #expect(ended.status == .exited(UInt8(code)))
        }
    }

    @Test func aChildEndedByASignalGives128AndItsNumber() throws {
        let keeper = try BuiltProgram.path("sereno-keeper")
        for number in [1, 2, 6, 9, 11, 15, 34, 64] {
            let ended = try Command.run([keeper, "--", BusyboxRootfs.busybox, "sh", "-c", "kill -\(number) $$"])
            #expect(ended.status == .exited(UInt8(128 + number)))
        }
    }

    @Test func aMissingProgramIs127AndOneThatCannotBeExecutedIs126() throws {
        let keeper = try BuiltProgram.path("sereno-keeper")
        let missing = try Command.run([keeper, "--", "/no/such/program"])
        #expect(missing.status == .exited(127))
        #expect(missing.error.contains("/no/such/program: No such file or directory"))
        #expect(try Command.run([keeper, "--", "/etc/passwd"]).status == .exited(126))
    }

    /// Those that no process can catch, and CHLD, which init processes keep for themselves.
    static let forwarded = (1...64).filter { ![9, 17, 19].contains($0) }

    @Test(arguments: forwarded)
    func everyCatchableSignalReachesTheChild(number: Int) throws {
        let keeper = try BuiltProgram.path("sereno-keeper")
        // Most end a process that does nothing about them; those that do not are trapped.
        let isTrapped = [18, 20, 21, 22, 23, 28].contains(number)
        let script =
            isTrapped
            ? "trap 'exit 0' \(number); echo ready; while :; do sleep 0.05; done" : "echo ready; exec sleep 100"
        let child = try BackgroundCommand([keeper, "--", BusyboxRootfs.busybox, "sh", "-c", script])
        #expect(eventually { child.output.contains("ready") })
        child.signal(Int32(number))
        let ended = child.wait(timeout: 20)
        #expect(ended.status == .exited(isTrapped ? 0 : UInt8(128 + number)))
    }

    @Test func orphansAreReapedWhileTheChildRuns() throws {
        let keeper = try BuiltProgram.path("sereno-keeper")
        let script = """
            i=0; while [ $i -lt 200 ]; do (true &); i=$((i+1)); done
            sleep 0.3
            echo "zombies $(cat /proc/$PPID/task/$PPID/children | wc -w)"
            """
        let ended = try Command.run([keeper, "--", BusyboxRootfs.busybox, "sh", "-c", script])
        // The one child is the shell that counts.
        #expect(ended.output == "zombies 1\n")
    }

    @Test func wrongUseIs64() throws {
        let keeper = try BuiltProgram.path("sereno-keeper")
        for arguments in [[], ["--"], ["--engine"], ["--slots", "0", "--engine", "x"], ["--slots"], ["x"]] {
            let ended = try Command.run([keeper] + arguments)
            #expect(ended.status == .exited(64))
            #expect(ended.error.hasPrefix("usage:"))
        }
        #expect(try Command.run([keeper, "--version"]).output.hasPrefix("sereno-keeper "))
    }

    /// It runs inside containers too, whose images may have another C library or none.
    @Test func noSharedLibraryIsNeeded() throws {
        let keeper = try BuiltProgram.path("sereno-keeper")
        let listed = try Command.run(["ldd", keeper])
        #expect((listed.output + listed.error).contains("not a dynamic executable"))
    }
}
