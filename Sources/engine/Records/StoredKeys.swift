/// Keys of a stored object that is being read.
package typealias ReadKeys = KeyedDecodingContainer<RecordKey>
/// Keys of a stored object that is being written.
package typealias WrittenKeys = KeyedEncodingContainer<RecordKey>

extension Decoder {
    /// The keys of the object at this place.
    func keys() throws -> ReadKeys { try container(keyedBy: RecordKey.self) }

    /// The value that `make` returns for the text or number at this place; `nil` from `make` is an error.
    func single<Raw: Decodable, Value>(_ make: (Raw) -> Value?) throws -> Value {
        let raw = try singleValueContainer().decode(Raw.self)
        guard let value = make(raw) else { throw notOneOfOurs(codingPath, "this version does not know \"\(raw)\"") }
        return value
    }
}

extension Encoder {
    /// The keys of a new object at this place.
    func keys() -> WrittenKeys { container(keyedBy: RecordKey.self) }

    /// Writes a text or number at this place.
    func single(_ raw: some Encodable) throws {
        var container = singleValueContainer()
        try container.encode(raw)
    }
}

/// The error for intact data that this version does not know.
func notOneOfOurs(_ path: [any CodingKey], _ what: String) -> DecodingError {
    DecodingError.dataCorrupted(.init(codingPath: path, debugDescription: what))
}

extension KeyedDecodingContainer<RecordKey> {
    /// Reads a field that every version wrote; its absence is an error.
    func read<Value: StoredLeaf>(_ key: RecordKey) throws -> Value { try Value.read(key, in: self) }

    /// Reads a field that every version wrote; its absence is an error.
    func read<Value: Stored>(_ key: RecordKey) throws -> Value { try decode(StoredForm<Value>.self, forKey: key).value }

    /// Reads a field that may be absent.
    func readIfPresent<Value: StoredLeaf>(_ key: RecordKey) throws -> Value? { try Value.readIfPresent(key, in: self) }

    /// Reads a field that may be absent.
    func readIfPresent<Value: Stored>(_ key: RecordKey) throws -> Value? {
        try decodeIfPresent(StoredForm<Value>.self, forKey: key)?.value
    }

    /// Throws for an unknown key. It is for specifications, as no container may run without a part of its own.
    func refuse(otherThan known: Set<String>) throws {
        let others = allKeys.map(\.stringValue).filter { !known.contains($0) }
        if let other = others.min() { throw notOneOfOurs(codingPath, "this version knows no field \"\(other)\"") }
    }
}

extension KeyedEncodingContainer<RecordKey> {
    mutating func put(_ key: RecordKey, _ value: some StoredLeaf) throws { try value.write(key, in: &self) }

    mutating func put(_ key: RecordKey, _ value: some Stored) throws { try encode(StoredForm(value), forKey: key) }

    mutating func putIfPresent(_ key: RecordKey, _ value: (some StoredLeaf)?) throws {
        if let value { try value.write(key, in: &self) }
    }

    mutating func putIfPresent(_ key: RecordKey, _ value: (some Stored)?) throws {
        try encodeIfPresent(value.map(StoredForm.init), forKey: key)
    }
}
