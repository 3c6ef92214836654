package import Linux
internal import Model
internal import NIOCore

/// The engine's ends of a run's standard streams, and the child's ends until they are handed to the keeper.
package struct StandardStreams: Sendable {
    /// Descriptors 0, 1 and 2 of the child.
    var child: [SharedDescriptor]
    /// Ends that the engine reads and writes; for a terminal all are its master side.
    var stdin: SharedDescriptor?
    var stdout: SharedDescriptor?
    var stderr: SharedDescriptor?
    /// The master side, to set its size.
    var terminal: SharedDescriptor?

    /// Capacity of an output pipe in bytes.
    static let pipeCapacity: Int32 = 256 * 1024

    /// Inode numbers of the pipes of output and errors, by which a later engine finds them again.
    var outputs: [UInt64] { terminal == nil ? [stdout, stderr].compactMap { $0.flatMap(LostPipe.inode) } : [] }

    /// Opens pipes, or a terminal. With `outlives` a process that loses its keeper goes on writing. Without `openStdin` the input
    /// is /dev/null. `root` is the root directory of the container whose terminal it becomes.
    package static func open(
        terminal: Bool, openStdin: Bool, height: Int, width: Int, root: SharedDescriptor? = nil, outlives: Bool = false
    ) throws(LinuxError) -> StandardStreams {
        if terminal {
            let pair = try PseudoTerminal.open(root: root)
            if height > 0, width > 0 { pair.master.setTerminalSize(rows: height, columns: width) }
            // epoll watches reading and writing apart, which needs two descriptors.
            let input = try pair.master.duplicate()
            return StandardStreams(
                child: [pair.slave, pair.slave, pair.slave], stdin: input, stdout: pair.master, stderr: nil,
                terminal: pair.master)
        }
        var output = try PipeEnds(capacity: pipeCapacity)
        var errors = try PipeEnds(capacity: pipeCapacity)
        if outlives {
            output = output.outlivingReaders()
            errors = errors.outlivingReaders()
        }
        let input: SharedDescriptor
        var inputEnd: SharedDescriptor?
        if openStdin {
            let pipe = try PipeEnds()
            input = pipe.reading
            inputEnd = pipe.writing
        } else {
            input = try SharedDescriptor.openNull()
        }
        return StandardStreams(
            child: [input, output.writing, errors.writing], stdin: inputEnd, stdout: output.reading,
            stderr: errors.reading, terminal: nil)
    }
}
