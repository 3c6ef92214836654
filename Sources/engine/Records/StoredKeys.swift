/// The keys of a stored object that is read.
package typealias ReadKeys = KeyedDecodingContainer<RecordKey>
/// The keys of a stored object that is written.
package typealias WrittenKeys = KeyedEncodingContainer<RecordKey>

extension Decoder {
    /// The object that stands here.
    func keys() throws -> ReadKeys { try container(keyedBy: RecordKey.self) }

    /// The text or number that stands here, made into a value; `nil` from `make` is an error.
    func single<Raw: Decodable, Value>(_ make: (Raw) -> Value?) throws -> Value {
        let raw = try singleValueContainer().decode(Raw.self)
        guard let value = make(raw) else { throw notOneOfOurs(codingPath, "\(raw) is no \(Value.self)") }
        return value
    }
}

extension Encoder {
    /// An object that stands here.
    func keys() -> WrittenKeys { container(keyedBy: RecordKey.self) }

    /// A text or number that stands here.
    func single(_ raw: some Encodable) throws {
        var container = singleValueContainer()
        try container.encode(raw)
    }
}

/// What is whole, and means nothing to this version.
func notOneOfOurs(_ path: [any CodingKey], _ what: String) -> DecodingError {
    DecodingError.dataCorrupted(.init(codingPath: path, debugDescription: what))
}

extension KeyedDecodingContainer<RecordKey> {
    /// What every version wrote; its absence is an error.
    func read<Value: StoredLeaf>(_ key: RecordKey) throws -> Value { try Value.read(key, in: self) }

    /// What every version wrote; its absence is an error.
    func read<Value: Stored>(_ key: RecordKey) throws -> Value { try decode(StoredForm<Value>.self, forKey: key).value }

    /// What may be absent.
    func readIfPresent<Value: StoredLeaf>(_ key: RecordKey) throws -> Value? { try Value.readIfPresent(key, in: self) }

    /// What may be absent.
    func readIfPresent<Value: Stored>(_ key: RecordKey) throws -> Value? {
        try decodeIfPresent(StoredForm<Value>.self, forKey: key)?.value
    }

    /// Makes an unknown key an error: for what a container was asked to be, which nobody may run without a part of it.
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
