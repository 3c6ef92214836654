internal import Linux
internal import Model

/// The files a log consists of at one moment, found without the writer's help while it may be rotating.
struct LogFileSet {
    /// One file by the name it had and by what it is.
    struct Member: Equatable {
        let path: String
        let identity: LogFile.Identity
    }

    /// The current file first, then from the newest to the oldest.
    let members: [Member]

    /// Looks until two looks in a row agree and show no rotation half done: no gap in the numbers and no file with
    /// two names. A gap that stays, as a crash may leave it, is taken as it is after about 50 ms.
    init(path: String) {
        var seen = Self.look(path)
        for _ in 0..<500 {
            let again = Self.look(path)
            if seen.isWhole, again.isWhole, seen.members == again.members { break }
            seen = again
            if !seen.isWhole { KernelThread.sleep(for: .microseconds(100)) }
        }
        var known: Set<LogFile.Identity> = []
        members = seen.members.filter { known.insert($0.identity).inserted }
    }

    /// The place of a file in the row; `nil` when it has been removed.
    func place(of identity: LogFile.Identity) -> Int? { members.firstIndex { $0.identity == identity } }

    /// Opens a member, if its name still means the same file.
    static func open(_ member: Member) -> LogFile? {
        do throws(FileError) {
            let file = try LogFile(member.path, .read)
            guard file.identity == member.identity else { return nil }
            return consume file
        } catch {
            return nil
        }
    }

    private static func look(_ path: String) -> (members: [Member], isWhole: Bool) {
        var members: [Member] = []
        var isWhole = true
        var missing = 0
        var number = 0
        while missing < 2 {
            let name = number == 0 ? path : "\(path).\(number)"
            if let identity = LogFile.Identity(path: name) {
                if missing > 0 || members.contains(where: { $0.identity == identity }) { isWhole = false }
                missing = 0
                members.append(Member(path: name, identity: identity))
            } else {
                missing += 1
            }
            number += 1
        }
        return (members, isWhole)
    }
}
