import TestSupport
import Testing

/// The Python SDK drives it unchanged.
@Suite("docker-py", .serialized)
struct SDKTests {
    private let supervisor: SupervisorUnderTest

    init() throws { supervisor = try SupervisorUnderTest() }

    /// What a program in Python prints that has the SDK's client as `c`.
    private func python(_ program: String, timeout: Double = 60) throws -> String {
        let head = """
            import docker, io, tarfile, threading, time
            c = docker.DockerClient(base_url='\(supervisor.host)')

            """
        let ran = try Command.run(["/usr/bin/python3", "-c", head + program], timeout: timeout)
        return try expect(ran).output
    }

    @Test("run gives the output, and its failure the code and what was said")
    func run() throws {
        let said = try python(
            """
            print(c.containers.run('busybox', 'echo hi', network_mode='none', remove=True))
            try:
                c.containers.run('busybox', ['sh', '-c', 'echo bad >&2; exit 3'], network_mode='none', remove=True)
            except docker.errors.ContainerError as error:
                print(error.exit_status, error.stderr)
            print(list(c.containers.run('busybox', ['sh', '-c', 'echo a; sleep 1; echo b'], network_mode='none', stream=True)))
            """)
        #expect(said == "b'hi\\n'\n3 b'bad\\n'\n[b'a\\n', b'b\\n']\n")
    }

    @Test("No output of an exec is lost, however busy the core of a client that reads past its buffer")
    func busyCore() throws {
        let said = try python(
            """
            import os, signal
            os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
            x = c.containers.run('busybox', 'sleep 600', network_mode='none', detach=True, name='busy')
            other = os.fork()
            while other == 0: pass
            try:
                print(sum(x.exec_run('echo hi').output != b'hi\\n' for _ in range(300)))
            finally:
                os.kill(other, signal.SIGKILL)
                os.waitpid(other, 0)
            x.remove(force=True)
            """, timeout: 600)
        #expect(said == "0\n")
    }

    @Test("The stream of an exec is framed as its start asks, whatever the process has")
    func framesOfExec() throws {
        let said = try python(
            """
            x = c.containers.run('busybox', 'sleep 600', network_mode='none', detach=True, name='frames')
            plain = c.api.exec_create(x.id, ['sh', '-c', 'echo out; echo err >&2'])
            print(sorted(c.api.exec_start(plain, tty=True).split()))
            terminal = c.api.exec_create(x.id, ['echo', 'out'], tty=True)
            print(c.api.exec_start(terminal, tty=False, demux=True))
            print([one['Name'] for one in c.networks.get('none').attrs['Containers'].values()])
            x.remove(force=True)
            """)
        #expect(said == "[b'err', b'out']\n(b'out\\r\\n', None)\n['frames']\n")
    }

    @Test("A container is attached to over a WebSocket")
    func webSocket() throws {
        let said = try python(
            """
            import socket
            x = c.containers.create('busybox', ['sh', '-c', 'read a; echo got $a; echo err >&2'], network_mode='none',
                stdin_open=True, name='web')
            s = socket.socket(socket.AF_UNIX)
            s.connect('\(supervisor.host)'.removeprefix('unix://'))
            s.sendall(b'GET /v1.47/containers/web/attach/ws?stream=1&stdin=1&stdout=1&stderr=1 HTTP/1.1\\r\\nHost: d\\r\\n'
                b'Connection: Upgrade\\r\\nUpgrade: websocket\\r\\nSec-WebSocket-Version: 13\\r\\n'
                b'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\\r\\n\\r\\n')
            f = s.makefile('rb')
            print(f.readline())
            while f.readline() != b'\\r\\n': pass
            x.start()
            s.sendall(bytes([0x82, 0x83, 0, 0, 0, 0]) + b'hi\\n')
            got = []
            while True:
                head = f.read(2)
                payload = f.read(head[1])
                if head[0] == 0x88: break
                got.append((head[0], payload))
            print(sorted(got), payload, f.read())
            x.remove(force=True)
            """)
        #expect(
            said == """
                b'HTTP/1.1 101 Switching Protocols\\r\\n'
                [(130, b'err\\n'), (130, b'got hi\\n')] b'\\x03\\xe8' b''

                """)
    }

    @Test("attach, logs, wait, exec, archives and events")
    func container() throws {
        let said = try python(
            """
            x = c.containers.create('busybox', ['sh', '-c', 'echo out; echo err >&2; exit 4'], network_mode='none')
            stream = x.attach(stream=True, logs=True)
            x.start()
            print(sorted(b''.join(stream).split()), x.wait()['StatusCode'])
            print(x.logs(stdout=True, stderr=False), x.logs(tail=1, stdout=False, stderr=True))
            y = c.containers.run('busybox', 'sleep 600', network_mode='none', detach=True, name='living')
            print(tuple(y.exec_run(['sh', '-c', 'echo $A; exit 7'], environment={'A': 'x'})))
            data = io.BytesIO()
            with tarfile.open(fileobj=data, mode='w') as tar:
                entry = tarfile.TarInfo('f')
                entry.size = 3
                tar.addfile(entry, io.BytesIO(b'abc'))
            print(y.put_archive('/tmp', data.getvalue()))
            parts, stat = y.get_archive('/tmp/f')
            print(tarfile.open(fileobj=io.BytesIO(b''.join(parts))).extractfile('f').read(), stat['size'])
            print(y.stats(stream=False)['pids_stats']['current'], y.top()['Titles'][1])
            seen, begun = [], time.time()
            def watch():
                for event in c.events(decode=True, since=int(begun) - 1, filters={'container': y.id}):
                    seen.append(event['Action'])
                    if event['Action'] == 'destroy': return
            watcher = threading.Thread(target=watch)
            watcher.start()
            y.stop(timeout=0)
            y.remove()
            watcher.join()
            print([action for action in seen if action in ('die', 'stop', 'destroy')])
            x.remove()
            """)
        #expect(
            said == """
                [b'err', b'out'] 4
                b'out\\n' b'err\\n'
                (7, b'x\\n')
                True
                b'abc' 3
                1 PID
                ['die', 'stop', 'destroy']

                """)
    }
}
