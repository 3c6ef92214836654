/// The configuration file of an image whose digest is the image's identity: Docker's image JSON, a superset of the
/// OCI image configuration. Only read from; the bytes themselves are what is kept.
struct ImageDocument: Codable, Hashable, Sendable {
    var architecture: String?
    var variant: String?
    var os: String?
    var created: String?
    var author: String?
    var comment: String?
    var dockerVersion: String?
    var config: ImageConfig?
    var history: [HistoryRecord]?
    var rootfs: RootFilesystem

    struct RootFilesystem: Codable, Hashable, Sendable {
        var type: String?
        var diffIDs: [LayerID]?

        enum CodingKeys: String, CodingKey {
            case type
            case diffIDs = "diff_ids"
        }
    }

    struct HistoryRecord: Codable, Hashable, Sendable {
        var created: String?
        var createdBy: String?
        var author: String?
        var comment: String?
        var emptyLayer: Bool?

        enum CodingKeys: String, CodingKey {
            case created, author, comment
            case createdBy = "created_by"
            case emptyLayer = "empty_layer"
        }
    }

    enum CodingKeys: String, CodingKey {
        case architecture, variant, os, created, author, comment, config, history, rootfs
        case dockerVersion = "docker_version"
    }

    var layers: [LayerID] { rootfs.diffIDs ?? [] }
}
