public import Images
internal import Model

extension Engine {
    /// Uses of images by containers.
    public func imageUses() -> [ImageUse] {
        containers.all.compactMap { container in
            ImageID(container.spec.imageID).map { image in
                ImageUse(
                    image: image, container: container.id.text, isRunning: container.lifecycle.snapshot.running)
            }
        }
    }
}
