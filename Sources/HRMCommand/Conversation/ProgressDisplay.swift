import HRMFigures

/// Shows progress on standard error: a line that is drawn again and again on a terminal, a line now
/// and then elsewhere.
struct ProgressDisplay {
    private let isLive = Console.showsProgressToPerson
    private let start = ContinuousClock.now
    private var last = ContinuousClock.now
    private var isDrawn = false

    /// Seconds since the display was made.
    var elapsed: Double { (ContinuousClock.now - start).seconds }

    /// Shows how far the work is, unless something was shown just before.
    ///
    /// - Parameters:
    ///   - isEnd: Whether this is the last one, which is always shown.
    ///   - bar: Makes what to show from the seconds elapsed; called only when it is shown.
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

    /// Writes a line of its own; the next progress comes below it.
    mutating func tell(_ text: String) {
        clear()
        Console.tell(text)
    }

    /// Takes the progress line off the terminal.
    mutating func clear() {
        if isDrawn { Console.draw("\r\u{1B}[K") }
        isDrawn = false
    }

    /// A log gets a line a second at first, then ever fewer: a night's run fits on a few pages.
    private func pause(at now: ContinuousClock.Instant) -> Duration {
        isLive ? .milliseconds(100) : max(.seconds(1), (now - start) / 20)
    }
}

extension Duration {
    /// The span in seconds.
    var seconds: Double { self / .seconds(1) }
}
