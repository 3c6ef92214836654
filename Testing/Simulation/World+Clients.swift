import Engine
import Model
import Synchronization

/// A command under way or answered.
struct IssuedCommand {
    let number: Int
    let what: ClientCommand
    /// The container; for `create` once it is known.
    var target: ContainerID?
    let issued: Int64
    let client: Int
    var answered: Int64?
    var outcome: Outcome?
}

/// What tasks on the engine's loop tell the world.
final class Answers: Sendable {
    enum Answer: Sendable {
        case command(Int, Outcome, ContainerID?)
        case recovered([ContainerSnapshot])
        case failedToStart(String)
        case shutDown(Int)
        case listed([ContainerSnapshot], EngineCensus, withoutImage: [String])
        case judged([ContainerSnapshot], EngineCensus)
        case emptied([ContainerSnapshot], EngineCensus)
    }

    private let waiting = Mutex<[Answer]>([])

    func put(_ answer: Answer) { waiting.withLock { $0.append(answer) } }

    func takeAll() -> [Answer] {
        waiting.withLock { waiting in
            defer { waiting = [] }
            return waiting
        }
    }
}

extension World {
    static let names = ["alder", "birch", "cedar", "elm", "fir", "hazel", "juniper", "larch", "maple"]

    /// A client asks for something, or looks at everything.
    func askSomething(_ client: Int) {
        guard !isCalm else { return }
        guard let incarnation, incarnation.isReady else {
            agenda.add(.client(client), at: now + 50_000_000 + chance.span(1, tuning.pause))
            return
        }
        if chance.happens(0.05) { return ask(.tag(chance.pick(SimulatedImage.names) ?? ""), nil, client) }
        let known = checker.known
        let target = known.isEmpty ? nil : chance.pick(known)
        if chance.happens(0.15) {
            look()
            agenda.add(.client(client), at: now + chance.span(1, tuning.pause))
            return
        }
        guard let target, known.count >= tuning.containers || !chance.happens(0.3) else {
            let name = Self.names[Int.random(in: 0..<Self.names.count, using: &chance)]
            let image = chance.happens(0.5) ? chance.pick(SimulatedImage.names) ?? "" : ""
            let create = ClientCommand.create(
                name: name, image: image, drawPolicy(), stopSignal: chance.happens(0.15) ? .user1 : nil,
                autoRemove: false)
            ask(create, nil, client)
            // Somebody removes the image while the container is being made from it.
            if !image.isEmpty, chance.happens(0.7) { ask(.removeImage(image), nil, client) }
            return
        }
        ask(drawCommand(), target, client)
    }

    private func drawPolicy() -> RestartPolicy {
        let bound: Int? = chance.happens(0.5) ? Int.random(in: 1...4, using: &chance) : nil
        return chance.pick([
            .no, .always, .always, .unlessStopped, .unlessStopped, .onFailure(maximumRetryCount: bound),
        ])
            ?? .no
    }

    private func drawCommand() -> ClientCommand {
        let timeout = chance.pick([0, 1, 2, 10]) ?? 10
        switch Int.random(in: 0..<100, using: &chance) {
        case 0..<32: return .start
        case 32..<48: return .stop(timeout: timeout)
        case 48..<60: return .kill(chance.pick([.kill, .terminate, .hangup, .user1, .interrupt]) ?? .kill)
        case 60..<70: return .restart(timeout: timeout)
        case 70..<74: return .remove(force: false)
        case 74..<78: return .remove(force: true)
        case 78..<83: return .update(drawPolicy())
        case 83..<87: return .pause
        case 87..<91: return .unpause
        case 91..<94: return .rename(Self.names[Int.random(in: 0..<Self.names.count, using: &chance)])
        case 94..<97: return .wait(chance.pick([.notRunning, .nextExit, .removed]) ?? .nextExit)
        default: return .attach
        }
    }

    /// Sends a command; its client goes on when it is answered, or at once when the command may wait for ever.
    func ask(_ what: ClientCommand, _ target: ContainerID?, _ client: Int) {
        guard let incarnation else { return }
        let number = commands.count
        statistics.commands += 1
        commands.append(IssuedCommand(number: number, what: what, target: target, issued: now, client: client))
        trace.note(now, "asks", target.map { $0.short } ?? "-", "#\(number) \(what.verb) \(what.detail)")
        checker.issued(commands[number])
        var isLong = false
        if case .wait = what { isLong = true }
        if isLong { agenda.add(.client(client), at: now + chance.span(1, tuning.pause)) }
        let sink = SimulatedSink(
            loop: incarnation.loop, delay: chance.happens(0.3) ? chance.span(1_000, 2_000_000_000) : nil)
        let (asker, answers) = (
            SimulatedClient(engine: incarnation.engine, images: incarnation.supervisor.images), answers
        )
        Task(executorPreference: incarnation.tasks) {
            let (outcome, made) = await asker.ask(what, target, sink)
            answers.put(.command(number, outcome, made))
        }
    }

    /// Looks at all containers.
    func look() {
        guard let incarnation else { return }
        let (engine, images, answers) = (incarnation.engine, incarnation.supervisor.images, answers)
        Task(executorPreference: incarnation.tasks) {
            let (list, census) = await (engine.list(), engine.census())
            answers.put(
                .listed(list, census, withoutImage: SimulatedImage.missing(of: list, in: images.store)))
        }
    }

    func collectAnswers() {
        for answer in answers.takeAll() {
            switch answer {
            case .command(let number, let outcome, let made):
                if let made { commands[number].target = made }
                settle(number, incarnation == nil ? .lost : outcome)
            case .recovered(let list): recovered(list)
            case .failedToStart(let why): if incarnation != nil { failedToStart(why) }
            case .shutDown(let number): shutDownDone(number)
            case .listed(let list, let census, let withoutImage):
                checker.require(
                    withoutImage.isEmpty, now, "the image was removed of \(withoutImage.joined(separator: ", "))")
                checker.looked(list, census, now, injected)
            case .judged(let list, let census): judged(list, census)
            case .emptied(let list, let census): emptied(list, census)
            }
        }
    }

    func settle(_ number: Int, _ outcome: Outcome) {
        guard commands[number].answered == nil else { return }
        commands[number].answered = now
        commands[number].outcome = outcome
        let command = commands[number]
        trace.note(
            now, "answer", command.target.map { $0.short } ?? "-", "#\(number) \(command.what.verb): \(outcome)")
        checker.answered(command)
        switch command.what {
        // Asked beside another command, whose answer lets the client go on.
        case .wait, .removeImage: return
        default: break
        }
        if !isCalm { agenda.add(.client(command.client), at: now + chance.span(1, tuning.pause)) }
    }
}
