import Engine
import ImageService
import Images
import Model
import Runs
import Supervision

/// What a client asks.
enum ClientCommand: Sendable {
    case create(name: String, image: String, RestartPolicy, stopSignal: Signal?, autoRemove: Bool)
    case start
    case stop(timeout: Int)
    case kill(Signal)
    case restart(timeout: Int)
    case remove(force: Bool)
    case update(RestartPolicy)
    case pause
    case unpause
    case rename(String)
    case wait(WaitCondition)
    case attach
    /// An image is made, or given its name again.
    case tag(String)
    /// An image is removed, unless a container uses it.
    case removeImage(String)

    /// One word.
    var verb: String {
        switch self {
        case .create: "create"
        case .start: "start"
        case .stop: "stop"
        case .kill: "kill"
        case .restart: "restart"
        case .remove: "rm"
        case .update: "update"
        case .pause: "pause"
        case .unpause: "unpause"
        case .rename: "rename"
        case .wait: "wait"
        case .attach: "attach"
        case .tag: "tag"
        case .removeImage: "rmi"
        }
    }

    /// The rest of the line.
    var detail: String {
        switch self {
        case .create(let name, let image, let policy, let signal, let autoRemove):
            "\(name) \(image) \(policy.name):\(policy.maximumRetryCount) stop-signal=\(signal?.name ?? "-") rm=\(autoRemove)"
        case .start, .pause, .unpause, .attach: ""
        case .stop(let timeout), .restart(let timeout): "-t \(timeout)"
        case .kill(let signal): "-s \(signal.name)"
        case .remove(let force): force ? "-f" : ""
        case .update(let policy): "--restart \(policy.name):\(policy.maximumRetryCount)"
        case .rename(let name), .tag(let name), .removeImage(let name): name
        case .wait(let condition): "\(condition)"
        }
    }
}

/// How a command ended for its client.
enum Outcome: Sendable, Equatable {
    case done
    case refused(status: Int, String)
    /// The engine went away first.
    case lost
}

/// Who asks the engine, on its own loop.
struct SimulatedClient: Sendable {
    let engine: Engine
    let images: ImageService

    /// Asks; the answer is the new container's identity for `create`.
    func ask(_ command: ClientCommand, _ id: ContainerID?, _ sink: SimulatedSink?) async -> (Outcome, ContainerID?) {
        do throws(EngineError) {
            return (.done, try await carryOut(command, id?.text ?? "", sink))
        } catch {
            return (.refused(status: error.kind.rawValue, error.message), nil)
        }
    }

    private func carryOut(
        _ command: ClientCommand, _ reference: String, _ sink: SimulatedSink?
    ) async throws(EngineError) -> ContainerID? {
        switch command {
        case .create(let name, let image, let policy, let stopSignal, let autoRemove):
            var spec = ContainerSpec()
            spec.runtime = .host
            spec.image = image
            spec.process.command = ["/bin/program"]
            spec.restart = policy
            spec.stopSignal = stopSignal
            spec.autoRemove = autoRemove
            spec.resources.memory = 64 << 20
            spec.network.mode = .host
            spec.hostname = "simulated"
            return try await engine.create(spec, name: name).id
        case .start: try await engine.start(reference)
        case .stop(let timeout): try await engine.stop(reference, signal: nil, timeout: timeout)
        case .kill(let signal): try await engine.kill(reference, signal: signal)
        case .restart(let timeout): try await engine.restart(reference, signal: nil, timeout: timeout)
        case .remove(let force): try await engine.remove(reference, force: force, volumes: false)
        case .update(let policy):
            var change = ContainerUpdate()
            change.restart = policy
            _ = try await engine.update(reference, change)
        case .pause: try await engine.pause(reference)
        case .unpause: try await engine.unpause(reference)
        case .rename(let name): try await engine.rename(reference, to: name)
        case .wait(let condition):
            do {
                _ = try await engine.registerWait(reference, condition).get()
            } catch let error as EngineError {
                throw error
            } catch {
                throw EngineError(.failed, "\(error)")
            }
        case .attach:
            guard let sink else { return nil }
            var options = AttachOptions()
            options.stream = true
            options.stdout = true
            options.stderr = true
            _ = try await engine.attach(reference, options, sink: sink)
        case .tag(let image):
            _ = try await images.perform { try SimulatedImage.install(image, in: $0) }
        case .removeImage(let image):
            let uses = ImageUse.all(by: await engine.list())
            _ = try await images.perform { try $0.remove(image, force: false, uses: uses) }
        }
        return nil
    }
}
