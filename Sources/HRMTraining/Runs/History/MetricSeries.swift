/// One metric over the steps of a run.
///
/// Memory is bounded: when the maximum number of points is reached, neighbouring points are merged,
/// so that each represents twice as many values. ``largest`` and ``last`` remain exact.
public struct MetricSeries: Sendable, Hashable {
    /// A value at a step.
    public struct Point: Sendable, Hashable {
        /// The step; for merged values, the last one's.
        public var step: Int
        /// The value; for merged values, their mean.
        public var value: Double

        /// Creates a point.
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
    /// The points in file order.
    public private(set) var points: [Point] = []
    /// The number of values per point; the last point may have fewer.
    public private(set) var valuesPerPoint = 1
    /// The total number of values.
    public private(set) var valueCount = 0
    /// The number of non-finite values, which are not among the points.
    public private(set) var missingCount = 0
    /// The largest value; the first one in a tie.
    public private(set) var largest: Point?
    /// The last value.
    public private(set) var last: Point?

    private let pointLimit: Int
    /// The number of values in the last point.
    private var valuesInLastPoint = 0

    /// Creates a series without points.
    ///
    /// - Parameters:
    ///   - name: The metric's name.
    ///   - pointLimit: The maximum number of points, at least 2.
    init(name: String, pointLimit: Int) {
        precondition(pointLimit >= 2, "a series of at most \(pointLimit) points")
        self.name = name
        self.pointLimit = pointLimit
    }

    /// Appends a value.
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

    /// Merges pairs of neighbouring points, all of which are full.
    private mutating func mergeNeighbours() {
        let pairs = points.count / 2
        let isOdd = !points.count.isMultiple(of: 2)
        let rest = points.last
        for pair in 0..<pairs {
            let (first, second) = (points[2 * pair], points[2 * pair + 1])
            // Halved before adding: the sum of two huge values would not be finite.
            points[pair] = Point(step: second.step, value: first.value / 2 + second.value / 2)
        }
        points.removeSubrange(pairs...)
        valuesInLastPoint = valuesPerPoint * (isOdd ? 1 : 2)
        valuesPerPoint *= 2
        if isOdd, let rest { points.append(rest) }
    }
}
