public import Model

/// Who a container's process is: numbers only, as the kernel knows it.
public struct UserIdentity: Hashable, Sendable {
    /// User number.
    public var uid: UInt32
    /// Group number.
    public var gid: UInt32
    /// Supplementary groups, the primary one first, without doubles.
    public var groups: [UInt32]
    /// The home directory of the user, `/` when unknown.
    public var home: String

    /// A user by numbers.
    public init(uid: UInt32, gid: UInt32, groups: [UInt32], home: String) {
        self.uid = uid
        self.gid = gid
        self.groups = groups
        self.home = home
    }

    /// The superuser with no further groups.
    public static let root = UserIdentity(uid: 0, gid: 0, groups: [0], home: "/root")
}

/// A user or group that the root file system's databases do not have.
public enum UserLookupError: ReadableError, Hashable, Sendable {
    case unknownUser(String)
    case unknownGroup(String)
    case unknownAdditionalGroup(String)
    case outOfRange

    /// The texts of Docker (libcontainer's user package).
    public var message: String {
        switch self {
        case .unknownUser(let name): "unable to find user \(name): no matching entries in passwd file"
        case .unknownGroup(let name): "unable to find group \(name): no matching entries in group file"
        case .unknownAdditionalGroup(let name): "Unable to find group \(name): no matching entries in group file"
        case .outOfRange: "uids and gids must be in range 0-2147483647"
        }
    }
}

extension UserDatabase {
    /// Resolves Docker's `user[:group]`, each by name or number; empty is root. Digits are always a number, whatever name
    /// the image gives to somebody (CVE-2016-3697). Groups that list the user are joined unless a group was given, as
    /// Docker does.
    public func identity(
        of typed: String, additionalGroups: [String] = []
    ) throws(UserLookupError) -> UserIdentity {
        let parts = typed.utf8.split(separator: 0x3A, maxSplits: 1, omittingEmptySubsequences: false).map {
            String(decoding: $0, as: UTF8.self)
        }
        let userPart = parts.first ?? ""
        let groupPart = parts.count > 1 ? parts[1] : ""
        var identity = UserIdentity(uid: 0, gid: 0, groups: [], home: "/")
        let user = try knownUser(userPart)
        if let user {
            identity.uid = user.uid
            identity.gid = user.gid
            identity.home = user.home.isEmpty ? "/" : user.home
        } else if !userPart.isEmpty {
            identity.uid = try Self.number(userPart, orThrow: .unknownUser(userPart))
        }
        if !groupPart.isEmpty {
            identity.gid = try groupNumber(groupPart, missing: .unknownGroup(groupPart))
        } else if let user {
            identity.groups = groups.filter { $0.members.contains(user.nameBytes) }.map(\.gid)
        }
        for name in additionalGroups {
            identity.groups.append(try groupNumber(name, missing: .unknownAdditionalGroup(name)))
        }
        // CVE-2022-36109: the primary group has to be among the supplementary ones.
        var seen: Set<UInt32> = []
        identity.groups = ([identity.gid] + identity.groups).filter { seen.insert($0).inserted }
        // The largest number of all means "leave it as it is" to the kernel, which is root.
        guard ([identity.uid] + identity.groups).allSatisfy({ $0 <= Self.maximumNumber }) else { throw .outOfRange }
        return identity
    }

    private func knownUser(_ typed: String) throws(UserLookupError) -> User? {
        if typed.isEmpty { return users.first { $0.uid == 0 } }
        guard Self.isNumber(typed) else { return users.first { $0.nameBytes.elementsEqual(typed.utf8) } }
        return users.first { Int64($0.uid) == Int64(typed) }
    }

    private static func isNumber(_ typed: String) -> Bool {
        Int64(typed) != nil || typed.utf8.allSatisfy { (0x30...0x39).contains($0) }
    }

    private func groupNumber(_ typed: String, missing: UserLookupError) throws(UserLookupError) -> UInt32 {
        if !Self.isNumber(typed), let group = groups.first(where: { $0.nameBytes.elementsEqual(typed.utf8) }) {
            return group.gid
        }
        return try Self.number(typed, orThrow: missing)
    }

    private static func number(_ typed: String, orThrow missing: UserLookupError) throws(UserLookupError) -> UInt32 {
        guard let number = Int64(typed) else { throw missing }
        guard (0...Int64(Int32.max)).contains(number) else { throw .outOfRange }
        return UInt32(number)
    }
}
