import Foundation

/// An axis: its range, its ticks and their labels.
struct ChartAxis: Hashable {
    /// A labelled value.
    struct Tick: Hashable {
        var value: Double
        var label: String
    }

    /// The options of an axis.
    struct Style {
        var isLogarithmic = false
        /// True if ticks are integers.
        var isWhole = false
        /// True if the axis begins and ends at a tick rather than at the outermost values.
        var endsAtTicks = true
        /// The approximate number of ticks.
        var tickCount = 5
    }

    let range: ClosedRange<Double>
    let ticks: [Tick]
    let isLogarithmic: Bool

    /// Creates an axis for values.
    ///
    /// - Parameters:
    ///   - values: Finite values, positive ones for a logarithmic axis; may be empty.
    ///   - style: The options of the axis.
    init(covering values: [Double], style: Style) {
        isLogarithmic = style.isLogarithmic
        let (low, high) = (values.min() ?? (isLogarithmic ? 1 : 0), values.max() ?? 1)
        (range, ticks) =
            isLogarithmic
            ? Self.logarithmic(low, high) : Self.linear(low, high, style: style)
    }

    /// Creates a horizontal axis for integers, from the first to the last, or from 0 if the first
    /// is close to it.
    init(steps: [Double], tickCount: Int) {
        let first = steps.min() ?? 0
        let beginsAtZero = first > 0 && first < (steps.max() ?? 0) * 0.1
        self.init(
            covering: beginsAtZero ? steps + [0] : steps,
            style: Style(isWhole: true, endsAtTicks: false, tickCount: tickCount))
    }

    /// Returns the position of a value on the axis: 0 at its beginning, 1 at its end.
    func fraction(of value: Double) -> Double {
        let (low, high) = (scaled(range.lowerBound), scaled(range.upperBound))
        return min(max((scaled(value) - low) / (high - low), 0), 1)
    }

    private func scaled(_ value: Double) -> Double { isLogarithmic ? log10(value) : value }

    private static func linear(
        _ least: Double, _ most: Double, style: Style
    ) -> (ClosedRange<Double>, [Tick]) {
        // Stay far from the range limits of Double, so that no difference is infinite.
        var low = min(max(least, -1e300), 1e300)
        var high = min(max(most, -1e300), 1e300)
        // Values that differ by less than their labels' rounding are drawn as a flat line, and so
        // are values too small for a power of ten below them.
        let narrowest = max(max(low.magnitude, high.magnitude) * 1e-9, 1e-290)
        if high - low <= narrowest {
            // Adding one has no effect on steps as large as a file can contain.
            let room = style.isWhole ? max(1, low.magnitude * 1e-6) : low.magnitude * 0.1
            (low, high) = room > 0 ? (low - room, high + room) : (0, 1)
        }
        let exponent = niceExponent((high - low) / Double(style.tickCount))
        var step = niceStep((high - low) / Double(style.tickCount), exponent: exponent)
        if style.isWhole { step = max(1, step) }
        // The tolerance keeps a tick at 0.3 despite the rounding of 3 · 0.1.
        let slack = style.endsAtTicks ? 1e-9 : -1e-9
        let first = (low / step + slack).rounded(style.endsAtTicks ? .down : .up)
        let last = (high / step - slack).rounded(style.endsAtTicks ? .up : .down)
        let largest = max(first.magnitude, last.magnitude) * step
        let ticks = stride(from: first, through: last, by: 1).map { multiple in
            let value = multiple * step
            return Tick(value: value, label: label(value, step: step, largest: largest))
        }
        let range = style.endsAtTicks ? (first * step)...(last * step) : low...high
        return (range, ticks)
    }

    /// Returns the exponent of the power of ten below a distance.
    private static func niceExponent(_ distance: Double) -> Double {
        log10(distance).rounded(.down)
    }

    /// Returns one, two or five times a power of ten, at least the distance.
    private static func niceStep(_ distance: Double, exponent: Double) -> Double {
        let unit = pow(10, exponent)
        let factor = [1, 2, 5].first { $0 * unit >= distance * (1 - 1e-9) } ?? 10
        return factor * unit
    }

    private static func logarithmic(
        _ least: Double, _ most: Double
    ) -> (ClosedRange<Double>, [Tick]) {
        let low = min(max(least, 1e-300), 1e300)
        let high = min(max(most, 1e-300), 1e300)
        let (first, last) = (log10(low).rounded(.down), log10(high).rounded(.up))
        let decades = stride(from: first, through: max(last, first + 1), by: 1)
        let candidates = decades.flatMap { decade in [1, 2, 5].map { $0 * pow(10, decade) } }
        let start = candidates.last { $0 <= low * (1 + 1e-9) } ?? low
        let end = candidates.first { $0 >= high * (1 - 1e-9) && $0 > start * 1.5 } ?? high
        // A few decades have room for intermediate ticks; many have no room for a tick each.
        let span = log10(end) - log10(start)
        let every = max(1, (span / 6).rounded(.up))
        let values =
            span <= 2.5
            ? candidates
            : decades.filter { ($0 - first).truncatingRemainder(dividingBy: every) == 0 }
                .map { pow(10, $0) }
        let inside = (start * (1 - 1e-9))...(end * (1 + 1e-9))
        let ticks = values.filter { inside.contains($0) }.map { value in
            Tick(value: value, label: label(value, step: value, largest: value))
        }
        return (start...end, ticks)
    }

    /// Returns a tick's value with enough digits to distinguish it from its neighbours.
    private static func label(_ value: Double, step: Double, largest: Double) -> String {
        guard value != 0 else { return "0" }
        let decimals = max(0, -Int((log10(step) + 1e-9).rounded(.down)))
        guard decimals <= 4, largest < 1e7 else { return scientific(value, step: step) }
        return decimals == 0
            ? NumberText.grouped(Int(value.rounded())) : NumberText.fixed(value, digits: decimals)
    }

    private static func scientific(_ value: Double, step: Double) -> String {
        let exponent = (log10(value.magnitude) + 1e-9).rounded(.down)
        let digits = exponent - (log10(step) + 1e-9).rounded(.down)
        let mantissa = value / pow(10, exponent)
        return NumberText.fixed(mantissa, digits: Int(min(max(digits, 0), 9)))
            + "e\(Int(exponent))"
    }
}
