internal import Model

/// `Binds`, `Mounts` and `Tmpfs` of a request, with the errors of Docker's volume/mounts parser.
enum MountRequest {
    static let noVolumes = RequestError.notBuilt(
        "volumes are not built yet; use a bind mount (-v /host/path:/container/path) or --tmpfs")

    /// Every requested mount; two mounts at one place are refused.
    static func mounts(_ fields: RequestFields) throws(RequestError) -> [MountSpec] {
        var mounts: [MountSpec] = []
        for bind in try fields.strings("Binds") { mounts.append(try parse(bind: bind)) }
        for mount in try fields.objects("Mounts") { mounts.append(try parse(mount: mount)) }
        for (target, options) in try fields.stringMap("Tmpfs") {
            var mount = MountSpec()
            mount.source = .tmpfs
            mount.origin = .tmpfs
            mount.target = try absolute(target)
            mount.options = options
            mounts.append(mount)
        }
        var targets: Set<[UInt8]> = []
        for mount in mounts where !targets.insert(Array(mount.target.utf8)).inserted {
            throw .invalid("Duplicate mount point: \(mount.target)")
        }
        return mounts
    }

    // MARK: -v

    /// Parses `SOURCE:TARGET[:OPTIONS]`.
    static func parse(bind text: String) throws(RequestError) -> MountSpec {
        let parts = text.split(byte: ":", maxSplits: 3, omittingEmptySubsequences: false).map(String.init)
        let invalid = RequestError.invalid("invalid volume specification: '\(text)'")
        guard parts.count <= 3, let first = parts.first, !first.isEmpty else { throw invalid }
        if parts.count == 1 {
            try check(target: first, kind: .volume, in: text)
            throw noVolumes
        }
        if parts.count == 2, BindOptions(parts[1])?.isEmpty == false { throw invalid }
        guard !parts[1].isEmpty else { throw invalid }
        let source: MountSource = first.hasPrefix(bytes: "/") ? .bind(path: cleaned(first)) : .volume(name: first)
        try check(target: parts[1], kind: source.kind, in: text)
        var mount = MountSpec()
        mount.source = source
        mount.target = cleaned(parts[1])
        mount.createSource = true
        if parts.count == 3 {
            guard let options = BindOptions(parts[2]) else { throw .invalid("invalid mode: \(parts[2])") }
            mount.readOnly = options.readOnly
            mount.propagation = options.propagation
            mount.options = parts[2]
        }
        if case .volume(let name) = source {
            guard isVolumeName(name) else {
                throw .invalid(
                    "create \(name): \"\(name)\" includes invalid characters for a local volume name, only "
                        + "\"[a-zA-Z0-9][a-zA-Z0-9_.-]\" are allowed. If you intended to pass a host directory, "
                        + "use absolute path")
            }
            throw noVolumes
        }
        return mount
    }

    private static func check(target: String, kind: MountSource.Kind, in text: String) throws(RequestError) {
        let start = "invalid volume specification: '\(text)': invalid mount config for type \"\(kind.rawValue)\": "
        guard target.hasPrefix(bytes: "/") else {
            throw .invalid(start + "invalid mount path: '\(target)' mount path must be absolute")
        }
        if cleaned(target) == "/" { throw .invalid(start + "invalid specification: destination can't be '/'") }
    }

    private static func isVolumeName(_ name: String) -> Bool {
        ContainerName(name) != nil && !name.hasPrefix(bytes: "/")
    }

    // MARK: --mount

