/// A stored object in which every field may be absent, as a table of its fields. A new field is one new line.
package protocol StoredObject: Stored {
    /// The value whose fields are all absent.
    static var absent: Self { get }
    /// The stored fields.
    static var fields: [StoredField<Self>] { get }
}

/// A part of a container's specification. A key that is not in `fields` makes the record another version's, as no container may
/// run without a part of its specification. In other objects it is passed over, and gone when the record is written again.
package protocol StoredSpecification: StoredObject {
    init()
}

extension StoredSpecification {
    package static var absent: Self { Self() }

    package init(stored decoder: any Decoder) throws {
        let keys = try decoder.keys()
        self = Self.absent
        if try read(keys) < keys.allKeys.count {
            try keys.refuse(otherThan: Set(Self.fields.map(\.key.stringValue)))
        }
    }
}

extension StoredObject {
    package init(stored decoder: any Decoder) throws {
        self = Self.absent
        _ = try read(try decoder.keys())
    }

    /// Reads the fields that are there, and returns their number.
    fileprivate mutating func read(_ keys: ReadKeys) throws -> Int {
        var known = 0
        for field in Self.fields where keys.contains(field.key) {
            known += 1
            try field.read(keys, &self)
        }
        return known
    }

    package func store(in encoder: any Encoder) throws {
        var keys = encoder.keys()
        for field in Self.fields { try field.write(self, &keys) }
    }
}

/// A field of a stored object: its key, and its place in the value.
package struct StoredField<Object: StoredObject>: Sendable {
    let key: RecordKey
    /// Reads the field from an object that has the key.
    let read: @Sendable (ReadKeys, inout Object) throws -> Void
    let write: @Sendable (Object, inout WrittenKeys) throws -> Void

    /// A field that is always written.
    init<Value: StoredLeaf>(_ key: RecordKey, _ path: any WritableKeyPath<Object, Value> & Sendable) {
        self.key = key
        read = { keys, object in object[keyPath: path] = try keys.read(key) }
        write = { object, keys in try keys.put(key, object[keyPath: path]) }
    }

    /// A field that is written when there is a value.
    init<Value: StoredLeaf>(_ key: RecordKey, _ path: any WritableKeyPath<Object, Value?> & Sendable) {
        self.key = key
        read = { keys, object in object[keyPath: path] = try keys.read(key) as Value }
        write = { object, keys in try keys.putIfPresent(key, object[keyPath: path]) }
    }

    /// A field that is always written.
    init<Value: Stored>(_ key: RecordKey, _ path: any WritableKeyPath<Object, Value> & Sendable) {
        self.key = key
        read = { keys, object in object[keyPath: path] = try keys.read(key) }
        write = { object, keys in try keys.put(key, object[keyPath: path]) }
    }

    /// A field that is written when there is a value.
    init<Value: Stored>(_ key: RecordKey, _ path: any WritableKeyPath<Object, Value?> & Sendable) {
        self.key = key
        read = { keys, object in object[keyPath: path] = try keys.read(key) as Value }
        write = { object, keys in try keys.putIfPresent(key, object[keyPath: path]) }
    }

    /// A field newer than version 0.1.0. It is written when it differs from the value that its absence means, so that an older
    /// version reads a record that makes no use of it.
    static func added<Value: StoredLeaf & Equatable>(
        _ key: RecordKey, _ path: any WritableKeyPath<Object, Value> & Sendable
    ) -> Self {
        StoredField(key, path).writtenUnless(path)
    }

    /// A field newer than version 0.1.0, as above.
    static func added<Value: Stored & Equatable>(
        _ key: RecordKey, _ path: any WritableKeyPath<Object, Value> & Sendable
    ) -> Self {
        StoredField(key, path).writtenUnless(path)
    }

    private func writtenUnless<Value: Equatable & Sendable>(
        _ path: any WritableKeyPath<Object, Value> & Sendable
    ) -> Self {
        let (absent, write) = (Object.absent[keyPath: path], write)
        return StoredField(key: key, read: read) { object, keys in
            if object[keyPath: path] != absent { try write(object, &keys) }
        }
    }

    private init(
        key: RecordKey, read: @escaping @Sendable (ReadKeys, inout Object) throws -> Void,
        write: @escaping @Sendable (Object, inout WrittenKeys) throws -> Void
    ) {
        (self.key, self.read, self.write) = (key, read, write)
    }
}
