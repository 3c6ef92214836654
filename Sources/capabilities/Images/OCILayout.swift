/// The OCI image layout's documents, as far as they are read and written here (image-spec 1.1).
struct OCIIndex: Codable {
    var schemaVersion = 2
    var mediaType: String? = "application/vnd.oci.image.index.v1+json"
    var manifests: [OCIDescriptor]
}

struct OCIDescriptor: Codable {
    var mediaType: String?
    var digest: ContentDigest
    var size: Int64
    var annotations: [String: String]?
    var platform: OCIPlatform?
}

struct OCIPlatform: Codable {
    var architecture: String?
    var os: String?

    var isThisMachine: Bool {
        (os ?? "linux") == "linux" && (architecture ?? Self.machine) == Self.machine
    }

    /// Go's name of this machine's architecture.
    static var machine: String {
        #if arch(arm64)
            "arm64"
        #elseif arch(x86_64)
            "amd64"
        #elseif arch(riscv64)
            "riscv64"
        #else
            "unknown"
        #endif
    }
}

struct OCIManifest: Codable {
    var schemaVersion = 2
    var mediaType: String? = "application/vnd.oci.image.manifest.v1+json"
    var config: OCIDescriptor
    var layers: [OCIDescriptor]
}
