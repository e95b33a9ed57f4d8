import Testing

@testable import HRMFigures

@Suite struct ChartAxisTests {
    private static let spans: [(Double, Double)] = [
        (0, 1), (0.137, 0.83), (-5, 3), (1, 20_000), (0, 1e-5), (2.9e-7, 3.1e-7), (-1e6, 1e7),
        (5, 5), (0, 0), (-2, -2), (1e300, -1e300), (1e15, 1e15 + 3), (-.leastNonzeroMagnitude, 0),
        (.greatestFiniteMagnitude, 1), (123.4, 123.5),
    ]

    @Test(arguments: spans) func linearTicksAreNice(_ first: Double, _ second: Double) throws {
        for count in [1, 3, 5, 9] {
            let axis = ChartAxis(covering: [first, second], style: .init(tickCount: count))
            let values = axis.ticks.map(\.value)
            #expect((2...(2 * count + 4)).contains(values.count), "\(values)")
            #expect(zip(values, values.dropFirst()).allSatisfy { $0 < $1 })
            #expect(axis.range.lowerBound == values.first && axis.range.upperBound == values.last)
            #expect(Set(axis.ticks.map(\.label)).count == values.count, "\(axis.ticks)")
            for value in [first, second] {
                #expect((0...1).contains(axis.fraction(of: value)))
            }
            // One, two or five times a power of ten.
            let step = values[1] - values[0]
            var digit = step
            while digit >= 9.99 { digit /= 10 }
            while digit < 0.999 { digit *= 10 }
            #expect([1, 2, 5].contains { abs($0 - digit) < 1e-2 }, "\(step)")
        }
    }

    @Test func labelsTellValues() {
        func labels(_ low: Double, _ high: Double) -> [String] {
            ChartAxis(covering: [low, high], style: .init()).ticks.map(\.label)
        }
        #expect(labels(0, 1) == ["0", "0.2", "0.4", "0.6", "0.8", "1.0"])
        #expect(labels(0.3, 0.7) == ["0.3", "0.4", "0.5", "0.6", "0.7"])
        #expect(labels(0, 20_000) == ["0", "5,000", "10,000", "15,000", "20,000"])
        #expect(labels(0, 1e-5) == ["0", "2e-6", "4e-6", "6e-6", "8e-6", "1.0e-5"])
        #expect(labels(-1, 1).first == "-1.0")
        #expect(labels(0, 0) == ["0", "0.2", "0.4", "0.6", "0.8", "1.0"])
        #expect(ChartAxis(covering: [], style: .init()).ticks.count == 6)
    }

    @Test func stepsAreWhole() {
        func values(_ steps: [Double], _ count: Int) -> [Double] {
            ChartAxis(steps: steps, tickCount: count).ticks.map(\.value)
        }
        #expect(values([1, 2, 3], 5) == [1, 2, 3])
        #expect(values([1, 100], 5) == [0, 20, 40, 60, 80, 100])
        #expect(values([900, 1000], 5) == [900, 920, 940, 960, 980, 1000])
        #expect(values([7], 5) == [6, 7, 8])
        #expect(ChartAxis(steps: [1, 100], tickCount: 5).range == 0...100)
        #expect(ChartAxis(steps: [33, 111], tickCount: 5).range == 33...111)
    }

    @Test(arguments: [
        (1.5, 2.2), (0.02, 3), (1e-12, 1e9), (7, 7), (1e-300, 1e300), (.leastNonzeroMagnitude, 1),
        (1, .greatestFiniteMagnitude),
    ])
    func logarithmicTicksAreNice(_ low: Double, _ high: Double) {
        let axis = ChartAxis(covering: [low, high], style: .init(isLogarithmic: true))
        let values = axis.ticks.map(\.value)
        #expect((2...12).contains(values.count), "\(values)")
        #expect(
            values.allSatisfy { $0 > 0 } && zip(values, values.dropFirst()).allSatisfy { $0 < $1 })
        #expect(Set(axis.ticks.map(\.label)).count == values.count, "\(axis.ticks)")
        let fractions = values.map(axis.fraction)
        #expect(zip(fractions, fractions.dropFirst()).allSatisfy { $0 < $1 })
        #expect((0...1).contains(axis.fraction(of: low)))
        #expect(
            axis.range.lowerBound <= max(low, 1e-300) && axis.range.upperBound >= min(high, 1e300))
    }

    @Test func logarithmsAreEven() {
        let axis = ChartAxis(covering: [0.01, 100], style: .init(isLogarithmic: true))
        #expect(axis.ticks.map(\.label) == ["0.01", "0.1", "1", "10", "100"])
        #expect(abs(axis.fraction(of: 1) - 0.5) < 1e-12)
        #expect(abs(axis.fraction(of: 0.1) - 0.25) < 1e-12)
    }
}
