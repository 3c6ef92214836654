import GoTemplate
import JSONFormat
import Listings
import Testing

@Suite("Events and the engine's state read as docker's client shows them")
struct EngineTextTests {
    @Test("an event tells its instant to the nanosecond and its attributes in order")
    func event() throws {
        let event = try JSON(
            parsing:
                #"""
                {"Type":"container","Action":"die","Actor":{"ID":"abc","Attributes":{"name":"web","exitCode":"137"}},
                 "time":1795486782,"timeNano":1795486782000000042}
                """#)
        let text = EventText.text(event) { _ in .utc }
        #expect(text == "2026-11-24T02:19:42.000000042Z container die abc (exitCode=137, name=web)")
    }

    @Test("an event without attributes has no parentheses, and one without nanoseconds its seconds")
    func sparseEvent() throws {
        let event = try JSON(parsing: #"{"Type":"image","Action":"prune","Actor":{"ID":""},"time":1}"#)
        #expect(EventText.text(event) { _ in .utc } == "1970-01-01T00:00:01.000000000Z image prune ")
    }

    @Test("an event's fields have docker's names in templates")
    func eventTemplate() throws {
        let event = try JSON(
            parsing:
                #"{"status":"die","id":"abc","Type":"container","Action":"die","Actor":{"ID":"abc","Attributes":{"name":"web"}},"scope":"local","time":5,"timeNano":6}"#
        )
        let template = try Template(
            "{{.ID}} {{.Status}} {{.Scope}} {{.Time}} {{.TimeNano}} {{.Actor.Attributes.name}} {{.From}}|")
        #expect(try template.render(InspectValue.typed(event, under: "event")) == "abc die local 5 6 web |")
        let json = try Template("{{json .}}").render(InspectValue.typed(event, under: "event"))
        #expect(json.hasPrefix(#"{"status":"die","id":"abc","Type":"container""#))
    }

    @Test("what the engine leaves empty is left out, what counts is always there")
    func info() throws {
        let info = try JSON(
            parsing:
                #"""
                {"Containers":2,"ContainersRunning":1,"ContainersPaused":0,"ContainersStopped":1,"Images":3,"Driver":"overlay2",
                 "DriverStatus":[["Backing Filesystem","extfs"]],"Plugins":{"Volume":["local"],"Network":[],"Log":["cri","none"]},
                 "Swarm":{"LocalNodeState":"inactive"},"Runtimes":{"native":{}},"DefaultRuntime":"native","OSType":"linux",
                 "SecurityOptions":["name=seccomp,profile=default","apparmor"],"NCPU":2,"MemTotal":25276514304,"Debug":false}
                """#)
        let expected = """
             Containers: 2
              Running: 1
              Paused: 0
              Stopped: 1
             Images: 3
             Storage Driver: overlay2
              Backing Filesystem: extfs
             Plugins:
              Volume: local
              Network:\u{20}
              Log: cri none
             Swarm: inactive
             Runtimes: native
             Default Runtime: native
             Init Binary:\u{20}
             containerd version:\u{20}
             runc version:\u{20}
             init version:\u{20}
             Security Options:
              seccomp
               Profile: default
              apparmor
             OSType: linux
             CPUs: 2
             Total Memory: 23.54GiB
             Docker Root Dir:\u{20}
             Debug Mode: false
             Experimental: false
             Live Restore Enabled: false

            """
        #expect(InfoText(info).text == expected)
    }
}
