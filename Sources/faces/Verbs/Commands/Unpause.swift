import APIClient
import ArgumentParser

/// `sereno unpause`: thaws all processes of containers.
struct Unpause: Verb {
    static let configuration = CommandConfiguration(
        verb: "unpause", abstract: "Unpause all processes within one or more containers")
    static let arguments = "CONTAINER [CONTAINER...]"
    static let argumentCount = ArgumentCount.atLeast(1)

    @Argument(help: .hidden)
    var containers: [String] = []

    func perform(in session: Session) throws -> Int32 {
        session.forEach(containers) {
            try session.client.perform(Request(.post, "/containers/\(Request.segment($0))/unpause"))
        }
    }
}
