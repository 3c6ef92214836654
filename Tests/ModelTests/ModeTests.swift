import Model
import Testing

@Suite("Modes and names")
struct ModeTests {
    @Test(
        "of networks keep their text",
        arguments: [
            ("", .unset), ("default", .default), ("bridge", .bridge), ("none", .none), ("host", .host),
            ("container:web", .container("web")), ("container:", .container("")), ("backend", .named("backend")),
            ("Host", .named("Host")),
        ] as [(String, NetworkMode)])
    func networks(text: String, mode: NetworkMode) {
        #expect(NetworkMode(text) == mode && mode.text == text)
        #expect(mode.partner == (text.hasPrefix("container:") ? String(text.dropFirst(10)) : nil))
    }

    @Test(
        "of namespaces keep their text, and every other text is none",
        arguments: [
            ("", .unset), ("private", .own), ("host", .host), ("container:web", .container("web")), ("container:", nil),
            ("shareable", nil), ("Host", nil),
        ] as [(String, NamespaceMode?)])
    func namespaces(text: String, mode: NamespaceMode?) {
        #expect(NamespaceMode(text) == mode && (mode?.text ?? text) == text)
    }

    @Test(
        "of IPC keep their text, and every other text is none",
        arguments: [
            ("", .unset), ("private", .own), ("shareable", .shareable), ("none", IPCMode.none), ("host", .host),
            ("container:web", .container("web")), ("container:", nil), ("bridge", nil),
        ] as [(String, IPCMode?)])
    func ipc(text: String, mode: IPCMode?) {
        #expect(IPCMode(text) == mode && (mode?.text ?? text) == text)
    }

    @Test(
        "of runtimes keep their text",
        arguments: [
            ("", .unset), ("native", .native), ("host", .host), ("runc", .oci("runc")),
            ("/usr/bin/crun", .oci("/usr/bin/crun")),
        ] as [(String, RuntimeName)])
    func runtimes(text: String, name: RuntimeName) {
        #expect(RuntimeName(text) == name && name.text == text)
        #expect(name.or(.host) == (text.isEmpty ? .host : name))
    }
}
