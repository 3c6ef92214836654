import Model
import Testing

@Suite struct ComposeLabelsTests {
    @Test func whatAServiceNeedsIsRead() {
        let read = ComposeLabels.dependencies(
            "db:service_healthy:false,init:service_completed_successfully:true,a,b:service_started:true,c:else:x,,:x")
        #expect(read.map(\.service) == ["db", "init", "a", "b", "c"])
        #expect(read.map(\.condition) == [.healthy, .completed, .started, .started, .started])
        #expect(read.map(\.restarts) == [false, true, false, true, false])
    }
}
