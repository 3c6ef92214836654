internal import FoundationEssentials
internal import JSONFormat
internal import Model

/// JSON with sorted keys, so that the same value gives the same bytes and so the same digest.
enum JSONText {
    static func encode(_ value: some Encodable) throws(ImageError) -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        do { return Array(try encoder.encode(value)) } catch {
            throw .tool(operation: "encode", reason: "the value cannot be written as JSON")
        }
    }

    static func decode<Value: Decodable>(
        _ type: Value.Type, _ bytes: [UInt8], from path: String
    ) throws(ImageError) -> Value {
        do { return try JSONDecoder().decode(type, from: Data(bytes)) } catch {
            throw .archive(operation: "read", path: path, reason: "invalid JSON")
        }
    }
}

extension ImageDocument {
    init(json bytes: [UInt8]) throws(ImageError) {
        self = try JSONText.decode(ImageDocument.self, bytes, from: "image configuration")
        guard config?.labels != nil, let labels = (try? JSON(parsing: bytes))?["config"]?["Labels"]?.object else {
            return
        }
        config?.labels = TextMap(labels.map { (key: $0.name, value: $0.value.string ?? "") })
    }
}
