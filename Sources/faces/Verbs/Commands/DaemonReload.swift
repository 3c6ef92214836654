import APIClient
import ArgumentParser
import Flags
import JSONFormat
import Linux
import Model
import Streaming

/// `sereno daemon reload`: replaces the engine by the program that is installed now, and waits for the outcome.
struct DaemonReload: Verb {
    static let configuration = CommandConfiguration(
        verb: "reload", of: "sereno daemon",
        abstract:
            "Replace the engine by the one that is installed now; containers run on, and a new one that fails is rolled back"
    )
    static let argumentCount = ArgumentCount.none

    /// The longest wait for the outcome: the keeper gives the old engine 10 s to end and the new one 60 s to be ready.
    static let patience = Nanoseconds.seconds(120)
    private static let pause = Nanoseconds.milliseconds(50)

    func perform(in session: Session) throws -> Int32 {
        let before = try state(session)
        do {
            try session.client.perform(Request(.post, "/sereno/reload"))
        } catch {
            // The engine may have been replaced before it answered.
            guard error.engineIsGone else { throw error }
        }
        let begin = MonotonicInstant.now
        while MonotonicInstant.now.since(begin) < DaemonReload.patience {
            KernelThread.sleep(for: DaemonReload.pause)
            guard let now = try stateIfThere(session), let reload = now["Reload"], let time = reload["Time"]?.string,
                time != before["Reload"]?["Time"]?.string
            else { continue }
            let text = reload["Text"]?.string ?? ""
            guard reload["Succeeded"]?.bool == true else { throw ExitFailure("reload failed: \(text)") }
            Output.standard.line("\(text) (process \(now["Process"]?.integer ?? 0))")
            return 0
        }
        throw ExitFailure("no outcome of the reload in \(DaemonReload.patience.count / 1_000_000_000) seconds")
    }

    /// The engine's state; `nil` while no engine answers.
    private func stateIfThere(_ session: Session) throws -> JSON? {
        do {
            return try session.client.json(Request(.get, "/sereno/engine"))
        } catch {
            guard error.engineIsGone else { throw error }
            return nil
        }
    }

    private func state(_ session: Session) throws -> JSON {
        do {
            return try session.client.json(Request(.get, "/sereno/engine"))
        } catch {
            guard error.status == 404 else { throw error }
            throw ExitFailure("the running engine cannot reload: it is of another version, or not sereno's")
        }
    }
}
