import APIClient
import ArgumentParser
import Flags
import JSONFormat
import Streaming

/// `sereno start-condition`: reports whether an init system may start a container now. The exit codes are those for
/// `ExecCondition=` of systemd.service(5): 0 it may, 1 it must not, 255 the answer could not be found out.
struct StartConditionVerb: Verb {
    static let configuration = CommandConfiguration(
        commandName: "start-condition",
        abstract: "Tell by the exit code whether an init system may start a container now",
        shouldDisplay: false)
    static let arguments = "CONTAINER"
    static let argumentCount = ArgumentCount.exactly(1)

    private static let isUnknown: Int32 = 255

    @Argument(help: .hidden)
    var containers: [String] = []

    func perform(in session: Session) throws -> Int32 {
        let kind = SupervisingInit(environment: session.environment)?.startKind
        let path = "/sereno/containers/\(Request.segment(containers[0]))/start-condition"
        let answer: JSON
        do {
            answer = try session.client.json(Request(.post, path, query: kind.map { [("by", $0)] } ?? []))
        } catch {
            throw ExitFailure(error.message, code: Self.isUnknown)
        }
        if answer["Start"]?.bool == true { return 0 }
        throw ExitFailure("not started: \(answer["Reason"]?.string ?? "")")
    }
}
