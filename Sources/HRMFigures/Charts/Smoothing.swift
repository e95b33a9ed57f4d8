/// A sliding mean, and fewer points.
public enum Smoothing {
    /// As many points of a curve as there are pixels to show them.
    public static let defaultLimit = 1000

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
        of points: [LineChart.Point], window: Double, limit: Int = defaultLimit
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

    /// The window width for curves that are drawn together.
    ///
    /// - Parameters:
    ///   - curves: The points of each.
    ///   - wanted: What was asked for; the hundredth part of the curves, where they have too many
    ///     points to show each of them, if nothing was.
    /// - Returns: A whole number, 1 for values as they are; never so small that values between the
    ///   points which ``mean(of:window:limit:)`` leaves would not be seen.
    public static func window(for curves: [[LineChart.Point]], wanted: Int? = nil) -> Int {
        let narrowest = widest(curves, withMoreThan: defaultLimit) / Double(defaultLimit - 1)
        let window = wanted.map(Double.init) ?? (widest(curves, withMoreThan: 400) / 100).rounded()
        return Int(min(max(window, narrowest.rounded(.up), 1), 1e15))
    }

    /// The width of the widest curve with at least so many points.
    private static func widest(_ curves: [[LineChart.Point]], withMoreThan count: Int) -> Double {
        curves.filter { $0.count > count }.map { points in
            let places = points.map(\.x).filter(\.isFinite)
            return (places.max() ?? 0) - (places.min() ?? 0)
        }.max() ?? 0
    }
}
