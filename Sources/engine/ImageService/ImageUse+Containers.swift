public import Images
public import Model

extension ImageUse {
    /// Uses of images by containers.
    public static func all(by containers: [ContainerSnapshot]) -> [ImageUse] {
        containers.compactMap { container in
            ImageID(container.spec.imageID).map { image in
                ImageUse(image: image, container: container.id.text, isRunning: container.state.running)
            }
        }
    }
}
