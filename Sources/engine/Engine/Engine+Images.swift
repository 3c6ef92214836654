public import Images
internal import Model

extension Engine {
    /// Which containers use which image.
    public func imageUses() -> [ImageUse] {
        containers.all.compactMap { container in
            ImageID(container.spec.imageID).map { image in
                ImageUse(
                    image: image, container: container.id.text, isRunning: container.lifecycle.snapshot.running)
            }
        }
    }
}
