import Linux
import Testing

@Suite("A program's code")
struct ProgramCodeTests {
    @Test("What was let go of comes again")
    func comesAgain() {
        for _ in 0..<3 {
            CurrentProcess.letGoOfCode()
            #expect(CurrentProcess.programPath.hasPrefix("/"))
        }
    }
}
