import CTorture
import TestSupport

/// Has one system call of a launch fail.
struct Tracer: ~Copyable {
    /// Whose calls are counted.
    enum Subject: String, CaseIterable {
        /// The child that becomes the container, until it executes its program.
        case child
        /// The keeper that makes it.
        case keeper
    }

    /// What came of it.
    struct Outcome {
        /// How many calls there were.
        var counted: Int
        /// The number of the one that failed.
        var call: Int?
    }

    /// Which calls fail.
    enum Failing {
        /// None: they are counted.
        case none
        /// The how-manieth from now on.
        case call(Int)
        /// Every clone that is to be born in a control group.
        case clonesIntoCgroups
    }

    private let tracer: OpaquePointer

    /// Traces a keeper, or what it makes, from now on.
    init(_ keeper: Int32, _ subject: Subject, _ failing: Failing, error: Int32) throws {
        var fault = ctorture_fault(
            process: keeper,
            tracee: Int32((subject == .child ? CTORTURE_CHILDREN : CTORTURE_ITSELF).rawValue), number: 0, error: error,
            only_into_cgroup: 0)
        switch failing {
        case .none: break
        case .call(let number): fault.number = Int32(number)
        case .clonesIntoCgroups: fault.only_into_cgroup = 1
        }
        var code: Int32 = 0
        guard let started = ctorture_start(&fault, &code) else {
            throw TestFailure("ptrace", "process \(keeper)", code)
        }
        tracer = started
    }

    /// Lets the keeper go.
    consuming func finish() -> Outcome {
        var outcome = ctorture_outcome()
        ctorture_finish(tracer, &outcome)
        return Outcome(counted: Int(outcome.counted), call: outcome.call < 0 ? nil : Int(outcome.call))
    }
}
