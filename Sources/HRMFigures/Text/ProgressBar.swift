/// A line with the progress and the metrics of a run.
///
/// ```
///  42 % ████████▍            step 420  12.3/s  loss 1.234  train exact 45.6 %  left 2 min 05 s
/// ```
package struct ProgressBar: Sendable, Hashable {
    /// A named number, such as a loss.
    package struct Reading: Sendable, Hashable {
        /// The name, as short as possible.
        package var name: String
        /// The value, shown with four significant digits.
        package var value: Double

        /// Creates a named number.
        ///
        /// - Parameters:
        ///   - name: The name, as short as possible.
        ///   - value: The value.
        package init(_ name: String, _ value: Double) {
            self.name = name
            self.value = value
        }
    }

    /// The completed share, 0 through 1; values outside are clamped.
    package var fraction: Double
    /// The current activity, if it is not the expected one.
    package var activity: String?
    /// The number of the last step.
    package var step: Int?
    /// Steps per second.
    package var rate: Double?
    /// Losses in order of importance.
    package var losses: [Reading]
    /// The share of correctly solved puzzles among the recent training puzzles that halted, 0
    /// through 1.
    package var exactAccuracy: Double?
    /// The next event of another kind, such as an evaluation, and when it is due.
    package var next: String?
    /// The remaining time in seconds.
    package var secondsLeft: Double?

    /// Creates a bar with the known readings; the others are omitted.
    ///
    /// - Parameters:
    ///   - fraction: The completed share, 0 through 1.
    ///   - activity: The current activity, if it is not the expected one.
    ///   - step: The number of the last step.
    ///   - rate: Steps per second.
    ///   - losses: Losses in order of importance.
    ///   - exactAccuracy: The share of correctly solved puzzles among the recent training puzzles
    ///     that halted, 0 through 1.
    ///   - next: The next event of another kind, such as an evaluation, and when it is due.
    ///   - secondsLeft: The remaining time in seconds.
    package init(
        fraction: Double, activity: String? = nil, step: Int? = nil, rate: Double? = nil,
        losses: [Reading] = [], exactAccuracy: Double? = nil, next: String? = nil,
        secondsLeft: Double? = nil
    ) {
        self.fraction = fraction
        self.activity = activity
        self.step = step
        self.rate = rate
        self.losses = losses
        self.exactAccuracy = exactAccuracy
        self.next = next
        self.secondsLeft = secondsLeft
    }

    /// Estimates the remaining time at constant speed; nil before any progress.
    ///
    /// - Parameters:
    ///   - elapsed: Seconds since the start.
    ///   - fraction: The completed share, 0 through 1.
    /// - Returns: The remaining time in seconds.
    package static func secondsLeft(elapsed: Double, fraction: Double) -> Double? {
        guard fraction > 0, elapsed >= 0 else { return nil }
        return elapsed * (1 - min(fraction, 1)) / fraction
    }

    /// Returns the line for a terminal: at most `width` columns, no line feed.
    ///
    /// If space is short, the bar shrinks first; then the readings are dropped, the last loss
    /// before the first, and the remaining time last.
    ///
    /// - Parameter width: The width of the terminal in columns.
    /// - Returns: The line.
    package func line(width: Int) -> String {
        let narrow = 10
        let wide = 40
        var shown = readings
        func used() -> Int { shown.reduce(percent.count) { $0 + 2 + $1.text.count } }
        while used() + 1 + narrow > width, let next = shown.map(\.rank).max() {
            shown.removeAll { $0.rank == next }
        }
        let room = min(wide, width - used() - 1)
        let head = room >= narrow ? "\(percent) \(bar(room))" : percent
        let line = ([head] + shown.map(\.text)).joined(separator: "  ")
        return String(line.prefix(max(0, width)))
    }

    /// The line for a log: percent and all readings, no bar, no line feed.
    package var plainLine: String {
        ([percent] + readings.map(\.text)).joined(separator: "  ")
    }

    private var clamped: Double {
        fraction.isNaN ? 0 : min(max(fraction, 0), 1)
    }

    /// The completed share in percent, rounded down, so that 100 % means complete.
    ///
    /// The small addition keeps 0.29 · 100 from becoming 28.
    private var percent: String {
        String(min(Int(clamped * 100 + 1e-9), 100)).leftPadded(to: 3) + " %"
    }

    /// The parts of the line, from left to right; the highest rank is dropped first when space is
    /// short.
    private var readings: [(text: String, rank: Int)] {
        var result: [(text: String, rank: Int)] = []
        if let activity { result.append((activity, 0)) }
        if let step { result.append(("step \(NumberText.grouped(step))", 2)) }
        if let rate { result.append((NumberText.significant(rate, digits: 3) + "/s", 3)) }
        for (index, loss) in losses.enumerated() {
            let text = "\(loss.name) \(NumberText.significant(loss.value))"
            result.append((text, index == 0 ? 1 : 3 + index))
        }
        if let exactAccuracy {
            result.append(("train exact " + NumberText.percent(exactAccuracy), 0))
        }
        if let next { result.append((next, 3 + losses.count)) }
        if let secondsLeft {
            result.append(("left " + NumberText.duration(seconds: secondsLeft), -1))
        }
        return result
    }

    /// Returns a bar with a resolution of one eighth of a column.
    private func bar(_ width: Int) -> String {
        let parts = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"]
        let eighths = Int(clamped * Double(width * 8))
        let filled = String(repeating: "█", count: eighths / 8) + parts[eighths % 8]
        return filled.rightPadded(to: width)
    }
}
