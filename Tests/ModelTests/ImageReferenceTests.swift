import Model
import Testing

@Suite struct ImageReferenceTests {
    @Test(
        "Names are normalised as the reference grammar says",
        arguments: [
            ("busybox", "docker.io/library/busybox", "busybox"),
            ("busybox:1", "docker.io/library/busybox:1", "busybox:1"),
            ("a/b", "docker.io/a/b", "a/b"), ("localhost/b", "localhost/b", "localhost/b"),
            ("h:5000/b:t", "h:5000/b:t", "h:5000/b:t"), ("index.docker.io/b", "docker.io/library/b", "b"),
            ("docker.io/library/b:x", "docker.io/library/b:x", "b:x"),
            ("a__b/c-d.e", "docker.io/a__b/c-d.e", "a__b/c-d.e"),
            ("[::1]:80/x", "[::1]:80/x", "[::1]:80/x"), ("Host/x", "Host/x", "Host/x"),
            ("sha256:123", "docker.io/library/sha256:123", "sha256:123"),
        ])
    func normalised(typed: String, full: String, familiar: String) throws {
        let reference = try ImageReference(parsing: typed)
        #expect(reference.description == full)
        #expect(reference.familiar == familiar)
    }

    @Test(
        "What is no reference is refused with the grammar's own text",
        arguments: [
            ("", "invalid reference format"), ("a b", "invalid reference format"),
            ("a:b:c", "invalid reference format"),
            (":x", "invalid reference format"), ("a//b", "invalid reference format"),
            ("a_-b", "invalid reference format"),
            ("-a", "invalid reference format"), ("a@sha256:00", "invalid reference format"),
            ("a...b", "invalid reference format"), ("a:", "invalid reference format"),
            ("../x", "invalid reference format"),
            ("Foo", "invalid reference format: repository name (library/Foo) must be lowercase"),
            ("x/Foo:t", "invalid reference format: repository name (x/Foo) must be lowercase"),
            (
                String(repeating: "a", count: 64),
                "invalid repository name (\(String(repeating: "a", count: 64))), cannot specify 64-byte hexadecimal strings"
            ),
            (String(repeating: "z", count: 300), "repository name must not be more than 255 characters"),
            ("a@sha256:\(String(repeating: "0", count: 40))", "invalid checksum digest length"),
            ("a@md5:\(String(repeating: "0", count: 40))", "unsupported digest algorithm"),
            ("a:\(String(repeating: "t", count: 129))", "invalid reference format"),
        ])
    func refused(typed: String, message: String) {
        let error = #expect(throws: ImageReference.Invalid.self) { try ImageReference(parsing: typed) }
        #expect(error?.message == message)
    }
}
