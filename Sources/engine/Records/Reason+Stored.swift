package import Model

extension Reason: Stored {
    package init(stored decoder: any Decoder) throws {
        let keys = try decoder.keys()
        self.init(
            occurrence: try keys.read("occurrence"), rule: try keys.read("rule"), outcome: try keys.read("outcome"))
    }

    package func store(in encoder: any Encoder) throws {
        var keys = encoder.keys()
        try keys.put("occurrence", occurrence)
        try keys.put("rule", rule)
        try keys.put("outcome", outcome)
    }
}

extension Reason.Occurrence: StoredChoice {
    package enum Word: String, CaseIterable, Sendable {
        case ended, supervisorStarted, startRequested, restartRequested, stopRequested, removalRequested
        case supervisorStopping, initAsked, handedOver
    }

    package init(_ word: Word, _ parts: ReadKeys) throws {
        switch word {
        case .ended: self = .ended(try parts.read(.only))
        case .supervisorStarted:
            self = .supervisorStarted(after: try parts.read("after"), lastExit: try parts.readIfPresent("lastExit"))
        case .startRequested: self = .startRequested
        case .restartRequested: self = .restartRequested
        case .stopRequested: self = .stopRequested(try parts.read(.only))
        case .removalRequested: self = .removalRequested(force: try parts.read("force"))
        case .supervisorStopping: self = .supervisorStopping
        case .initAsked: self = .initAsked(try parts.read(.only), try parts.read("_1"))
        case .handedOver: self = .handedOver(to: try parts.readIfPresent("to"))
        }
    }

    package func store(in choice: inout WrittenChoice<Word>) throws {
        switch self {
        case .ended(let end): try choice.put(.ended) { try $0.put(.only, end) }
        case .supervisorStarted(let end, let exit):
            try choice.put(.supervisorStarted) {
                try $0.put("after", end)
                try $0.putIfPresent("lastExit", exit)
            }
        case .startRequested: choice.put(.startRequested)
        case .restartRequested: choice.put(.restartRequested)
        case .stopRequested(let stop): try choice.put(.stopRequested) { try $0.put(.only, stop) }
        case .removalRequested(let force): try choice.put(.removalRequested) { try $0.put("force", force) }
        case .supervisorStopping: choice.put(.supervisorStopping)
        case .initAsked(let start, let unit):
            try choice.put(.initAsked) {
                try $0.put(.only, start)
                try $0.put("_1", unit)
            }
        case .handedOver(let unit): try choice.put(.handedOver) { try $0.putIfPresent("to", unit) }
        }
    }
}

extension Reason.Rule: StoredChoice {
    package enum Word: String, CaseIterable, Sendable {
        case command, policyNo, policyAlways, policyUnlessStopped, policyOnFailure, endedWell, retriesExhausted
        case stoppedByUser, neverStarted, restartPending, supervisorReplaced, foundRunning, supervisorStopping
        case endedAsUnhealthy, autoRemove, leftToInit
    }

    package init(_ word: Word, _ parts: ReadKeys) throws {
        switch word {
        case .command: self = .command
        case .policyNo: self = .policyNo
        case .policyAlways: self = .policyAlways
        case .policyUnlessStopped: self = .policyUnlessStopped
        case .policyOnFailure: self = .policyOnFailure(maximum: try parts.readIfPresent("maximum"))
        case .endedWell: self = .endedWell
        case .retriesExhausted: self = .retriesExhausted(maximum: try parts.read("maximum"))
        case .stoppedByUser: self = .stoppedByUser(try parts.read(.only))
        case .neverStarted: self = .neverStarted
        case .restartPending: self = .restartPending
        case .supervisorReplaced: self = .supervisorReplaced
        case .foundRunning: self = .foundRunning(lost: try parts.readIfPresent("lost") ?? [])
        case .supervisorStopping: self = .supervisorStopping
        case .endedAsUnhealthy: self = .endedAsUnhealthy
        case .autoRemove: self = .autoRemove
        case .leftToInit: self = .leftToInit(try parts.read(.only))
        }
    }

    package func store(in choice: inout WrittenChoice<Word>) throws {
        switch self {
        case .command: choice.put(.command)
        case .policyNo: choice.put(.policyNo)
        case .policyAlways: choice.put(.policyAlways)
        case .policyUnlessStopped: choice.put(.policyUnlessStopped)
        case .policyOnFailure(let maximum):
            try choice.put(.policyOnFailure) { try $0.putIfPresent("maximum", maximum) }
        case .endedWell: choice.put(.endedWell)
        case .retriesExhausted(let maximum): try choice.put(.retriesExhausted) { try $0.put("maximum", maximum) }
        case .stoppedByUser(let stop): try choice.put(.stoppedByUser) { try $0.put(.only, stop) }
        case .neverStarted: choice.put(.neverStarted)
        case .restartPending: choice.put(.restartPending)
        case .supervisorReplaced: choice.put(.supervisorReplaced)
        case .foundRunning(let lost): try choice.put(.foundRunning) { try $0.put("lost", lost) }
        case .supervisorStopping: choice.put(.supervisorStopping)
        case .endedAsUnhealthy: choice.put(.endedAsUnhealthy)
        case .autoRemove: choice.put(.autoRemove)
        case .leftToInit(let unit): try choice.put(.leftToInit) { try $0.put(.only, unit) }
        }
    }
}

extension Reason.Outcome: StoredChoice {
    package enum Word: String, CaseIterable, Sendable {
        case restart, start, stay, giveUp, remove, restartByInit, unchanged
    }

    package init(_ word: Word, _ parts: ReadKeys) throws {
        switch word {
        case .restart: self = .restart(count: try parts.read("count"), delay: try parts.read("delay"))
        case .start: self = .start
        case .stay: self = .stay
        case .giveUp: self = .giveUp
        case .remove: self = .remove
        case .restartByInit: self = .restartByInit(count: try parts.read("count"))
        case .unchanged: self = .unchanged
        }
    }

    package func store(in choice: inout WrittenChoice<Word>) throws {
        switch self {
        case .restart(let count, let delay):
            try choice.put(.restart) {
                try $0.put("count", count)
                try $0.put("delay", delay)
            }
        case .start: choice.put(.start)
        case .stay: choice.put(.stay)
        case .giveUp: choice.put(.giveUp)
        case .remove: choice.put(.remove)
        case .restartByInit(let count): try choice.put(.restartByInit) { try $0.put("count", count) }
        case .unchanged: choice.put(.unchanged)
        }
    }
}

extension Reason.Delay: Stored {
    package init(stored decoder: any Decoder) throws {
        let keys = try decoder.keys()
        self.init(span: try keys.read("span"), basis: try keys.read("basis"))
    }

    package func store(in encoder: any Encoder) throws {
        var keys = encoder.keys()
        try keys.put("span", span)
        try keys.put("basis", basis)
    }
}

extension Reason.Delay.Basis: StoredChoice {
    package enum Word: String, CaseIterable, Sendable { case first, grown, capped, reset }

    package init(_ word: Word, _ parts: ReadKeys) throws {
        switch word {
        case .first: self = .first
        case .grown: self = .grown(from: try parts.read("from"))
        case .capped: self = .capped
        case .reset: self = .reset(threshold: try parts.read("threshold"))
        }
    }

    package func store(in choice: inout WrittenChoice<Word>) throws {
        switch self {
        case .first: choice.put(.first)
        case .grown(let span): try choice.put(.grown) { try $0.put("from", span) }
        case .capped: choice.put(.capped)
        case .reset(let threshold): try choice.put(.reset) { try $0.put("threshold", threshold) }
        }
    }
}
