internal import Logs
package import NIOCore

/// Clients and followers of a container's output and its log.
package struct ContainerOutput {
    /// Clients of its output, whether it runs yet or not.
    package private(set) var clients: [AttachedClient] = []
    /// Followers of its log, woken when it grows or can grow no more.
    private var followers: [EventLoopPromise<Void>] = []
    /// Whether the pump has its log open.
    package private(set) var isLogOpen = false
    /// Progress of its journal entries, where it logs to the journal.
    let journalProgress = JournalProgress()

    package init() {}

    /// Adds a client.
    package mutating func attach(_ client: AttachedClient) { clients.append(client) }

    /// Removes a client; false when it was not attached.
    package mutating func detach(_ client: AttachedClient) -> Bool {
        let before = clients.count
        clients.removeAll { $0 === client }
        return clients.count < before
    }

    /// Takes the clients that do not wait for the next run, at the end of one.
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

    /// Adds a follower, woken at the next change of the log.
    package mutating func follow(_ promise: EventLoopPromise<Void>) { followers.append(promise) }

    /// Takes the followers.
    package mutating func takeFollowers() -> [EventLoopPromise<Void>] {
        defer { followers = [] }
        return followers
    }
}
