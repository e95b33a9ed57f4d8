/// Splits a line into dashes, for all picture formats.
struct DashedLine {
    /// The length of a dash, above 0.
    var on: Double
    /// The length of a gap, above 0.
    var off: Double

    /// Returns the dashes of a line, which begins with a dash.
    func pieces(of points: [LineChart.Point]) -> [[LineChart.Point]] {
        guard let first = points.first else { return [] }
        var pieces = [[first]]
        var isDash = true
        var left = on
        for (start, end) in zip(points, points.dropFirst()) {
            let (dx, dy) = (end.x - start.x, end.y - start.y)
            let length = (dx * dx + dy * dy).squareRoot()
            var done = 0.0
            while length - done > left {
                done += left
                let place = LineChart.Point(
                    x: start.x + dx * done / length, y: start.y + dy * done / length)
                if isDash { pieces[pieces.count - 1].append(place) } else { pieces.append([place]) }
                isDash.toggle()
                left = isDash ? on : off
            }
            left -= length - done
            if isDash { pieces[pieces.count - 1].append(end) }
        }
        return pieces.filter { $0.count > 1 }
    }
}
