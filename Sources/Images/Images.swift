/// The content-addressed images of one supervisor.
public final class ImageStore: Sendable {
    init() {}
}
