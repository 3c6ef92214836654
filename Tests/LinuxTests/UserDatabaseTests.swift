import Linux
import TestSupport
import Testing

@Suite struct UserDatabaseTests {
    let database = UserDatabase(
        passwd: """
            root:x:0:0:root:/root:/bin/sh
            broken line
            app:x:1000:1000:App:/home/app:/bin/sh
            42:x:77:77::/h:/bin/sh
            """,
        group: """
            root:x:0:
            audio:x:63:app,other
            app:x:1000:
            video:x:44:app
            """)

    @Test(arguments: [
        ("", UserIdentity(uid: 0, gid: 0, groups: [0], home: "/root")),
        ("0", UserIdentity(uid: 0, gid: 0, groups: [0], home: "/root")),
        ("app", UserIdentity(uid: 1000, gid: 1000, groups: [1000, 63, 44], home: "/home/app")),
        ("1000", UserIdentity(uid: 1000, gid: 1000, groups: [1000, 63, 44], home: "/home/app")),
        ("app:audio", UserIdentity(uid: 1000, gid: 63, groups: [63], home: "/home/app")),
        ("app:5", UserIdentity(uid: 1000, gid: 5, groups: [5], home: "/home/app")),
        ("2000", UserIdentity(uid: 2000, gid: 0, groups: [0], home: "/")),
        ("2000:audio", UserIdentity(uid: 2000, gid: 63, groups: [63], home: "/")),
        // Not the user 77 that has this name (CVE-2016-3697); no user has the number.
        ("42", UserIdentity(uid: 42, gid: 0, groups: [0], home: "/")),
    ])
    func usersAreResolvedAsDockerDoes(_ typed: String, _ expected: UserIdentity) throws {
        #expect(try database.identity(of: typed) == expected)
    }

    @Test(arguments: [
        ("foo", "unable to find user foo: no matching entries in passwd file"),
        ("0:foo", "unable to find group foo: no matching entries in group file"),
        ("99999999999", "uids and gids must be in range 0-2147483647"),
        ("-1", "uids and gids must be in range 0-2147483647"),
    ])
    func unknownOnesAreRefusedInDockersWords(_ typed: String, _ text: String) {
        let error = #expect(throws: UserLookupError.self) { try database.identity(of: typed) }
        #expect(error?.description == text)
    }

    @Test func additionalGroupsAreJoinedByNameAndNumber() throws {
        let identity = try database.identity(of: "2000", additionalGroups: ["video", "7", "44"])
        #expect(identity.groups == [0, 44, 7])
        let error = #expect(throws: UserLookupError.self) {
            try database.identity(of: "0", additionalGroups: ["none"])
        }
        #expect(error?.description == "Unable to find group none: no matching entries in group file")
    }

    @Test("Lines may end as Windows writes them, and names are their bytes")
    func bytes() throws {
        let database = UserDatabase(
            passwd: "a:x:1:1::/a:\r\n\r\nzo\u{EB}:x:2:2:::\r\nzoe\u{308}:x:3:3:::\n".utf8.map { $0 }
                + [0xFF] + Array(":x:4:4:::\n".utf8) + [0xFE] + Array(":x:5:5::/h\0:\n".utf8),
            group: Array("g:x:9:a\r\n".utf8))
        #expect(database.users.map(\.uid) == [1, 2, 3, 4, 5])
        #expect(try database.identity(of: "a") == UserIdentity(uid: 1, gid: 1, groups: [1, 9], home: "/a"))
        #expect(try database.identity(of: "zo\u{EB}").uid == 2)
        #expect(try database.identity(of: "zoe\u{308}").uid == 3)
        #expect(try database.identity(of: "5").home == "/")
        // Two names that are no text are not each other, nor the sign that people are shown for them.
        #expect(throws: UserLookupError.self) { try database.identity(of: "\u{FFFD}") }
    }

    @Test(
        "Numbers beyond the range are refused wherever they stand: to the kernel the largest means no change",
        arguments: ["a", "b", "c", "d", "1:big", "e"])
    func numbers(_ typed: String) {
        let database = UserDatabase(
            passwd: """
                a:x:4294967295:0:::
                b:x:1:2147483648:::
                c:x:99999999999999999999999:0:::
                d:x:-1:0:::
                e:x:5:5:::
                """, group: "big:x:4294967295:e")
        let error = #expect(throws: UserLookupError.self) { try database.identity(of: typed) }
        #expect(error == .outOfRange)
        #expect(throws: UserLookupError.outOfRange) {
            try database.identity(of: "0", additionalGroups: [typed == "e" ? "big" : "2147483648"])
        }
    }

    @Test func linksInTheImageNeverLeadToTheHostsDatabase() throws {
        let directory = try TemporaryDirectory()
        try TestFiles.makeDirectories(directory.child("root/etc"))
        try TestFiles.write("host:x:5:5:::\n", to: directory.child("passwd"))
        let link = try Command.run(["ln", "-s", directory.child("passwd"), directory.child("root/etc/passwd")])
        #expect(link.succeeded)
        #expect(try UserDatabase(root: directory.child("root")).users.isEmpty)
        // Inside the root the same absolute link is followed there.
        try TestFiles.makeDirectories(directory.child("root") + directory.path)
        try TestFiles.write("inner:x:6:6:::\n", to: directory.child("root") + directory.child("passwd"))
        #expect(try UserDatabase(root: directory.child("root")).users.map(\.name) == ["inner"])
    }
}
