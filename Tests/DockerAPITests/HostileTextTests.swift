import JSONFormat
import Model
import Testing

@testable import DockerAPI

@Suite struct HostileTextTests {
    @Test(
        "A NUL in any text of a create request is refused by the field's name",
        arguments: [
            ("Image", #""a\u0000b""#), ("Hostname", #""a\u0000b""#), ("User", #""a\u0000b""#),
            ("WorkingDir", #""/a\u0000b""#), ("Cmd", #"["a","b\u0000"]"#), ("Cmd", #""\u0000""#),
            ("Entrypoint", #"["\u0000"]"#), ("Env", #"["A=\u0000"]"#), ("Labels", #"{"a":"\u0000"}"#),
            ("Labels", #"{"\u0000":"a"}"#), ("StopSignal", #""\u0000""#), ("Shell", #"["\u0000"]"#),
            ("ExposedPorts", #"{"80/tcp\u0000":{}}"#), ("Healthcheck.Test", #"["CMD","\u0000"]"#),
            ("HostConfig.Binds", #"["/a\u0000:/b"]"#), ("HostConfig.NetworkMode", #""none\u0000""#),
            ("HostConfig.Sysctls", #"{"net.core.somaxconn":"1\u0000"}"#), ("HostConfig.Sysctls", #"{"\u0000":"1"}"#),
            ("HostConfig.SecurityOpt", #"["seccomp=\u0000"]"#), ("HostConfig.CgroupParent", #""a\u0000""#),
            ("HostConfig.Tmpfs", #"{"/t\u0000":""}"#), ("HostConfig.ExtraHosts", #"["a:1\u0000"]"#),
            ("HostConfig.CapAdd", #"["NET\u0000"]"#), ("HostConfig.Runtime", #""run\u0000c""#),
            ("HostConfig.GroupAdd", #"["\u0000"]"#), ("HostConfig.MaskedPaths", #"["/a\u0000"]"#),
            ("HostConfig.DeviceCgroupRules", #"["c 1:1 r\u0000"]"#), ("HostConfig.LogConfig.Type", #""cri\u0000""#),
            ("HostConfig.PortBindings", #"{"80\u0000":[]}"#),
        ])
    func refused(field: String, value: String) throws {
        let parts = field.split(separator: ".")
        var text = value
        for part in parts.reversed() { text = "{\"\(part)\":\(text)}" }
        let body = try JSON(parsing: text)
        let error = #expect(throws: RequestError.self) {
            try ContainerCreateRequest(body).parse(on: .init(processors: 2))
        }
        let last = String(parts.last ?? "")
        #expect(
            error.map { "\($0)".contains("NUL character") && "\($0)".contains(last) } == true,
            "\(field): \(String(describing: error))")
    }

    @Test("Mounts and filters are taken apart by their bytes")
    func accents() throws {
        let bind = try MountRequest.parse(bind: "/a:/\u{301}:ro")
        #expect(bind.target.utf8.elementsEqual("/\u{301}".utf8) && bind.readOnly)
        let body = try JSON(parsing: #"{"Image":"i","HostConfig":{"Binds":["/a:/e\u0301","/a:/\u00e9"]}}"#)
        #expect(try ContainerCreateRequest(body).parse(on: .init(processors: 2)).mounts.count == 2)
        let labels: TextMap = ["l": "\u{301}x", "e\u{301}": "1"]
        #expect(Filters.carries(labels, "l=\u{301}x") && !Filters.carries(labels, "l=x"))
        #expect(Filters.carries(labels, "e\u{301}") && !Filters.carries(labels, "\u{e9}"))
    }

    @Test("Extreme times of a request are read or refused, never computed beyond their bounds")
    func times() throws {
        for text in ["9223372036.999999999", "-9223372036.999999999", "0001-01-01T00:00:00Z", "9999-01-01T00:00:00Z"] {
            #expect(try RequestTime.parse(text) != nil, "\(text)")
        }
        #expect(try RequestTime.parse("9223372037")?.nanoseconds == .max)
        #expect(try RequestTime.parse("-99999999999.5")?.nanoseconds == .min)
        for text in ["1e999", "99999999999999999999", "-"] {
            #expect(throws: RequestError.self) { try RequestTime.parse(text) }
        }
        for now in [Int64.min, 0, Int64.max] {
            for text in ["2562047h", "1ns", "9999999999h"] {
                _ = try? PruneTime.parse(text, now: WallTime(nanoseconds: now))
            }
        }
    }
}
