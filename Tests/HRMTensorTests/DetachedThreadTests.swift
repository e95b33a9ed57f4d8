import HRMTensor
import Testing
import _HRMTestSupport

@Suite struct DetachedThreadTests {
    @Test func itRunsItsWorkOnce() async throws {
        let values = try await within {
            let (numbers, continuation) = AsyncStream<Int>.makeStream()
            for number in 0..<20 {
                #expect(DetachedThread.start { continuation.yield(number) })
            }
            var seen: Set<Int> = []
            for await number in numbers {
                #expect(seen.insert(number).inserted)
                if seen.count == 20 { break }
            }
            return seen
        }
        #expect(values == Set(0..<20))
    }
}
