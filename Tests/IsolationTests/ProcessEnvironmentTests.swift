import Testing

@testable import Isolation

@Suite("The environment of a process")
struct ProcessEnvironmentTests {
    @Test("Names are compared as bytes")
    func bytes() {
        let asked = ["A=\u{301}x", "A=\u{301}y", "e\u{301}=1", "\u{e9}=2", "PATH=\u{301}", "HOSTNAME"]
        let made = ProcessEnvironment.make(requested: asked, hostname: "h", terminal: false, home: "/root")
        let expected = ["PATH=\u{301}", "A=\u{301}y", "e\u{301}=1", "\u{e9}=2", "HOME=/root"]
        #expect(made.map { Array($0.utf8) } == expected.map { Array($0.utf8) })
    }
}
