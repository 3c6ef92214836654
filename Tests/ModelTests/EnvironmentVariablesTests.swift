import Model
import Testing

@Suite struct EnvironmentVariablesTests {
    @Test func theLastValueOfANameCountsAtTheFirstsPlace() {
        #expect(EnvironmentVariables.lastOfEach(["A=1", "B=1", "A=2", "C", "C", "A="]) == ["A=", "B=1", "C", "C"])
        #expect(EnvironmentVariables.lastOfEach([]) == [])
        #expect(EnvironmentVariables.lastOfEach(["=x", "=y"]) == ["=y"])
    }

    @Test func namesAreBytes() {
        // One letter to a reader, two names to a program.
        let two = ["e\u{301}=1", "\u{e9}=2", "A=\u{301}x"]
        #expect(EnvironmentVariables.lastOfEach(two).map { Array($0.utf8) } == two.map { Array($0.utf8) })
    }
}
