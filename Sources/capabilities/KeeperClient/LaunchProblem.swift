public import KeeperProtocol
public import LaunchPlan
import Linux
public import Model

/// A launch that failed, told in the terms of whoever wanted the process. How the keeper and its child went about it is nobody's
/// to know.
public struct LaunchProblem: ReadableError, Equatable {
    /// What the keeper told.
    public let failure: LaunchFailure
    /// The operation that failed, when one did.
    public let operation: Operation?
    /// The host's path of the root file system, when the process was to get one.
    private let root: String?

    /// The failure of a launch of this plan.
    public init(_ failure: LaunchFailure, in plan: Plan) {
        self.failure = failure
        let place = Int(failure.operation)
        operation = plan.operations.indices.contains(place) ? plan.operations[place] : nil
        root = plan.root
    }

    /// Whether the program itself could not be executed, which Docker answers with exit code 126 or 127.
    public var isExecution: Bool { failure.phase == .operation && failure.step == .execute }

    /// The exit code by which Docker tells such a failure: 126 where permissions or a directory are in the way, 127 where something
    /// is not there or no directory, else 128.
    public var exitCode: Int32 {
        guard failure.phase == .operation else { return 128 }
        return switch failure.code {
        case Errno.permissionDenied, Errno.isDirectory: 126
        case Errno.notADirectory, Errno.noSuchFile: 127
        default: 128
        }
    }

    /// One sentence: what was tried, on what, and the reason, such as `mount /nowhere on /data: no such file or directory`.
    public var message: String {
        switch failure.phase {
        case .none: return "nothing failed"
        case .request: return "the supervisor has no room for another process: \(reason)"
        case .plan: return "the process cannot be made as it is described: \(reason)"
        case .clone: return "make the process: \(reason)"
        case .enter: return "enter the container: \(reason)"
        case .died: return "the process ended before it executed its program: \(death)"
        case .operation:
            if let sentence { return sentence }
            guard let operation else { return "start the process: \(reason)" }
            return [operation.attempt(root: root), detail(operation), reason].compactMap(\.self).joined(separator: ": ")
                + hint(operation)
        }
    }

    /// What was refused for its own sake: EXDEV is what the child answers for a place that is not what its name says, and ELOOP the
    /// kernel where a link leads there.
    private var sentence: String? {
        guard failure.code == Errno.crossesDevices || failure.code == Errno.tooManyLinks, let operation else {
            return nil
        }
        switch operation {
        case .changeDirectory(let path, _):
            return "the working directory \"\(path)\" is outside of the container or leads there through /proc"
        case .bindInRoot(_, _, let target, _, _, _), .mountInRoot(_, _, let target, _, _, _):
            return failure.code == Errno.crossesDevices
                ? "\"\(target)\" cannot be mounted because it is inside /proc"
                : "\"\(target)\" cannot be mounted because a symbolic link is in its place"
        case .maskInRoot, .readonlyInRoot, .consoleInRoot:
            return "\(operation.attempt(root: root)): what is there is a symbolic link or not the kernel's"
        case .sysctl(_, let path, _):
            return "sysctl \"\(path.dropFirst("sys/".utf8.count))\" leads out of the kernel's parameters"
        default: return nil
        }
    }

    /// Which part of an attempt failed, where the attempt alone does not say.
    private func detail(_ operation: Operation) -> String? {
        switch (operation, failure.step) {
        case (.bindInRoot(_, let source, let target, _, _, _), .openSource) where source != target: "open \(source)"
        case (.bindInRoot(_, _, let target, _, _, _), .openTarget),
            (.mountInRoot(_, _, let target, _, _, _), .openTarget):
            "open \(target) in the container"
        case (.bindInRoot(_, _, let target, _, _, _), .makeTarget),
            (.mountInRoot(_, _, let target, _, _, _), .makeTarget):
            "make \(target) in the container"
        case (_, .openRoot): "open the root file system"
        case (.bindInRoot, .setAttributes): "set its options"
        case (.bindInRoot, .propagation): "set its propagation"
        case (.identity, .groups): "set the groups"
        case (.identity, .group): "set the group"
        case (.deviceInRoot, .changeOwner): "set its owner and mode"
        case (.capabilities, .capabilitySets): "set the permitted ones"
        case (.capabilities, .ambientSet): "raise the ambient ones"
        case (_, .standardStreams): "set up its input and output"
        default: nil
        }
    }

    /// Docker's (moby, daemon/errors.go).
    private func hint(_ operation: Operation) -> String {
        guard case .bindInRoot = operation, failure.code == Errno.notADirectory else { return "" }
        return
            ": Are you trying to mount a directory onto a file (or vice-versa)? Check if the specified host path exists and is the "
            + "expected type"
    }

    private var reason: String { LinuxError.text(failure.code) }

    private var death: String {
        switch ExitStatus(waitStatus: failure.code) {
        case .exited(let code): "exit code \(code)"
        case .signaled(let signal, _): "\(signal)"
        case .unknown: "unknown"
        }
    }
}
