/// One metric over the steps of a run.
///
/// Memory is bounded: when there are more values than points, each point stands for twice as many
/// neighbouring values as before. ``largest`` and ``last`` are exact all the same.
public struct MetricSeries: Sendable, Hashable {
    /// A value at a step.
    public struct Point: Sendable, Hashable {
        /// The step; of several values taken together, the last one's.
        public var step: Int
        /// The value; of several, their mean.
        public var value: Double

        /// A point.
        ///
        /// - Parameters:
        ///   - step: The step.
        ///   - value: The value.
        public init(step: Int, value: Double) {
            self.step = step
            self.value = value
        }
    }

    /// The metric's name.
    public let name: String
    /// The points in the order of the file.
    public private(set) var points: [Point] = []
    /// How many values a point stands for; the last point may have fewer.
    public private(set) var valuesPerPoint = 1
    /// How many values there were.
    public private(set) var valueCount = 0
    /// How many values were not finite, and are not among the points.
    public private(set) var missingCount = 0
    /// The largest value; the first of several that are equal.
    public private(set) var largest: Point?
    /// The last value.
    public private(set) var last: Point?

    private let pointLimit: Int
    /// How many values the last point stands for.
    private var valuesInLastPoint = 0

    /// A series without points.
    ///
    /// - Parameters:
    ///   - name: The metric's name.
    ///   - pointLimit: Points at most, at least 2.
    init(name: String, pointLimit: Int) {
        precondition(pointLimit >= 2, "a series of at most \(pointLimit) points")
        self.name = name
        self.pointLimit = pointLimit
    }

    /// Takes in the next value.
    mutating func append(_ value: Double, step: Int) {
        guard value.isFinite else {
            missingCount += 1
            return
        }
        let point = Point(step: step, value: value)
        valueCount += 1
        last = point
        if value > largest?.value ?? -.infinity { largest = point }

        if points.isEmpty || valuesInLastPoint == valuesPerPoint {
            if points.count == pointLimit { mergeNeighbours() }
        }
        if points.isEmpty || valuesInLastPoint == valuesPerPoint {
            points.append(point)
            valuesInLastPoint = 1
        } else {
            let index = points.count - 1
            valuesInLastPoint += 1
            points[index].step = step
            points[index].value += (value - points[index].value) / Double(valuesInLastPoint)
        }
    }

    /// Makes one point of two, all of which are full.
    private mutating func mergeNeighbours() {
        let pairs = points.count / 2
        let isOdd = !points.count.isMultiple(of: 2)
        let rest = points.last
        for pair in 0..<pairs {
            let (first, second) = (points[2 * pair], points[2 * pair + 1])
            // Halved before they are added: the sum of two huge values would not be finite.
            points[pair] = Point(step: second.step, value: first.value / 2 + second.value / 2)
        }
        points.removeSubrange(pairs...)
        valuesInLastPoint = valuesPerPoint * (isOdd ? 1 : 2)
        valuesPerPoint *= 2
        if isOdd, let rest { points.append(rest) }
    }
}
