import HRMTensor
import Synchronization
import Testing

@Suite struct TeamTests {
    /// Every item is in one share, whole steps are not split, and no two shares use the same
    /// scratch.
    @Test(arguments: [1, 2, 3, 5], [1, 6, 7])
    func sharesCoverEverythingOnce(members: Int, step: Int) {
        let team = Team(workers: Workers(count: members))
        for count in [1, 5, 6, 7, 12, 13, 41, 82] {
            let shares = Mutex<[(range: Range<Int>, scratch: ObjectIdentifier)]>([])
            team.share(count, inStepsOf: step) { range, scratch in
                shares.withLock { $0.append((range, ObjectIdentifier(scratch))) }
            }
            let found = shares.withLock { $0 }.sorted { $0.range.lowerBound < $1.range.lowerBound }
            let name = "\(count) in steps of \(step) by \(members)"
            #expect(found.flatMap { Array($0.range) } == Array(0..<count), "\(name)")
            #expect(
                found.dropLast().allSatisfy { $0.range.count.isMultiple(of: step) }, "\(name)")
            #expect(Set(found.map(\.scratch)).count == found.count, "\(name)")
        }
    }
}

@Suite struct StopwatchTests {
    @Test func timesAddUpForEachOperation() {
        let stopwatch = Stopwatch<String>()
        let pause = { () -> Int in
            let clock = ContinuousClock()
            let start = clock.now
            while clock.now - start < .milliseconds(2) {}
            return 7
        }
        #expect(stopwatch.time("one", pause) == 7)
        _ = stopwatch.time("one", pause)
        _ = stopwatch.time("two", pause)
        #expect(Set(stopwatch.times.keys) == ["one", "two"])
        #expect((stopwatch.times["one"] ?? .zero) >= .milliseconds(4))
        #expect((stopwatch.times["two"] ?? .zero) >= .milliseconds(2))
        stopwatch.reset()
        #expect(stopwatch.times.isEmpty)
    }
}

@Suite struct PeakThroughputTests {
    @Test(arguments: Precision.allCases)
    func thereIsAPeak(precision: Precision) {
        let speed = PeakThroughput.measure(
            precision, for: .milliseconds(5), workers: Workers(count: 2))
        #expect(speed.isFinite && speed > 0)
    }
}
