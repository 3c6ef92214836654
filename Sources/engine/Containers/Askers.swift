package import Model

/// Clients whose commands are under way, for the events that come when the commands take effect.
package struct Askers {
    /// The client whose command the next start carries out; `nil` for an automatic one.
    package var start: Client?
    /// The client whose command the removal carries out.
    package var removal: Client?

    /// Nobody.
    package init() {}

    /// Notes a command that was accepted.
    package mutating func note(_ command: UserCommand) {
        switch command.verb {
        case .start, .restart: start = command.client
        case .remove: removal = command.client
        case .create, .stop, .kill, .pause, .unpause, .rename, .update: break
        }
    }
}
