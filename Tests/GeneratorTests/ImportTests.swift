import Generator
import Testing
import UnitFiles

@Suite("Files of others are understood")
struct ImportTests {
    private func imported(_ name: String, _ text: String) throws -> ImportedUnit {
        try ImportedUnit(name: name, contents: ByteString(text))
    }

    @Test func theUnitOfTheTalk() throws {
        let unit = try imported(
            "web.service",
            """
            [Unit]
            Requires=docker.service
            [Service]
            Restart=always
            ExecStart=/usr/bin/docker start -a redis_server
            ExecStop=/usr/bin/docker stop -t 2 redis_server
            """)
        #expect(unit.system == .systemd && unit.engine == .docker && unit.action == .start(name: "redis_server"))
        #expect(unit.policy == .always && unit.stopTimeout == 2)
    }

    @Test func whatPodmanGenerates() throws {
        let started = try imported(
            "container-web.service",
            """
            [Service]
            Restart=on-failure
            TimeoutStopSec=70
            ExecStart=/usr/bin/podman start web
            ExecStop=/usr/bin/podman stop -t 10 web
            Type=forking
            """)
        #expect(started.engine == .podman && started.action == .start(name: "web") && started.stopTimeout == 10)
        #expect(started.policy == .onFailure(maximumRetryCount: nil))
        let new = try imported(
            "container-web.service",
            """
            [Unit]
            StartLimitBurst=3
            [Service]
            Restart=on-failure
            ExecStartPre=/bin/rm -f %t/%n.ctr-id
            ExecStart=/usr/bin/podman run --cidfile=%t/%n.ctr-id --name web -d nginx "a b"
            ExecStop=/usr/bin/podman stop --ignore -t 10 --cidfile=%t/%n.ctr-id
            """)
        #expect(new.action == .run(["--cidfile=%t/%n.ctr-id", "--name", "web", "-d", "nginx", "a b"]))
        #expect(new.policy == .onFailure(maximumRetryCount: 3))
    }

    @Test(arguments: [
        "/bin/sh -c 'exec docker start -a web'", "/usr/bin/env X=1 docker --host unix:///x start --attach web",
        "-/usr/bin/docker container start -a web",
    ])
    func commandsInDisguise(command: String) throws {
        #expect(try imported("x.service", "[Service]\nExecStart=\(command)\n").action == .start(name: "web"))
    }

    @Test func jobsAndPrograms() throws {
        let job = try imported(
            "web.conf",
            """
            start on started docker
            respawn
            normal exit 0
            script
              # wait for docker
              while [ ! -e /var/run/docker.sock ]; do sleep 2; done
              /usr/bin/docker start -a web
            end script
            """)
        #expect(
            job.system == .upstart && job.action == .start(name: "web")
                && job.policy == .onFailure(maximumRetryCount: nil))
        let program = try imported(
            "web.conf", "[program:web]\ncommand=docker run --rm --name web nginx\nautorestart=true\n")
        #expect(program.system == .supervisord && program.policy == .always)
        #expect(program.action == .run(["--rm", "--name", "web", "nginx"]))
    }

    @Test func whatStartsNoContainerIsSaid() {
        #expect(throws: ImportedUnit.Failure.noContainer(.systemd)) {
            try imported("x.service", "[Service]\nExecStart=/bin/true\n")
        }
        #expect(throws: ImportedUnit.Failure.unknownFormat) { try imported("passwd", "root:x\n") }
        #expect(throws: ImportedUnit.Failure.self) { try imported("x.conf", "resspawn\n") }
    }
}
