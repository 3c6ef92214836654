internal import Logs
package import NIOCore

/// Who follows the output of a container, and its log.
package struct ContainerOutput {
    /// Clients that want its output, whether it runs yet or not.
    package private(set) var clients: [AttachedClient] = []
    /// Followers of its log, woken when it grows or will not grow.
    private var followers: [EventLoopPromise<Void>] = []
    /// Whether the pump has its log open.
    package private(set) var isLogOpen = false
    /// How far its journal entries have come, where it logs to the journal.
    let journalProgress = JournalProgress()

    package init() {}

    /// Adds a client.
    package mutating func attach(_ client: AttachedClient) { clients.append(client) }

    /// Removes a client; false when it was none.
    package mutating func detach(_ client: AttachedClient) -> Bool {
        let before = clients.count
        clients.removeAll { $0 === client }
        return clients.count < before
    }

    /// A run is over: takes the clients that do not wait for the next one.
    package mutating func takeClientsOfRun() -> [AttachedClient] {
        let all = clients
        clients = all.filter(\.options.untilFinal)
        return all.filter { !$0.options.untilFinal }
    }

    /// Takes all clients.
    package mutating func takeClients() -> [AttachedClient] {
        defer { clients = [] }
        return clients
    }

    /// Opens the log; false when it is open.
    package mutating func openLog() -> Bool {
        defer { isLogOpen = true }
        return !isLogOpen
    }

    /// Closes the log; false when it is closed.
    package mutating func closeLog() -> Bool {
        defer { isLogOpen = false }
        return isLogOpen
    }

    /// Has a follower woken at the next change of the log.
    package mutating func follow(_ promise: EventLoopPromise<Void>) { followers.append(promise) }

    /// Takes the followers.
    package mutating func takeFollowers() -> [EventLoopPromise<Void>] {
        defer { followers = [] }
        return followers
    }
}
