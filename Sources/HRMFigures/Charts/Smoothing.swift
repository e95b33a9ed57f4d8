/// A sliding mean with downsampling.
package enum Smoothing {
    /// The default maximum number of points of a curve, about the number of pixels.
    package static let defaultLimit = 1000

    /// Returns the mean of all points within half a window to either side, for each point or, for
    /// long curves, for a sample of points at about equal intervals.
    ///
    /// - Parameters:
    ///   - points: The points in any order; non-finite and enormous ones are omitted.
    ///   - window: The width of the window in units of `x`; up to 1, values are unchanged.
    ///   - limit: The maximum number of points, at least 2; the first and the last are always
    ///     included.
    /// - Returns: Points from left to right.
    package static func mean(
        of points: [LineChart.Point], window: Double, limit: Int = defaultLimit
    ) -> [LineChart.Point] {
        precondition(limit >= 2, "at most \(limit) points")
        // A huge value would swamp the others in a sum.
        let finite = points.filter { $0.x.isFinite && $0.y.magnitude < 1e100 }
        let isSorted = zip(finite, finite.dropFirst()).allSatisfy { $0.x <= $1.x }
        let sorted = isSorted ? finite : finite.sorted { $0.x < $1.x }
        let smooth = window > 1 ? slidingMean(of: sorted, window: window) : sorted
        guard smooth.count > limit else { return smooth }
        return (0..<limit).map { smooth[$0 * (smooth.count - 1) / (limit - 1)] }
    }

    private static func slidingMean(
        of points: [LineChart.Point], window: Double
    ) -> [LineChart.Point] {
        var (start, end) = (0, 0)
        var sum = 0.0
        return points.map { point in
            while end < points.count, points[end].x <= point.x + window / 2 {
                sum += points[end].y
                end += 1
            }
            while start < end, points[start].x < point.x - window / 2 {
                sum -= points[start].y
                start += 1
            }
            return LineChart.Point(x: point.x, y: sum / Double(end - start))
        }
    }

    /// Returns the window width for curves that are drawn together.
    ///
    /// - Parameters:
    ///   - curves: The points of each curve.
    ///   - wanted: The requested width; nil for one hundredth of the curves' width, if they have
    ///     too many points to show each of them.
    /// - Returns: An integer, 1 for no smoothing; large enough to include all values between the
    ///   points that ``mean(of:window:limit:)`` keeps.
    package static func window(for curves: [[LineChart.Point]], wanted: Int? = nil) -> Int {
        let narrowest = widest(curves, withMoreThan: defaultLimit) / Double(defaultLimit - 1)
        let window = wanted.map(Double.init) ?? (widest(curves, withMoreThan: 400) / 100).rounded()
        return Int(min(max(window, narrowest.rounded(.up), 1), 1e15))
    }

    /// Returns the width of the widest curve with more than `count` points.
    private static func widest(_ curves: [[LineChart.Point]], withMoreThan count: Int) -> Double {
        curves.filter { $0.count > count }.map { points in
            let places = points.map(\.x).filter(\.isFinite)
            return (places.max() ?? 0) - (places.min() ?? 0)
        }.max() ?? 0
    }
}
