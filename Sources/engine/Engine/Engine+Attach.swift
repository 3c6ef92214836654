internal import Containers
internal import Lifecycle
internal import Linux
package import Model
package import NIOCore
public import Runs
public import Supervision

// Attached clients: output fans out to them, their input goes to the process.
extension Engine {
    /// Attaches a client. Output goes to `sink` until the engine finishes it.
    public func attach(
        _ reference: String, _ options: AttachOptions, sink: any AttachSink
    ) throws(EngineError) -> any AttachInput {
        guard let keys = DetachKeys(parsing: options.detachKeys) else {
            throw EngineError(.badRequest, "Invalid detach keys (\(options.detachKeys)) provided")
        }
        let container = try containers.resolve(reference)
        if let refusal = container.lifecycle.refusal(of: .attach),
            !(options.untilFinal && refusal == .attachRestarting)
        {
            throw EngineError(refusal, container: container, reference: reference)
        }
        var effective = options
        effective.stdin = options.stdin && container.spec.process.openStdin
        let client = AttachedClient(
            owner: self, loop: loop, target: .container(container.id), options: effective, sink: sink,
            detachKeys: container.spec.process.terminal ? keys : nil)
        if options.logs { sendLog(container, to: client) }
        guard options.stream else {
            if !options.logs { client.finish() }
            return client
        }
        container.output.attach(client)
        if let run = container.run {
            runs.listen(run.number, true)
            client.began(feed: run.number)
        }
        emitContainer("attach", container)
        return client
    }

    /// Sends earlier output from the log, for `attach` with `logs`.
    private func sendLog(_ container: Container, to client: AttachedClient) {
        var request = LogRequest()
        request.stdout = client.options.stdout
        request.stderr = client.options.stderr
        request.multiplexed = false
        let id = container.id.text
        let stream = client.options.stream
        Task { [self] in
            guard let session = try? await self.logs(id, request) else { return }
            while let bytes = try? await session.next() {
                self.passOn(bytes, to: client)
            }
            if !stream { self.end(client) }
        }
    }

    private func passOn(_ bytes: ByteBuffer, to client: AttachedClient) {
        client.sink.write(.stdout, bytes, written: loop.makePromise())
    }

    private func end(_ client: AttachedClient) { client.finish() }

    /// Delivers output from the pump to each client that wants it, and credits it to the pump when all have it.
    func deliver(_ owner: RunOwner, _ feed: RunID, _ stream: OutputStream, _ bytes: ByteBuffer) {
        let credit = runs.credit
        let size = bytes.readableBytes
        let listeners = clients(of: owner).filter { $0.wants(stream) }
        guard !listeners.isEmpty else { return credit(feed, size) }
        let left = NIOLoopBoundBox(listeners.count, eventLoop: loop)
        for client in listeners {
            let written = loop.makePromise(of: Void.self)
            written.futureResult.whenComplete { result in
                if case .failure = result { client.detach() }
                left.value -= 1
                if left.value == 0 { credit(feed, size) }
            }
            client.sink.write(stream, bytes, written: written)
        }
    }

    private func clients(of owner: RunOwner) -> [AttachedClient] {
        switch owner {
        case .container(let id): containers[id]?.output.clients ?? []
        case .exec(let exec, let id): (containers[id]?.execs[exec]?.client).map { [$0] } ?? []
        case .stray: []
        }
    }

    /// Handles the end of a client's input. The process sees it when that client alone may send (`StdinOnce`, and exec); a
    /// terminal stays open for the next client.
    private func clientClosedInput(_ client: AttachedClient, feed: RunID) {
        switch client.target {
        case .container(let id):
            guard let container = containers[id], container.spec.process.stdinOnce,
                !container.spec.process.terminal
            else { return }
        case .exec(let exec):
            guard let id = execs[exec], containers[id]?.execs[exec]?.spec.terminal == false else { return }
        }
        runs.closeInput(feed)
    }

    /// Detaches a client that typed its detach keys; the container lives on.
    private func detachByKeys(_ client: AttachedClient) {
        if case .container(let id) = client.target, let container = containers[id] {
            emitContainer("detach", container)
        }
        client.finish()
        forget(client)
    }

    /// Forgets a client that is gone.
    private func forget(_ client: AttachedClient) {
        switch client.target {
        case .container(let id):
            guard let container = containers[id] else { return }
            _ = container.output.detach(client)
            if container.output.clients.isEmpty, let run = container.run {
                runs.listen(run.number, false)
            }
            if client.options.stdin, let run = container.run { clientClosedInput(client, feed: run.number) }
        case .exec(let name):
            guard let id = execs[name], let exec = containers[id]?.execs[name] else { return }
            exec.client = nil
            if let run = exec.run {
                runs.listen(run.number, false)
                if client.options.stdin, !exec.spec.terminal { runs.closeInput(run.number) }
            }
        }
    }

    /// Releases the clients of a run that is over, once all its output was delivered. Those that stay across restarts wait for
    /// the next one.
    func endRun(forClientsOf container: Container) {
        let leaving = container.output.takeClientsOfRun()
        for client in container.output.clients { client.endRun() }
        for client in leaving { client.finish() }
    }

    /// Releases all clients, as no run follows by itself.
    func finishClients(of container: Container) {
        for client in container.output.takeClients() { client.finish() }
    }

    /// Sets the size of the container's terminal, in characters.
    public func resize(_ reference: String, height: Int, width: Int) throws(EngineError) {
        let container = try containers.resolve(reference)
        if let refusal = container.lifecycle.refusal(of: .resize) {
            throw EngineError(refusal, container: container, reference: reference)
        }
        container.run?.terminal?.setTerminalSize(rows: height, columns: width)
        emitContainer("resize", container, ["height": "\(height)", "width": "\(width)"])
    }
}

extension Engine: AttachedClientOwner {
    package nonisolated func write(_ bytes: ByteBuffer, to feed: RunID, taken: EventLoopPromise<Void>) {
        assumeIsolated { $0.runs.write(bytes, to: feed, taken) }
    }

    package nonisolated func closedInput(_ client: AttachedClient, feed: RunID) {
        assumeIsolated { $0.clientClosedInput(client, feed: feed) }
    }

    package nonisolated func detachedByKeys(_ client: AttachedClient) {
        assumeIsolated { $0.detachByKeys(client) }
    }

    package nonisolated func left(_ client: AttachedClient) { assumeIsolated { $0.forget(client) } }
}
