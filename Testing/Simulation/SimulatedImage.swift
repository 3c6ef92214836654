import Images
import Linux
import Model

/// An image without layers: what is tried is who may remove it while it is used.
enum SimulatedImage {
    /// Names that clients use.
    static let names = ["ash", "beech"]

    private struct NoLayers: LayerSource {
        mutating func withLayer(
            at index: Int, _ body: (BorrowedDescriptor) throws(ImageError) -> Void
        ) throws(ImageError) {
            throw .archive(operation: "simulate", path: "", reason: "there is no layer \(index)")
        }
    }

    /// Makes the image of a name, or gives it its name again.
    static func install(_ name: String, in store: ImageStore) throws {
        let configuration =
            #"{"architecture":"amd64","os":"linux","config":{"Labels":{"name":"\#(name)"}},"rootfs":{"type":"layers","diff_ids":[]}}"#
        var source = NoLayers()
        _ = try store.install(
            configuration: Array(configuration.utf8), layers: &source,
            references: [try ImageReference(parsing: name).withDefaultTag])
    }

    /// The containers whose image is not there.
    static func missing(of list: [ContainerSnapshot], in store: ImageStore) -> [String] {
        list.filter { shown in ImageID(shown.spec.imageID).map { !store.has($0) } ?? false }.map(\.name.text)
    }
}
