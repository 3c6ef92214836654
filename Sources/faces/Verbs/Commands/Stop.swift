import ArgumentParser

/// `sereno stop`: sends a container its stop signal and, after a grace time, KILL.
struct Stop: Verb {
    static let configuration = CommandConfiguration(
        verb: "stop", abstract: "Stop one or more running containers")
    static let flags = StopOptions.flags
    static let arguments = "CONTAINER [CONTAINER...]"
    static let argumentCount = ArgumentCount.atLeast(1)

    @OptionGroup var options: StopOptions

    func perform(in session: Session) -> Int32 { options.perform("stop", in: session) }
}
