import DockerAPI
import JSONFormat
import Model
import Testing

@testable import APIServer
@testable import Images

/// A version of the API answers with the members that a real dockerd 28.5 gave in it.
@Suite("Answers of old versions")
struct VersionTests {
    private func members(_ json: JSON) -> [String] { json.members.map(\.name).sorted() }

    private func version(_ text: String) throws -> APIVersion { try #require(APIVersion(text)) }

    private func image() throws -> ImageDetails {
        var image = ImageDetails(id: try #require(ImageID("sha256:" + String(repeating: "a", count: 64))))
        image.layerPaths = ["/store/l/B", "/store/l/A"]
        image.layerDirectory = "/store/sha256/b"
        var check = ImageHealthcheck()
        check.test = ["CMD-SHELL", "true"]
        check.interval = 30_000_000_000
        image.config.healthcheck = check
        return image
    }

    private static let details = [
        "Architecture", "Author", "Comment", "Config", "ContainerConfig", "Created", "DockerVersion", "GraphDriver",
        "Id",
        "Metadata", "Os", "Parent", "RepoDigests", "RepoTags", "RootFS", "Size",
    ]

    @Test(
        "images have a second size up to 1.43",
        arguments: [("1.24", true), ("1.43", true), ("1.44", false), ("1.47", false)])
    func virtualSize(text: String, isOld: Bool) throws {
        let more = isOld ? ["VirtualSize"] : []
        #expect(try members(image().json(version(text))) == Self.details + more)
        let summary = ImageSummary(
            id: try image().id, references: [], created: WallTime(nanoseconds: 0), size: 5, labels: [:])
        let listed = [
            "Containers", "Created", "Id", "Labels", "ParentId", "RepoDigests", "RepoTags", "SharedSize", "Size",
        ]
        #expect(try members(summary.json(containers: -1, version: version(text))) == listed + more)
    }

    @Test("an image shows its health check, its directories, and a configuration of its container in every version")
    func imageRows() throws {
        for text in ["1.24", "1.44", "1.45", "1.47"] {
            let answer = try image().json(version(text))
            #expect(answer["Config"]?["Healthcheck"] == ["Test": ["CMD-SHELL", "true"], "Interval": 30_000_000_000])
            #expect(
                answer["GraphDriver"]?["Data"]
                    == [
                        "LowerDir": "/store/l/A", "UpperDir": "/store/l/B", "MergedDir": "/store/sha256/b/merged",
                        "WorkDir": "/store/sha256/b/work",
                    ])
            #expect(
                members(answer["ContainerConfig"] ?? nil) == [
                    "AttachStderr", "AttachStdin", "AttachStdout", "Cmd", "Domainname", "Entrypoint", "Env", "Hostname",
                    "Image", "Labels", "OnBuild", "OpenStdin", "StdinOnce", "Tty", "User", "Volumes", "WorkingDir",
                ])
        }
    }
}
