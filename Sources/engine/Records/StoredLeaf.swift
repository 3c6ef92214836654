/// A value of JSON's own: texts, numbers and flags, and lists and maps of them. The coders have a short way for each of these
/// types, which a generic call misses.
protocol StoredLeaf: Codable, Sendable {
    static func read(_ key: RecordKey, in keys: ReadKeys) throws -> Self
    static func readIfPresent(_ key: RecordKey, in keys: ReadKeys) throws -> Self?
    func write(_ key: RecordKey, in keys: inout WrittenKeys) throws
}

extension String: StoredLeaf {
    static func read(_ key: RecordKey, in keys: ReadKeys) throws -> String { try keys.decode(String.self, forKey: key) }
    static func readIfPresent(_ key: RecordKey, in keys: ReadKeys) throws -> String? {
        try keys.decodeIfPresent(String.self, forKey: key)
    }
    func write(_ key: RecordKey, in keys: inout WrittenKeys) throws { try keys.encode(self, forKey: key) }
}

extension Bool: StoredLeaf {
    static func read(_ key: RecordKey, in keys: ReadKeys) throws -> Bool { try keys.decode(Bool.self, forKey: key) }
    static func readIfPresent(_ key: RecordKey, in keys: ReadKeys) throws -> Bool? {
        try keys.decodeIfPresent(Bool.self, forKey: key)
    }
    func write(_ key: RecordKey, in keys: inout WrittenKeys) throws { try keys.encode(self, forKey: key) }
}

extension Int: StoredLeaf {
    static func read(_ key: RecordKey, in keys: ReadKeys) throws -> Int { try keys.decode(Int.self, forKey: key) }
    static func readIfPresent(_ key: RecordKey, in keys: ReadKeys) throws -> Int? {
        try keys.decodeIfPresent(Int.self, forKey: key)
    }
    func write(_ key: RecordKey, in keys: inout WrittenKeys) throws { try keys.encode(self, forKey: key) }
}

extension Int32: StoredLeaf {
    static func read(_ key: RecordKey, in keys: ReadKeys) throws -> Int32 { try keys.decode(Int32.self, forKey: key) }
    static func readIfPresent(_ key: RecordKey, in keys: ReadKeys) throws -> Int32? {
        try keys.decodeIfPresent(Int32.self, forKey: key)
    }
    func write(_ key: RecordKey, in keys: inout WrittenKeys) throws { try keys.encode(self, forKey: key) }
}

extension Int64: StoredLeaf {
    static func read(_ key: RecordKey, in keys: ReadKeys) throws -> Int64 { try keys.decode(Int64.self, forKey: key) }
    static func readIfPresent(_ key: RecordKey, in keys: ReadKeys) throws -> Int64? {
        try keys.decodeIfPresent(Int64.self, forKey: key)
    }
    func write(_ key: RecordKey, in keys: inout WrittenKeys) throws { try keys.encode(self, forKey: key) }
}

extension UInt8: StoredLeaf {
    static func read(_ key: RecordKey, in keys: ReadKeys) throws -> UInt8 { try keys.decode(UInt8.self, forKey: key) }
    static func readIfPresent(_ key: RecordKey, in keys: ReadKeys) throws -> UInt8? {
        try keys.decodeIfPresent(UInt8.self, forKey: key)
    }
    func write(_ key: RecordKey, in keys: inout WrittenKeys) throws { try keys.encode(self, forKey: key) }
}

extension UInt16: StoredLeaf {
    static func read(_ key: RecordKey, in keys: ReadKeys) throws -> UInt16 { try keys.decode(UInt16.self, forKey: key) }
    static func readIfPresent(_ key: RecordKey, in keys: ReadKeys) throws -> UInt16? {
        try keys.decodeIfPresent(UInt16.self, forKey: key)
    }
    func write(_ key: RecordKey, in keys: inout WrittenKeys) throws { try keys.encode(self, forKey: key) }
}

extension UInt32: StoredLeaf {
    static func read(_ key: RecordKey, in keys: ReadKeys) throws -> UInt32 { try keys.decode(UInt32.self, forKey: key) }
    static func readIfPresent(_ key: RecordKey, in keys: ReadKeys) throws -> UInt32? {
        try keys.decodeIfPresent(UInt32.self, forKey: key)
    }
    func write(_ key: RecordKey, in keys: inout WrittenKeys) throws { try keys.encode(self, forKey: key) }
}

extension UInt64: StoredLeaf {
    static func read(_ key: RecordKey, in keys: ReadKeys) throws -> UInt64 { try keys.decode(UInt64.self, forKey: key) }
    static func readIfPresent(_ key: RecordKey, in keys: ReadKeys) throws -> UInt64? {
        try keys.decodeIfPresent(UInt64.self, forKey: key)
    }
    func write(_ key: RecordKey, in keys: inout WrittenKeys) throws { try keys.encode(self, forKey: key) }
}

extension Array: StoredLeaf where Element: StoredLeaf {
    static func read(_ key: RecordKey, in keys: ReadKeys) throws -> [Element] {
        try keys.decode([Element].self, forKey: key)
    }
    static func readIfPresent(_ key: RecordKey, in keys: ReadKeys) throws -> [Element]? {
        try keys.decodeIfPresent([Element].self, forKey: key)
    }
    func write(_ key: RecordKey, in keys: inout WrittenKeys) throws { try keys.encode(self, forKey: key) }
}

extension Dictionary: StoredLeaf where Key == String, Value: StoredLeaf {
    static func read(_ key: RecordKey, in keys: ReadKeys) throws -> [String: Value] {
        try keys.decode([String: Value].self, forKey: key)
    }
    static func readIfPresent(_ key: RecordKey, in keys: ReadKeys) throws -> [String: Value]? {
        try keys.decodeIfPresent([String: Value].self, forKey: key)
    }
    func write(_ key: RecordKey, in keys: inout WrittenKeys) throws { try keys.encode(self, forKey: key) }
}
