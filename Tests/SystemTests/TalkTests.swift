import Glibc
import Model
import TestSupport
import Testing

/// The commands of the talk that this project answers, on a real nginx and on busybox, once with each client.
@Suite("The talk's examples", .serialized)
struct TalkTests {
    private let supervisor: SupervisorUnderTest

    init() throws { supervisor = try SupervisorUnderTest() }

    @Test("A real nginx: killed from inside, it answers again", arguments: Clients.all)
    func nginx(_ client: String) throws {
        try importNginx()
        let port = 20_000 + Int(getpid()) % 20_000 + (client == "docker" ? 1 : 0)
        let name = "nginx_\(client)"
        let run = { (arguments: [String]) in try supervisor.run(client, arguments) }
        try expect(
            run([
                "run", "-d", "--restart=always", "--name=\(name)", "--network", "host", "-e", "PORT=\(port)", "nginx",
            ]))
        #expect(try run(["inspect", "-f", "{{ .RestartCount }}", name]).output == "0\n")
        #expect(try eventually { try fetch(port) })
        try expect(run(["exec", name, "kill", "-QUIT", "1"]))
        #expect(try eventually { try run(["inspect", "-f", "{{ .RestartCount }}", name]).output == "1\n" })
        #expect(try eventually { try fetch(port) })

        let attached = try supervisor.start("sereno", ["start", "-a", name])
        usleep(500_000)
        attached.signal(SIGTERM)
        let ended = attached.wait(timeout: 20)
        #expect(ended.status.code == 0, "\(ended.error)")
        #expect(try supervisor.inspect(name, "{{.State.Status}}") == "exited")

        let again = try supervisor.start("sereno", ["start", "-a", name])
        #expect(try eventually { try fetch(port) })
        try expect(run(["stop", "-t", "2", name]))
        #expect(again.wait(timeout: 20).status.code == 0)
        #expect(try run(["ps", "-a", "-s", "--filter", "name=\(name)"]).output.contains("virtual"))
        try expect(run(["logs", name]))
        try expect(run(["inspect", name]))
    }

    @Test("A busybox loop: KILL after two seconds when it does not listen to TERM", arguments: Clients.all)
    func busybox(_ client: String) throws {
        let name = "loop_\(client)"
        try expect(
            supervisor.run(
                client,
                [
                    "run", "-d", "--restart=always", "--name=\(name)", "busybox", "sh", "-c",
                    "trap '' TERM; echo up; while :; do sleep 0.1; done",
                ]))
        #expect(try eventually { try supervisor.run(client, ["logs", name]).output == "up\n" })
        let before = MonotonicNow.seconds
        try expect(supervisor.run(client, ["stop", "-t", "2", name]))
        #expect(MonotonicNow.seconds - before >= 2)
        #expect(try supervisor.inspect(name, "{{.State.ExitCode}} {{.State.Status}}") == "137 exited")
    }

    /// nginx of Debian's packages with the libraries it needs, in the foreground on the port that PORT names.
    private func importNginx() throws {
        guard try supervisor.sereno("images", "-q", "nginx").output.isEmpty else { return }
        let root = supervisor.directory.child("nginx")
        try BusyboxRootfs.make(at: root)
        let script = """
            set -e
            mkdir -p $0/usr/sbin $0/var/log/nginx $0/var/lib/nginx $0/run $0/www
            cp /usr/sbin/nginx $0/usr/sbin/
            for library in $(ldd /usr/sbin/nginx | grep -o '/[^ ]*'); do
                mkdir -p $0$(dirname $library); cp -L $library $0$library
            done
            echo hello > $0/www/index.html
            printf '%s\\n' '#!/bin/sh' 'printf "daemon off; worker_processes 1; error_log stderr; pid /run/nginx.pid;
            events {} http { access_log off; server { listen 127.0.0.1:$PORT; root /www; } }" > /tmp/nginx.conf' \
                'exec nginx -c /tmp/nginx.conf' > $0/start
            chmod +x $0/start
            echo 'www-data:x:33:33::/www:/bin/false' >> $0/etc/passwd; echo 'nogroup:x:65534:' >> $0/etc/group
            echo 'nobody:x:65534:65534::/:/bin/false' >> $0/etc/passwd
            tar -C $0 -cf $0.tar .
            """
        try expect(Command.run(["/bin/sh", "-c", script, root]))
        try expect(supervisor.sereno("import", "--change", "CMD [\"/start\"]", root + ".tar", "nginx:latest"))
    }

    /// Whether the page is served.
    private func fetch(_ port: Int) throws -> Bool {
        let page = try Command.run(
            [BusyboxRootfs.busybox, "wget", "-q", "-O", "-", "http://127.0.0.1:\(port)/"], timeout: 5)
        return page.output == "hello\n"
    }
}

/// The clock that tests measure with.
enum MonotonicNow {
    /// Seconds.
    static var seconds: Double {
        var now = timespec()
        clock_gettime(CLOCK_MONOTONIC, &now)
        return Double(now.tv_sec) + Double(now.tv_nsec) / 1e9
    }
}
