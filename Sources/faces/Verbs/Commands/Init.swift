import ArgumentParser
import Flags
import Linux

/// `sereno init`: runs as the first process of a machine, by becoming the keeper (`init=/usr/bin/sereno -- init`).
struct Init: Verb {
    static let configuration = CommandConfiguration(
        verb: "init", abstract: "Be the first process of the machine: boot it, keep it, shut it down")
    static let flags = FlagTable(
        switches: "D/debug init tlsverify", values: Daemon.values, integers: Daemon.integers + " stop-within")
    static let argumentCount = ArgumentCount.none

    @Option(help: "Seconds until the machine goes down around an engine that does not stop everything (default 90).")
    var stopWithin: Int?
    @OptionGroup var supervisor: Daemon

    func perform(in session: Session) throws -> Int32 {
        guard CurrentProcess.number == 1 else {
            throw ExitFailure("only process 1 is the first process of a machine: use sereno daemon beside another init")
        }
        var keeper = ["--machine"]
        if let stopWithin { keeper += ["--stop-within", String(stopWithin)] }
        return try supervisor.becomeKeeper(keeper, in: session)
    }
}
