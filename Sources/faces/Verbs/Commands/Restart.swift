import ArgumentParser

/// `sereno restart`: stops containers and starts them again.
struct Restart: Verb {
    static let configuration = CommandConfiguration(verb: "restart", abstract: "Restart one or more containers")
    static let flags = StopOptions.flags
    static let arguments = "CONTAINER [CONTAINER...]"
    static let argumentCount = ArgumentCount.atLeast(1)

    @OptionGroup var options: StopOptions

    func perform(in session: Session) -> Int32 { options.perform("restart", in: session) }
}
