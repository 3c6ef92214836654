import Testing

@testable import LaunchPlan

private let run = Operation.execute(arguments: ["true"], environment: [])

private func little(_ bytes: ArraySlice<UInt8>) -> UInt64 {
    bytes.reversed().reduce(0) { $0 << 8 | UInt64($1) }
}

@Test func theHeaderCarriesNamespacesDescriptorsAndTheLength() throws {
    let plan = Plan(
        namespaces: 0x2002_0000, cgroupDescriptor: 2, enterDescriptor: nil, enterFlags: 0x1122, operations: [run])
    let bytes = try plan.encoded()
    #expect(bytes[0..<4] == [0x53, 0x52, 0x4E, 0x50])
    #expect(little(bytes[8..<16]) == 0x2002_0000)
    #expect(little(bytes[16..<24]) == 0x1122)
    #expect(little(bytes[24..<28]) == 2)
    #expect(little(bytes[28..<32]) == 0xFFFF_FFFF)
    #expect(little(bytes[32..<36]) == 1)
    #expect(little(bytes[36..<40]) == UInt64(bytes.count))
}

@Test func textsKeepTheirBytesAndEndInZero() throws {
    let bytes = try Plan(operations: [.setHostname("día"), run]).encoded()
    #expect(Array(bytes[40..<48]) == [5, 0, 0, 0, 9, 0, 0, 0])
    #expect(Array(bytes[48..<57]) == [4, 0, 0, 0] + Array("día".utf8) + [0])
}

@Test func negativeNumbersAreTwosComplement() throws {
    let bytes = try Plan(operations: [.oomScoreAdjust(-500), run]).encoded()
    #expect(Int64(bitPattern: little(bytes[48..<56])) == -500)
}

@Test func everyOperationHasItsOwnNumber() throws {
    let operations: [Operation] = [
        .enterNamespace(descriptor: 0), .unshare(flags: 0), .writeFile(path: "", data: "", optional: false),
        .loopbackUp, .setHostname(""), .setDomainname(""), .propagation(path: "", flags: 0),
        .mount(source: "", target: "", type: "", flags: 0, data: ""),
        .mountInRoot(root: "", source: "", target: "", type: "", flags: 0, data: ""),
        .bindInRoot(root: "", source: "", target: "", recursive: false, attributes: 0, propagation: 0),
        .makeDirectoryInRoot(root: "", path: "", mode: 0), .symlinkInRoot(root: "", target: "", path: ""),
        .deviceInRoot(root: "", path: "", mode: 0, major: 0, minor: 0, uid: 0, gid: 0), .pivotRoot(root: ""),
        .remount(path: "", flags: 0), .setLimit(resource: 0, soft: 0, hard: 0),
        .oomScoreAdjust(0), .newSession, .controllingTerminal, .umask(0), .noNewPrivileges,
        .identity(uid: 0, gid: 0, groups: []),
        .capabilities(bounding: 0, effective: 0, permitted: 0, inheritable: 0, ambient: 0),
        .seccomp(program: [0, 0, 0, 0, 0, 0, 0, 0]), .changeDirectory(path: "", create: false), .parentDeathSignal(0),
        .attachTree(descriptor: 0, target: ""), .birth, .sysctl(root: "", path: "", value: ""),
        .maskInRoot(root: "", path: "", empty: ""), .readonlyInRoot(root: "", path: ""),
        .consoleInRoot(root: "", path: ""), .ownNullDevice, .sessionKeyring(name: ""),
        .appArmorProfile(""), run,
    ]
    var bytes = try Plan(operations: operations).encoded()[40...]
    // The last in a plan is not the last that was thought of, and two numbers are not used any more.
    for number in Array(1...15) + Array(18...28) + Array(30...38) + [29] {
        #expect(little(bytes.prefix(2)) == UInt64(number))
        let length = Int(little(bytes.dropFirst(4).prefix(4)))
        bytes = bytes.dropFirst(8 + length)
    }
    #expect(bytes.isEmpty)
}

@Test func plansThatNoChildCouldCarryOutAreNotEncoded() {
    #expect(throws: PlanEncodingError.executeNotLast(operation: 0)) { try Plan(operations: []).encoded() }
    #expect(throws: PlanEncodingError.executeNotLast(operation: 0)) { try Plan(operations: [.newSession]).encoded() }
    #expect(throws: PlanEncodingError.executeNotLast(operation: 0)) { try Plan(operations: [run, run]).encoded() }
    #expect(throws: PlanEncodingError.noArguments(operation: 0)) {
        try Plan(operations: [.execute(arguments: [], environment: [])]).encoded()
    }
    #expect(throws: PlanEncodingError.zeroByte(operation: 1)) {
        try Plan(operations: [.newSession, .setHostname("a\0b"), run]).encoded()
    }
    #expect(throws: PlanEncodingError.self) {
        let large = String(repeating: "x", count: Plan.encodedLimit)
        _ = try Plan(operations: [.execute(arguments: [large], environment: [])]).encoded()
    }
}
