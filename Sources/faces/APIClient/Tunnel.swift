internal import Linux

/// A program that carries a connection to an engine by a protocol that this one does not speak: TLS.
///
/// The program gets a stream socket as descriptor 3. On descriptor 4 it writes one byte, 1, when the connection stands,
/// or a text with the reason when it fails.
public struct Tunnel: Hashable, Sendable {
    /// The program's path.
    public var program: String
    /// Its arguments, without its name.
    public var arguments: [String]

    /// A tunnel through a program.
    public init(program: String, arguments: [String]) {
        self.program = program
        self.arguments = arguments
    }

    /// The most bytes of a tunnel's report of its failure.
    private static let maximumReport = 4096

    /// Starts the program and returns this end of the connection. The program has a session of its own, so that it gets
    /// no signals of the terminal.
    func open() throws(ClientError) -> OwnedDescriptor {
        let (connection, report): (Int32, SharedDescriptor)
        do throws(LinuxError) {
            (connection, report) = try start()
        } catch {
            throw .system(operation: "\(error.call) \(error.object)", errno: error.code)
        }
        let own = OwnedDescriptor(adopting: connection)
        defer { withExtendedLifetime(report) {} }
        var said: [UInt8] = []
        while said.count < Self.maximumReport,
            let more = try? report.borrowed.read(atMost: Self.maximumReport), !more.isEmpty
        {
            said += more
            if said == [1] { return own }
        }
        let text = String(decoding: said, as: UTF8.self)
        throw .noTunnel(text.isEmpty ? "\(program) ended without a word" : text)
    }

    /// This end of the connection, which the caller owns, and the reading end of the report; the program has the others.
    private func start() throws(LinuxError) -> (connection: Int32, report: SharedDescriptor) {
        let ends = try StreamPair().release()
        let own = OwnedDescriptor(adopting: ends.reader)
        let given = OwnedDescriptor(adopting: ends.writer)
        let report = try PipeEnds()
        let null = try SharedDescriptor.openNull()
        do throws(ChildProcessError) {
            _ = try SpawnedProgram(
                inheriting: program, arguments: arguments,
                replacing: [
                    0: null.borrowed, 1: null.borrowed, 3: given.borrowed, 4: report.writing.borrowed,
                ],
                apart: true)
        } catch {
            switch error {
            case .system(_, _, let code): throw LinuxError(call: "start", object: program, code: code)
            }
        }
        withExtendedLifetime((null, report)) {}
        return (own.release(), report.reading)
    }
}
