internal import Model

/// What a control group may do with some devices, as a line of `devices.allow` (cgroup v1) and Docker's
/// `--device-cgroup-rule` write it.
public struct DeviceRule: Hashable, Sendable {
    /// Which kind of device, or both.
    public enum Kind: Character, Hashable, Sendable {
        case all = "a"
        case block = "b"
        case character = "c"
    }

    /// Letters of `rwm`.
    public struct Access: OptionSet, Hashable, Sendable {
        /// Bits as BPF_DEVCG_ACC_* has them.
        public let rawValue: UInt32

        /// A set by its bits.
        public init(rawValue: UInt32) { self.rawValue = rawValue }

        /// mknod(2).
        public static let make = Access(rawValue: 1)
        /// Opening for reading.
        public static let read = Access(rawValue: 2)
        /// Opening for writing.
        public static let write = Access(rawValue: 4)
        /// All three.
        public static let all: Access = [.make, .read, .write]

        /// One to three letters of `rwm`, as Docker takes them; `nil` for anything else.
        public init?(_ letters: some StringProtocol) {
            guard (1...3).contains(letters.utf8.count) else { return nil }
            var access = Access()
            for letter in letters.utf8 {
                switch letter {
                case UInt8(ascii: "r"): access.insert(.read)
                case UInt8(ascii: "w"): access.insert(.write)
                case UInt8(ascii: "m"): access.insert(.make)
                default: return nil
                }
            }
            self = access
        }

        /// In the order in which the kernel lists them.
        public var letters: String {
            (contains(.read) ? "r" : "") + (contains(.write) ? "w" : "") + (contains(.make) ? "m" : "")
        }
    }

    /// Which kind.
    public let kind: Kind
    /// `nil` is any.
    public let major: Int32?
    /// `nil` is any.
    public let minor: Int32?
    /// What is allowed.
    public let access: Access

    /// A rule by its parts; numbers are not negative.
    public init(_ kind: Kind, _ major: Int32?, _ minor: Int32?, _ access: Access) {
        self.kind = kind
        self.major = major
        self.minor = minor
        self.access = access
    }

    /// Docker's grammar, `[acb] N|*:N|* [rwm]{1,3}` with single blanks; `nil` for anything else and for numbers beyond 2^31−1.
    public init?(_ text: String) {
        let fields = text.split(byte: " ", omittingEmptySubsequences: false)
        guard fields.count == 3, fields[0].utf8.count == 1, let letter = fields[0].first,
            let kind = Kind(rawValue: letter),
            let access = Access(fields[2])
        else { return nil }
        let numbers = fields[1].split(byte: ":", omittingEmptySubsequences: false)
        guard numbers.count == 2, let major = Self.number(numbers[0]), let minor = Self.number(numbers[1]) else {
            return nil
        }
        self.init(kind, major, minor, access)
    }

    /// `.some(nil)` is `*`.
    private static func number(_ text: Substring) -> Int32?? {
        if text == "*" { return .some(nil) }
        guard !text.isEmpty, text.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }),
            let number = Int32(text)
        else { return nil }
        return .some(number)
    }

    /// As `devices.list` has it, e.g. `c 1:3 rwm`.
    public var text: String {
        "\(kind.rawValue) \(major.map(String.init) ?? "*"):\(minor.map(String.init) ?? "*") \(access.letters)"
    }
}

extension DeviceRule {
    /// Whether these together allow every use of every device.
    public static func allowEverything(_ rules: [DeviceRule]) -> Bool {
        merged(rules).filter { $0.major == nil && $0.minor == nil && $0.access == .all }.count == 2
    }

    /// One rule for each kind and numbers, as the kernel keeps them. The kernel takes `a` for everything, whatever numbers
    /// follow: it is written as both kinds, so that it gives no more than it says.
    static func merged(_ rules: [DeviceRule]) -> [DeviceRule] {
        struct Place: Hashable {
            let kind: Kind
            let major: Int32?
            let minor: Int32?
        }
        var order: [Place] = []
        var access: [Place: Access] = [:]
        for rule in rules {
            for kind in rule.kind == .all ? [Kind.character, .block] : [rule.kind] {
                let place = Place(kind: kind, major: rule.major, minor: rule.minor)
                if access[place] == nil { order.append(place) }
                access[place, default: []].formUnion(rule.access)
            }
        }
        return order.map { DeviceRule($0.kind, $0.major, $0.minor, access[$0] ?? []) }
    }
}
