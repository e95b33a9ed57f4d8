/// A sliding mean, and fewer points.
public enum Smoothing {
    /// The mean of all points that lie at most half a window to either side, for each point or, where
    /// there are many, for each of some that are about equally many points apart.
    ///
    /// - Parameters:
    ///   - points: The points in any order; those that are not finite, or
    ///     enormous, are left out.
    ///   - window: How wide the window is, in the unit of `x`; up to 1 leaves values as they are.
    ///   - limit: Points at most, at least 2; the first and the last are always among them.
    /// - Returns: Points from left to right.
    public static func mean(
        of points: [LineChart.Point], window: Double, limit: Int = 1000
    ) -> [LineChart.Point] {
        precondition(limit >= 2, "at most \(limit) points")
        // A huge value would leave nothing of the others in a sum.
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

    /// How wide a window makes curves of so many points readable: the hundredth part of them.
    ///
    /// - Parameter curves: The points of the curves that are drawn together.
    /// - Returns: A whole number; 1 where there are few enough points to show each of them.
    public static func window(for curves: [[LineChart.Point]]) -> Int {
        let widest =
            curves.filter { $0.count > 400 }.map { points in
                let steps = points.lazy.map(\.x).filter(\.isFinite)
                return ((steps.max() ?? 0) - (steps.min() ?? 0)) / 100
            }.max() ?? 1
        return Int(min(max(widest.rounded(), 1), 1e15))
    }
}
