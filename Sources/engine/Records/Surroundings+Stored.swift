package import Model

// Surroundings of a container: mounts, networks and namespaces.

extension MountSpec: StoredSpecification {
    package static let fields: [StoredField<Self>] = [
        StoredField("kind", \.storedKind),
        StoredField("origin", \.origin),
        StoredField("source", \.storedSource),
        StoredField("target", \.target),
        StoredField("readOnly", \.readOnly),
        StoredField("propagation", \.propagation),
        StoredField("nonRecursive", \.nonRecursive),
        StoredField("createSource", \.createSource),
        StoredField("options", \.options),
        StoredField("tmpfsSize", \.tmpfsSize),
        StoredField("tmpfsMode", \.tmpfsMode),
        .added("readOnlyAlone", \.readOnlyAlone),
        .added("forcesReadOnly", \.forcesReadOnly),
    ]
}

extension MountSpec {
    /// The kind of the source, which is stored apart from its text.
    fileprivate var storedKind: MountSource.Kind {
        get { source.kind }
        set { source = MountSource(newValue, source.text) }
    }

    /// The path or name of the source. It is read after the kind, which comes first in `fields`.
    fileprivate var storedSource: String {
        get { source.text }
        set { source = MountSource(source.kind, newValue) }
    }
}

extension MountSource.Kind: StoredName {
    package var storedName: String {
        switch self {
        case .bind: "bind"
        case .tmpfs: "tmpfs"
        case .volume: "volume"
        }
    }
}

extension MountSpec.Origin: StoredName {
    package var storedName: String {
        switch self {
        case .binds: "binds"
        case .mounts: "mounts"
        case .tmpfs: "tmpfs"
        case .imageVolume: "imageVolume"
        }
    }
}

extension NetworkSpec: StoredSpecification {
    package static let fields: [StoredField<Self>] = [
        StoredField("mode", \.mode),
        StoredField("disabled", \.disabled),
        StoredField("macAddress", \.macAddress),
        StoredField("exposedPorts", \.exposedPorts),
        StoredField("portBindings", \.portBindings),
        StoredField("publishAll", \.publishAll),
        StoredField("dns", \.dns),
        StoredField("dnsOptions", \.dnsOptions),
        StoredField("dnsSearch", \.dnsSearch),
        StoredField("extraHosts", \.extraHosts),
        StoredField("links", \.links),
    ]
}

extension NetworkSpec.PortBinding: StoredSpecification {
    package static let fields: [StoredField<Self>] = [
        StoredField("hostIP", \.hostIP),
        StoredField("hostPort", \.hostPort),
    ]
}

extension NamespaceSpec: StoredSpecification {
    package static let fields: [StoredField<Self>] = [
        StoredField("ipc", \.ipc),
        StoredField("pid", \.pid),
        StoredField("uts", \.uts),
        StoredField("user", \.user),
        StoredField("cgroup", \.cgroup),
    ]
}

extension NetworkMode: Stored {
    package init(stored decoder: any Decoder) throws {
        self = try decoder.single { (text: String) in NetworkMode(text) }
    }

    package func store(in encoder: any Encoder) throws { try encoder.single(text) }
}

extension NamespaceMode: Stored {
    package init(stored decoder: any Decoder) throws {
        self = try decoder.single { (text: String) in NamespaceMode(text) }
    }

    package func store(in encoder: any Encoder) throws { try encoder.single(text) }
}

extension IPCMode: Stored {
    package init(stored decoder: any Decoder) throws { self = try decoder.single { (text: String) in IPCMode(text) } }

    package func store(in encoder: any Encoder) throws { try encoder.single(text) }
}
