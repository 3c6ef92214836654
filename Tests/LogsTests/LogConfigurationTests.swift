import Model
import Testing

@testable import Logs

@Suite("Log options")
struct LogConfigurationTests {
    private func spec(_ options: [String: String], driver: LogDriver = .jsonFile) -> LogSpec {
        var spec = LogSpec()
        spec.driver = driver
        spec.options = TextMap(options.map { (key: $0.key, value: $0.value) })
        return spec
    }

    @Test("mean what they mean to Docker")
    func understood() throws {
        let configuration = try LogConfiguration(spec(["max-size": "10m", "max-file": "3", "compress": "true"]))
        #expect(configuration == LogConfiguration(driver: .jsonFile, maximumSize: 10_000_000, maximumFiles: 3))
        #expect(try LogConfiguration(LogSpec()) == LogConfiguration(driver: .cri))
        #expect(try LogConfiguration(spec([:], driver: .discard)).driver == .discard)
    }

    @Test(
        "take sizes in thousands",
        arguments: [("1", 1), ("10k", 10000), ("1.5g", 1_500_000_000), ("2 MB", 2_000_000), ("3KiB", 3000)])
    func sizes(text: String, bytes: Int64) throws {
        #expect(try LogConfiguration(spec(["max-size": text])).maximumSize == bytes)
    }

    /// Each text was recorded from dockerd 20.10.24.
    @Test(
        "are refused in Docker's words",
        arguments: [
            (["max-size": "abc"], "invalid size: 'abc'"), (["max-size": "10x"], "invalid size: '10x'"),
            (["max-size": "-1"], "invalid size: '-1'"), (["max-size": ""], "invalid size: ''"),
            (["max-size": "1kk"], "invalid size: '1kk'"),
            (["max-size": "0"], "max-size must be a positive number"),
            (["max-file": "0"], "max-file cannot be less than 1"),
            (["max-file": "x"], "strconv.Atoi: parsing \"x\": invalid syntax"),
            (["foo": "1"], "unknown log opt 'foo' for json-file log driver"),
            (["compress": "q"], "strconv.ParseBool: parsing \"q\": invalid syntax"),
            (["compress": "true"], "compress cannot be true when max-file is less than 2 or max-size is not set"),
            (["mode": "zz"], "logger: logging mode not supported: zz"),
            (
                ["mode": "non-blocking", "max-buffer-size": "4q"],
                "error parsing option max-buffer-size: invalid size: '4q'"
            ),
            (["max-buffer-size": "4m"], "logger: max-buffer-size option is only supported with 'mode=non-blocking'"),
        ])
    func refused(options: [String: String], text: String) {
        let error = #expect(throws: LogOptionError.self) { try LogConfiguration(spec(options)) }
        #expect(error?.message == text)
    }

    /// As moby's ValidateLogOpts: it is Docker's client that refuses them.
    @Test("are not looked at for none")
    func optionsOfNone() throws {
        #expect(try LogConfiguration(spec(["a": "b", "mode": "zz"], driver: .discard)).driver == .discard)
    }
}
