import Foundation
import Testing

@testable import HRMCommand

@Suite struct BoundedQueueTests {
    @Test func theMakerIsNoFurtherAheadThanTheCapacity() {
        let queue = BoundedQueue<Int>(capacity: 3)
        #expect(queue.next(waiting: false) == nil)
        Thread { for number in 0..<1000 { queue.append(number) } }.start()
        for number in 0..<1000 { #expect(queue.next(waiting: true) == number) }
        #expect(queue.next(waiting: false) == nil)
    }

    /// A semaphore must not be released while a thread may wait for it.
    @Test func aQueueMayEndWithElementsInIt() {
        let queue = BoundedQueue<Int>(capacity: 2)
        queue.append(1)
        queue.append(2)
        #expect(queue.next(waiting: false) == 1)
    }
}
