import APIClient
import Glibc
import TestSupport

/// OCI runtimes that hang, lie and fail at a step.
struct RuntimeFaults: Torture {
    static let name = "runtime-faults"
    static let summary = "OCI runtimes that hang, lie, print megabytes, die, or leave half a container"

    /// Seconds in which every command has to be answered.
    private static let patience = 30.0

    /// A wrapper around runc: what it does when it is to run a container, and when it is to delete one.
    private struct Profile {
        let name: String
        var run = "exec runc \"$@\""
        var delete = "exec runc \"$@\""
        /// The whole program in the place of a script.
        var program: String?
    }

    private static let profiles: [Profile] = [
        .init(name: "hangs", run: "exec sleep 1000"),
        .init(name: "hangs-and-ignores-term", run: "trap '' TERM INT; while :; do sleep 1; done"),
        .init(name: "hangs-after-the-end", run: "runc \"$@\"; exec sleep 1000"),
        .init(name: "is-slow", run: "sleep 1; exec runc \"$@\""),
        .init(name: "says-it-worked", run: "exit 0"),
        .init(name: "fails", run: "echo no such luck >&2; exit 1"),
        .init(name: "exits-125", run: "exit 125"),
        .init(name: "is-killed", run: "kill -KILL $$"),
        .init(name: "crashes", run: "kill -SEGV $$"),
        .init(name: "stops-itself", run: "kill -STOP $$; exec runc \"$@\""),
        .init(name: "prints-megabytes", run: "head -c 8000000 /dev/zero | tr '\\0' x >&2; exec runc \"$@\""),
        .init(name: "prints-megabytes-and-fails", run: "head -c 8000000 /dev/zero | tr '\\0' x; exit 1"),
        .init(name: "prints-for-ever", run: "exec yes"),
        .init(name: "closes-its-output", run: "exec >&- 2>&-; exec sleep 2"),
        .init(name: "leaves-half-a-container", run: "runc $root create --bundle \"$bundle\" \"$id\"; exit 1"),
        .init(name: "creates-and-hangs", run: "runc $root create --bundle \"$bundle\" \"$id\"; exec sleep 1000"),
        .init(name: "leaves-a-child", run: "sleep 1000 & exit 3"),
        .init(name: "leaves-a-child-in-a-session", run: "setsid sleep 1000 & exit 3"),
        .init(name: "runs-it-twice", run: "runc \"$@\"; exec runc \"$@\""),
        .init(
            name: "writes-a-wrong-pid-file",
            run: "echo 1 >\"$bundle/init.pid\"; echo 1 >\"$bundle/pid\"; exec runc \"$@\""),
        .init(
            name: "spoils-its-state", run: "mkdir -p \"$state/$id\"; echo garbage >\"$state/$id/state.json\"; exit 1"),
        .init(name: "removes-its-bundle", run: "rm -rf \"$bundle\"; exec runc \"$@\""),
        .init(name: "cannot-delete", delete: "echo busy >&2; exit 1"),
        .init(
            name: "hangs-in-delete", run: "runc $root create --bundle \"$bundle\" \"$id\"; exit 1",
            delete: "exec sleep 1000"),
        .init(
            name: "prints-megabytes-in-delete", run: "runc $root create --bundle \"$bundle\" \"$id\"; exit 1",
            delete: "head -c 8000000 /dev/zero >&2; exec runc \"$@\""),
        .init(name: "is-no-program", program: "neither a script nor a program\n"),
        .init(name: "has-no-interpreter", program: "#!/no/such/interpreter\n"),
        .init(name: "is-not-there"),
    ]

    static func run(_ scale: Scale, _ report: Report) throws {
        let chosen = scale.of(
            profiles.filter { ["fails", "is-killed", "leaves-half-a-container", "leaves-a-child"].contains($0.name) },
            profiles)
        let supervisor = try SupervisorUnderTest()
        let client = try TortureClient(supervisor)
        let watch = try NeighbourWatch(supervisor)
        let (late, wrong) = (Transitions.Findings(), Transitions.Findings())
        for profile in chosen {
            let runtime = supervisor.directory.child("runtime-" + profile.name)
            if profile.name != "is-not-there" { try TestFiles.write(text(of: profile), to: runtime, mode: 0o755) }
            try client.create(profile.name, ["sh", "-c", "echo up; exec sleep 1000"], runtime: runtime)
            let said = ["start", "stop", "rm -f"].map { verb in
                let status = answer(verb, profile.name, supervisor)
                if status == nil { late.add("\(profile.name): \(verb) was not answered in \(Int(patience)) s") }
                let state = client.status(of: profile.name)
                if !["created", "running", "exited", "removing", "restarting", ""].contains(state) {
                    wrong.add("\(profile.name): after \(verb) it is \(state)")
                }
                return "\(verb) \(status.map { "\($0)" } ?? "-") \(state)"
            }
            report.figure(profile.name, said.joined(separator: ", "))
            compareLeftovers(profile.name, supervisor, wrong)
        }
        report.figure("ways to misbehave", chosen.count)
        report.none("answers that came late", late.all)
        report.none("wrong states and leftovers", wrong.all)
        try watch.finish(report)
        try client.run("last", ["sh", "-c", "exit 7"], runtime: "runc")
        report.require(try client.wait("last") == 7, "after all that a container of runc does not run")
    }

    private static func text(of profile: Profile) -> String {
        profile.program ?? """
            #!/bin/bash
            root="--root $2"; state=$2
            case "$3" in
            run) bundle=$5; id=$6; \(profile.run) ;;
            delete) \(profile.delete) ;;
            *) exec runc "$@" ;;
            esac

            """
    }

    private static func answer(_ verb: String, _ name: String, _ supervisor: SupervisorUnderTest) -> Int? {
        let status = Slot<Int>()
        let crowd = Crowd()
        let request =
            switch verb {
            case "start": Request(.post, "/containers/\(name)/start")
            case "stop": Request(.post, "/containers/\(name)/stop", query: [("t", "1")])
            default: Request(.delete, "/containers/\(name)", query: [("force", "1")])
            }
        try? crowd.start(1, verb) { [path = request.path, method = request.method, query = request.query] _ in
            status.set(try TortureClient(supervisor).status(Request(method, path, query: query)))
        }
        try? crowd.join(timeout: patience)
        return status.value
    }

    /// A container that was removed leaves no process, no control group and no file.
    private static func compareLeftovers(
        _ name: String, _ supervisor: SupervisorUnderTest, _ wrong: Transitions.Findings
    ) {
        let client = try? TortureClient(supervisor)
        guard client?.status(Request(.get, "/containers/\(name)/json")) == 404 else {
            return wrong.add("\(name): is there after rm -f")
        }
        let keeper = supervisor.keeperProcess
        // The engine, and the neighbour with what it runs.
        let isClean = eventually(timeout: 20) {
            ProcessFigures.children(of: keeper).count <= 2 && ProcessFigures(of: keeper).zombies == 0
        }
        if !isClean {
            let left = ProcessFigures.children(of: keeper).map { process in
                ((try? TestFiles.read("/proc/\(process)/cmdline")) ?? "").split(separator: "\0").prefix(3).joined(
                    separator: " ")
            }
            wrong.add("\(name): processes are left: \(left)")
        }
        let containers = (try? TestFiles.list(supervisor.directory.child("run/containers"))) ?? []
        if containers.count > 1 { wrong.add("\(name): directories are left: \(containers)") }
    }
}
