public import KeeperProtocol
public import LaunchPlan
import Linux
import Model

/// A launch that failed, told with what the plan says at that place.
public struct LaunchProblem: Error, Equatable, Sendable, CustomStringConvertible {
    /// What the keeper told.
    public let failure: LaunchFailure
    /// The operation that failed, when one did.
    public let operation: Operation?

    /// The failure of a launch of this plan.
    public init(_ failure: LaunchFailure, in plan: Plan) {
        self.failure = failure
        let place = Int(failure.operation)
        operation = plan.operations.indices.contains(place) ? plan.operations[place] : nil
    }

    /// Whether the program itself could not be executed, which Docker answers with exit code 126 or 127.
    public var isExecution: Bool { failure.phase == .operation && failure.step == .execute }

    /// One line: the operation, its object, the step and the reason, such as
    /// `bind mount /nowhere at /data: open source: No such file or directory`.
    public var description: String {
        switch failure.phase {
        case .none: return "no failure"
        case .request: return "the keeper refused the request: \(reason)"
        case .plan: return "the launch plan is not valid\(place): \(reason)"
        case .clone: return "make the process\(step): \(reason)"
        case .enter: return "join the container\(step): \(reason)"
        case .died: return "the process ended before it executed its program: \(death)"
        case .operation:
            if let sentence { return sentence }
            guard let operation else { return "operation \(failure.operation)\(step): \(reason)" }
            let object = operation.object.isEmpty ? "" : " " + operation.object
            return "\(operation.name)\(object)\(step): \(reason)"
        }
    }

    /// What was refused for its own sake: EXDEV is what the child answers for a place that is not what its name says, and ELOOP the
    /// kernel where a link leads there.
    private var sentence: String? {
        guard failure.code == Self.exdev || failure.code == Self.eloop, let operation else { return nil }
        let object = operation.object
        switch operation {
        case .changeDirectory:
            return "the working directory \"\(object)\" is outside of the container or leads there through /proc"
        case .bindInRoot(_, _, let target, _, _, _), .mountInRoot(_, _, let target, _, _, _):
            return failure.code == Self.exdev
                ? "\"\(target)\" cannot be mounted because it is inside /proc"
                : "\"\(target)\" cannot be mounted because a symbolic link is in its place"
        case .maskInRoot, .readonlyInRoot, .consoleInRoot:
            return "\(operation.name) \(object): what is there is a symbolic link or not the kernel's"
        case .sysctl(_, let path, _):
            return "sysctl \"\(path.dropFirst("sys/".utf8.count))\" leads out of the kernel's parameters"
        default: return nil
        }
    }

    private static let exdev: Int32 = 18
    private static let eloop: Int32 = 40

    private var reason: String { LinuxError(call: "", object: "", code: failure.code).reason }

    private var place: String { failure.operation < 0 ? "" : " at operation \(failure.operation)" }

    private var death: String {
        switch ExitStatus(waitStatus: failure.code) {
        case .exited(let code): "exit code \(code)"
        case .signaled(let signal, _): "\(signal)"
        case .unknown: "unknown"
        }
    }

    private var step: String {
        switch failure.step {
        case .none, .execute: ""
        case .openRoot: ": open root"
        case .openTarget: ": open target"
        case .makeTarget: ": make target"
        case .openSource: ": open source"
        case .setAttributes: ": set attributes"
        case .attach: ": attach"
        case .mount: ": mount"
        case .remount: ": remount"
        case .propagation: ": set propagation"
        case .pivot: ": pivot_root"
        case .detach: ": detach the old root"
        case .changeDirectory: ": chdir"
        case .open: ": open"
        case .write: ": write"
        case .setNamespace: ": setns"
        case .network: ": network"
        case .groups: ": setgroups"
        case .group: ": setgid"
        case .user: ": setuid"
        case .capabilitySets: ": capability sets"
        case .boundingSet: ": bounding set"
        case .ambientSet: ": ambient set"
        case .makeNode: ": mknod"
        case .changeOwner: ": chown"
        case .controlTerminal: ": controlling terminal"
        case .standardStreams: ": standard streams"
        case .cloneInside: ": clone"
        case .joinCgroup: ": join the cgroup"
        case .memory: ": memory for the arguments"
        }
    }
}
