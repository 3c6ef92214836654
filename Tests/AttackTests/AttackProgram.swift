import TestSupport

/// An attack written in C (`Programs/NAME.c`), run inside a container.
struct AttackProgram {
    /// The host's directory with the program, for `-v DIRECTORY:/attack:ro`.
    let directory: String
    /// The program's path inside the container.
    let path: String

    /// Compiles the attack unless this test process has.
    init(_ name: String, file: StaticString = #filePath) throws {
        let here = "\(file)"
        let folder = here.split(separator: "/").dropLast().joined(separator: "/")
        directory = try CProgram.directory(holding: name, source: "/" + folder + "/Programs/" + name + ".c")
        path = "/attack/" + name
    }

    /// The options of `run` and `create` that bring it into a container without a network.
    var options: [String] { ["--network", "none", "-v", directory + ":/attack:ro"] }
}
