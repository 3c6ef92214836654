import Fuzzing
import Glibc

/// The target that the environment names; libFuzzer's own main calls the entry below.
private let target: FuzzTarget? = {
    let wanted = getenv("SERENO_FUZZ_TARGET").map { String(cString: $0) }
    return FuzzTarget.all.first { $0.name == wanted }
}()

/// What libFuzzer calls with each input. A property that does not hold ends the process, which libFuzzer takes for a crash.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzOneInput(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    guard let target else {
        print("SERENO_FUZZ_TARGET names none of: \(FuzzTarget.all.map(\.name).joined(separator: " "))")
        exit(2)
    }
    let input = Array(UnsafeBufferPointer(start: bytes, count: count))
    do {
        try target.run(input)
    } catch {
        print("BROKEN \(target.name): \(error)")
        fflush(nil)
        abort()
    }
    return 0
}
