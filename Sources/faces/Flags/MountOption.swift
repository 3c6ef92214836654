import APIClient
package import JSONFormat
import Model

/// The value of `--mount`, as in `type=bind,source=/a,target=/b,readonly`: comma-separated fields.
package enum MountOption: Hashable {
    case mount(JSON)
    case refused(String)

    /// The reason for a refusal, in Docker's words; `nil` for a good value.
    package var refusal: String? {
        switch self {
        case .mount: nil
        case .refused(let text): text
        }
    }

    private struct Refusal: ReadableError {
        var message: String
    }

    /// Parses one mount into the Engine API's form.
    package static func parse(_ text: String) -> MountOption {
        do {
            var fields = Fields()
            for field in text.split(byte: ",", omittingEmptySubsequences: false) { try fields.add(String(field)) }
            guard !fields.type.isEmpty else { return .refused("type is required") }
            guard !fields.target.isEmpty else { return .refused("target is required") }
            if let wrong = fields.optionsOfAnotherType { return .refused(wrong) }
            return .mount(fields.json)
        } catch let refusal as Refusal {
            return .refused(refusal.message)
        } catch {
            return .refused("invalid mount")
        }
    }

    private struct Fields {
        var type = "volume"
        var source = ""
        var target = ""
        var readOnly = false
        var consistency: String?
        var bind: JSONObject = []
        var volume: JSONObject = []
        var labels: JSONObject = []
        var driver: String?
        var driverOptions: JSONObject = []
        var tmpfs: JSONObject = []

        mutating func add(_ field: String) throws {
            let parts = field.split(byte: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let key = parts[0].lowercased()
            guard parts.count == 2 else {
                switch key {
                case "readonly", "ro": readOnly = true
                case "volume-nocopy": volume.append(.init("NoCopy", true))
                case "bind-nonrecursive": bind.append(.init("NonRecursive", true))
                default: throw Refusal(message: "invalid field '\(field)' must be a key=value pair")
                }
                return
            }
            try set(key, String(parts[1]), field: field)
        }

        private mutating func set(_ key: String, _ value: String, field: String) throws {
            switch key {
            case "type": type = value.lowercased()
            case "source", "src": source = value
            case "target", "dst", "destination": target = value
            case "readonly", "ro": readOnly = try flag(key, value)
            case "consistency": consistency = value.lowercased()
            case "bind-propagation": bind.append(.init("Propagation", .string(value.lowercased())))
            case "bind-nonrecursive": bind.append(.init("NonRecursive", .bool(try flag(key, value))))
            case "bind-create-src": bind.append(.init("CreateMountpoint", .bool(try flag(key, value))))
            case "volume-subpath": volume.append(.init("Subpath", .string(value)))
            case "volume-nocopy": volume.append(.init("NoCopy", .bool(try flag(key, value))))
            case "volume-label": labels.append(MountOption.pair(value))
            case "volume-driver": driver = value
            case "volume-opt": driverOptions.append(MountOption.pair(value))
            case "tmpfs-size":
                guard let size = try? ByteSize.parse(value, .binary) else {
                    throw Refusal(message: "invalid value for \(key): \(value)")
                }
                tmpfs.append(.init("SizeBytes", .integer(size)))
            case "tmpfs-mode":
                guard let mode = UInt32(value, radix: 8) else {
                    throw Refusal(message: "invalid value for \(key): \(value)")
                }
                tmpfs.append(.init("Mode", .integer(mode)))
            default: throw Refusal(message: "unexpected key '\(key)' in '\(field)'")
            }
        }

        private func flag(_ key: String, _ value: String) throws -> Bool {
            guard let flag = FlagValue.bool(value) else { throw Refusal(message: "invalid value for \(key): \(value)") }
            return flag
        }

        var optionsOfAnotherType: String? {
            let hasVolume = !volume.isEmpty || !labels.isEmpty || driver != nil || !driverOptions.isEmpty
            if type != "volume", hasVolume { return "cannot mix 'volume-*' options with mount type '\(type)'" }
            if type != "bind", !bind.isEmpty { return "cannot mix 'bind-*' options with mount type '\(type)'" }
            if type != "tmpfs", !tmpfs.isEmpty { return "cannot mix 'tmpfs-*' options with mount type '\(type)'" }
            return nil
        }

        var json: JSON {
            var members: JSONObject = [.init("Type", .string(type))]
            if !source.isEmpty { members.append(.init("Source", .string(source))) }
            members.append(.init("Target", .string(target)))
            if readOnly { members.append(.init("ReadOnly", true)) }
            if let consistency { members.append(.init("Consistency", .string(consistency))) }
            if !bind.isEmpty { members.append(.init("BindOptions", .object(bind))) }
            var volume = volume
            if !labels.isEmpty { volume.append(.init("Labels", .object(labels))) }
            if driver != nil || !driverOptions.isEmpty {
                let driver: JSONObject = driver.map { [.init("Name", .string($0))] } ?? []
                volume.append(.init("DriverConfig", .object(driver + [.init("Options", .object(driverOptions))])))
            }
            if !volume.isEmpty { members.append(.init("VolumeOptions", .object(volume))) }
            if !tmpfs.isEmpty { members.append(.init("TmpfsOptions", .object(tmpfs))) }
            return .object(members)
        }
    }

    /// A member from `name=value`; its value is empty when there is none.
    package static func pair(_ text: String) -> JSONObject.Member {
        let parts = text.split(byte: "=", maxSplits: 1, omittingEmptySubsequences: false)
        return .init(String(parts[0]), .string(parts.count == 2 ? String(parts[1]) : ""))
    }
}
