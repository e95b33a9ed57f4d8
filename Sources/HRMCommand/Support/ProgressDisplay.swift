import HRMFigures

/// Shows progress on standard error: a redrawn line on a terminal, occasional lines elsewhere.
struct ProgressDisplay {
    private let isLive = Console.showsProgressToPerson
    private let start = ContinuousClock.now
    private var last = ContinuousClock.now
    private var isDrawn = false

    /// The seconds since the display was created.
    var elapsed: Double { (ContinuousClock.now - start).seconds }

    /// Shows the progress, at a limited rate.
    ///
    /// - Parameters:
    ///   - isEnd: True for the last one, which is always shown.
    ///   - bar: Returns the bar for the elapsed seconds; called only if it is shown.
    mutating func show(isEnd: Bool = false, _ bar: (_ elapsed: Double) -> ProgressBar) {
        let now = ContinuousClock.now
        guard isEnd || now - last >= pause(at: now) else { return }
        last = now
        let bar = bar(elapsed)
        if isLive {
            Console.draw("\r\(bar.line(width: Console.width - 1))\u{1B}[K")
            isDrawn = true
        } else {
            Console.tell(bar.plainLine)
        }
    }

    /// Writes a separate line; further progress is shown below it.
    mutating func tell(_ text: String) {
        clear()
        Console.tell(text)
    }

    /// Removes the progress line from the terminal.
    mutating func clear() {
        if isDrawn { Console.draw("\r\u{1B}[K") }
        isDrawn = false
    }

    /// Returns the pause until the next line of a log: one second at first, then ever longer, so
    /// that a log of many hours stays short.
    private func pause(at now: ContinuousClock.Instant) -> Duration {
        isLive ? .milliseconds(100) : max(.seconds(1), (now - start) / 20)
    }
}

extension Duration {
    /// The duration in seconds.
    var seconds: Double { self / .seconds(1) }
}
