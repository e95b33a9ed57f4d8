import Dispatch
import Synchronization
import Testing

@testable import HRMTensor

@Suite struct ProcessorsTests {
    @Test(
        arguments: [
            ("max 100000", nil), ("-1 100000", nil), ("200000 100000", 2), ("150000 100000", 2),
            ("1000 100000", 1), ("100000 100000", 1), ("", nil), ("5", nil), ("1 0", nil),
            ("a b", nil),
            ("9223372036854775807 1", Int.max),
        ] as [(String, Int?)])
    func quotasAreRoundedUp(_ text: String, _ processors: Int?) {
        #expect(Processors.quota(unified: text) == processors)
    }

    @Test func thereIsOneAtLeast() {
        #expect(Processors.available >= 1)
        #expect(Workers.available.count == Processors.available)
    }

    @Test func threadsRun() throws {
        let sum = Mutex(0)
        let done = DispatchSemaphore(value: 0)
        for number in 1...5 {
            try SystemThread.start {
                sum.withLock { $0 += number }
                done.signal()
            }
        }
        for _ in 1...5 { done.wait() }
        #expect(sum.withLock { $0 } == 15)
        #expect(SystemThread.canHave(2) && SystemThread.canHave(1) && SystemThread.canHave(0))
    }
}