    /// Reads one element of `Mounts`.
    static func parse(mount fields: RequestFields) throws(RequestError) -> MountSpec {
        let type = try fields.string("Type")
        func refuse(_ words: String) -> RequestError {
            .invalid("invalid mount config for type \"\(type)\": \(words)")
        }
        var mount = MountSpec()
        mount.origin = .mounts
        let source = try fields.string("Source")
        let target = try fields.string("Target")
        guard !target.isEmpty else { throw refuse("field Target must not be empty") }
        if cleaned(target) == "/" { throw refuse("invalid specification: destination can't be '/'") }
        guard target.hasPrefix(bytes: "/") else {
            throw refuse("invalid mount path: '\(target)' mount path must be absolute")
        }
        mount.target = cleaned(target)
        mount.readOnly = try fields.flag("ReadOnly")
        let forbidden: [String]
        switch MountSource.Kind(rawValue: type) {
        case .bind:
            mount.source = .bind(path: cleaned(source))
            forbidden = ["VolumeOptions", "TmpfsOptions"]
        case .tmpfs:
            mount.source = .tmpfs
            forbidden = ["BindOptions", "VolumeOptions"]
        case .volume: throw noVolumes
        case nil: throw refuse("mount type unknown")
        }
        for field in forbidden where fields.value(field) != nil { throw refuse("field \(field) must not be specified") }
        if mount.source == .tmpfs {
            guard source.isEmpty else { throw refuse("field Source must not be specified") }
            try readTmpfs(fields, into: &mount)
        } else {
            guard !source.isEmpty else { throw refuse("field Source must not be empty") }
            guard source.hasPrefix(bytes: "/") else {
                throw refuse("invalid mount path: '\(source)' mount path must be absolute")
            }
            if let options = try fields.object("BindOptions") {
                mount.propagation = try options.string("Propagation")
                if !mount.propagation.isEmpty, !BindOptions.propagations.contains(mount.propagation) {
                    throw refuse("invalid propagation mode: \(mount.propagation)")
                }
                mount.nonRecursive = try options.flag("NonRecursive")
                mount.createSource = try options.flag("CreateMountpoint")
                mount.readOnlyAlone = try options.flag("ReadOnlyNonRecursive")
                mount.forcesReadOnly = try options.flag("ReadOnlyForceRecursive")
                for (field, isSet) in [
                    ("ReadOnlyNonRecursive", mount.readOnlyAlone), ("ReadOnlyForceRecursive", mount.forcesReadOnly),
                ] where isSet && !mount.readOnly {
                    throw .invalid("mount options conflict: !ReadOnly && BindOptions.\(field)")
                }
                if mount.readOnlyAlone, mount.forcesReadOnly {
                    throw .invalid("mount options conflict: ReadOnlyNonRecursive && BindOptions.ReadOnlyForceRecursive")
                }
            }
        }
        return mount
    }

    private static func readTmpfs(_ fields: RequestFields, into mount: inout MountSpec) throws(RequestError) {
        guard let options = try fields.object("TmpfsOptions") else { return }
        mount.tmpfsSize = max(0, try options.integer("SizeBytes"))
        mount.tmpfsMode = UInt32(clamping: try options.integer("Mode"))
        guard let elements = options.value("Options")?.array else { return }
        var words: [String] = []
        for element in elements {
            let option = element.elements.compactMap(\.string)
            guard (1...2).contains(option.count), option.count == element.elements.count else {
                throw .invalid("invalid mount config for type \"tmpfs\": invalid option array length")
            }
            guard option[0] == "exec" || option[0] == "noexec" else {
                throw .invalid("invalid mount config for type \"tmpfs\": invalid option: \(option[0])")
            }
            words.append(option.joined(separator: "="))
        }
        mount.options = words.joined(separator: ",")
    }

    private static func absolute(_ target: String) throws(RequestError) -> String {
        guard target.hasPrefix(bytes: "/") else {
            throw .invalid("invalid mount path: '\(target)' mount path must be absolute")
        }
        return cleaned(target)
    }

    private static func cleaned(_ path: String) -> String {
        path.hasPrefix(bytes: "/") ? ContainerPath.cleaned(path) : path
    }
}

/// The options after the second colon of `-v`.
struct BindOptions {
    static let propagations: Set<String> = ["private", "rprivate", "slave", "rslave", "shared", "rshared"]

    var readOnly = false
    var propagation = ""
    private(set) var isEmpty = true

    /// Reads the options; `nil` when a word is unknown or two words are of one kind.
    init?(_ text: String) {
        if text.isEmpty { return }
        isEmpty = false
        var seen: Set<String> = []
        for word in text.split(byte: ",", omittingEmptySubsequences: false).map(String.init) {
            let kind: String
            switch word {
            case "rw", "ro":
                kind = "access"
                readOnly = word == "ro"
            case "z", "Z": kind = "label"
            case "nocopy": kind = "copy"
            case "consistent", "cached", "delegated", "default": kind = "consistency"
            case _ where Self.propagations.contains(word):
                kind = "propagation"
                propagation = word
            default: return nil
            }
            guard seen.insert(kind).inserted else { return nil }
        }
    }
}
