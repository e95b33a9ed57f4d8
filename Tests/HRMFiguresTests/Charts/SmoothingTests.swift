import Testing

@testable import HRMFigures

@Suite struct SmoothingTests {
    private func points(_ values: [Double]) -> [LineChart.Point] {
        values.enumerated().map { .init(x: Double($0 + 1), y: $1) }
    }

    @Test func meansAreThoseOfTheWindow() {
        var noise = DeflateTests.Noise(state: 4)
        let given = points((0..<60).map { _ in Double.random(in: -1...1, using: &noise) })
        for window in [2.0, 3, 10, 200] {
            let smooth = Smoothing.mean(of: given, window: window)
            #expect(smooth.map(\.x) == given.map(\.x))
            for point in smooth {
                let near = given.filter { abs($0.x - point.x) <= window / 2 }
                let mean = near.reduce(0) { $0 + $1.y } / Double(near.count)
                #expect(abs(point.y - mean) < 1e-12)
            }
        }
    }

    @Test func valuesStayAsTheyAre() {
        let given = points([3, -1, 2])
        #expect(Smoothing.mean(of: given, window: 1) == given)
        #expect(Smoothing.mean(of: given.reversed(), window: 1) == given)
        #expect(Smoothing.mean(of: points([5, 5, 5]), window: 2).map(\.y) == [5, 5, 5])
        #expect(Smoothing.mean(of: [], window: 9).isEmpty)
        let bad = [
            LineChart.Point(x: .nan, y: 1), .init(x: 1, y: .infinity), .init(x: 2, y: 1e200),
        ]
        #expect(Smoothing.mean(of: bad + given, window: 1) == given)
    }

    @Test func fewPointsAreLeft() {
        let given = points((0..<5000).map(Double.init))
        for limit in [2, 3, 999, 1000] {
            let fewer = Smoothing.mean(of: given, window: 1, limit: limit)
            #expect(fewer.count == limit)
            #expect(fewer.first == given.first && fewer.last == given.last)
            #expect(zip(fewer, fewer.dropFirst()).allSatisfy { $0.x < $1.x })
        }
    }

    @Test func windowsFitTheCurves() {
        #expect(Smoothing.window(for: []) == 1)
        #expect(Smoothing.window(for: [points([Double](repeating: 0, count: 400))]) == 1)
        #expect(Smoothing.window(for: [points([Double](repeating: 0, count: 20_001)), []]) == 200)
        let long = [points([Double](repeating: 0, count: 20_001))]
        #expect(Smoothing.window(for: long, wanted: 1000) == 1000)
        #expect(Smoothing.window(for: long, wanted: 1) == 21)
        #expect(Smoothing.window(for: [points([1, 2, 3])], wanted: 2) == 2)
        let far = (0..<500).map { LineChart.Point(x: Double($0) * 1e300, y: 0) }
        #expect(Smoothing.window(for: [far]) == 1_000_000_000_000_000)
    }
}
