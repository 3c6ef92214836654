import Testing

@testable import Images

@Suite struct ImageChangeTests {
    @Test("SHA-256 gives the standard's answers")
    func digest() {
        let cases = [
            ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
            ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
            (String(repeating: "a", count: 1000), "41edece42d63e8d9bf515a9ba6932e1c20cbc9f5a5d134645adb5db1b9737ea3"),
        ]
        for (text, hex) in cases { #expect(ContentDigest(of: Array(text.utf8)).hex == hex) }
    }

    @Test("Names and values of an import are bytes")
    func accents() throws {
        var config = ImageConfig()
        for line in [
            "ENV A=\u{301}x", "ENV A=\u{301}y", "ENV e\u{301}=1", "ENV \u{e9}=2", "LABEL l=\u{301}", "USER u\r\n",
        ] {
            try ImageChange.apply(line, to: &config)
        }
        let expected = ["A=\u{301}y", "e\u{301}=1", "\u{e9}=2"]
        #expect(config.environment?.map { Array($0.utf8) } == expected.map { Array($0.utf8) })
        #expect(config.labels?["l"].map { Array($0.utf8) } == [0xCC, 0x81])
        #expect(config.user == "u")
    }

    @Test("Changes of an import are read as Dockerfile instructions")
    func changes() throws {
        var config = ImageConfig()
        for line in [
            "CMD [\"nginx\", \"-g\"]", "entrypoint run it", "ENV A=1 B=\"two words\"", "ENV C the rest", "ENV A=3",
            "EXPOSE 80 90-91/udp", "LABEL a=b", "WORKDIR /srv", "WORKDIR sub", "USER app:app", "VOLUME /data /more",
            "STOPSIGNAL SIGQUIT", "HEALTHCHECK --interval=1m30s --retries=2 CMD test -f /x", "ONBUILD RUN true",
        ] { try ImageChange.apply(line, to: &config) }
        #expect(config.command == ["nginx", "-g"])
        #expect(config.entrypoint == ["/bin/sh", "-c", "run it"])
        #expect(config.environment == ["B=two words", "C=the rest", "A=3"])
        #expect(config.exposedPorts?.keys.sorted() == ["80/tcp", "90/udp", "91/udp"])
        #expect(config.workingDirectory == "/srv/sub")
        #expect(config.volumes?.keys.sorted() == ["/data", "/more"])
        #expect(config.healthcheck?.interval == 90_000_000_000)
        #expect(config.healthcheck?.test == ["CMD-SHELL", "test -f /x"])
        for (line, message) in [
            ("RUN x", "RUN is not a valid change command"), ("foo", "foo is not a valid change command"),
            ("CMD", "CMD requires at least one argument"), ("EXPOSE x", "invalid containerPort: x"),
        ] {
            let error = #expect(throws: ImageError.self) { try ImageChange.apply(line, to: &config) }
            #expect(error?.message == message)
            #expect(error?.category == .invalid)
        }
    }
}
