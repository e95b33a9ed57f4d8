/// Formatting of numbers for people.
///
/// Every function is total: NaN becomes an en dash.
public enum NumberText {
    /// The placeholder for an unknown or non-finite number.
    public static let missing = "–"

    /// Formats a number with a fixed number of decimals, ties away from zero:
    /// `fixed(2.345, digits: 1)` is `2.3`.
    ///
    /// - Parameters:
    ///   - value: The number.
    ///   - digits: The number of decimals, 0 through 9.
    /// - Returns: The text.
    public static func fixed(_ value: Double, digits: Int) -> String {
        precondition((0...9).contains(digits), "\(digits) decimals, expected 0 through 9")
        guard value.isFinite else { return missing }
        var unit = 1
        for _ in 0..<digits { unit *= 10 }
        let scaled = (value.magnitude * Double(unit)).rounded()
        guard scaled < 0x1p53 else { return "\(value)" }
        let whole = Int(scaled)
        let sign = value < 0 && whole > 0 ? "-" : ""
        guard digits > 0 else { return "\(sign)\(whole)" }
        let decimals = String(whole % unit).leftPadded(to: digits, with: "0")
        return "\(sign)\(whole / unit).\(decimals)"
    }

    /// Formats a number as a mantissa and a power of ten: `scientific(12_345)` is `1.23e4`.
    ///
    /// - Parameters:
    ///   - value: The number.
    ///   - digits: The number of decimals of the mantissa, 0 through 9.
    /// - Returns: The text.
    public static func scientific(_ value: Double, digits: Int = 2) -> String {
        guard value.isFinite else { return missing }
        guard value != 0 else { return "0" }
        var (mantissa, exponent) = (value, 0)
        while mantissa.magnitude >= 10 { (mantissa, exponent) = (mantissa / 10, exponent + 1) }
        while mantissa.magnitude < 1 { (mantissa, exponent) = (mantissa * 10, exponent - 1) }
        // A mantissa that would round to ten becomes one of the next power.
        if fixed(mantissa.magnitude, digits: digits).hasPrefix("10") {
            (mantissa, exponent) = (mantissa / 10, exponent + 1)
        }
        return "\(fixed(mantissa, digits: digits))e\(exponent)"
    }

    /// Formats a number with about `digits` significant digits, no exponent and at most 6 decimals:
    /// `significant(0.012345)` is `0.01235`.
    ///
    /// - Parameters:
    ///   - value: The number.
    ///   - digits: The number of significant digits, at least 1.
    /// - Returns: The text.
    public static func significant(_ value: Double, digits: Int = 4) -> String {
        precondition(digits >= 1, "\(digits) significant digits, expected at least 1")
        guard value.isFinite else { return missing }
        var decimals = digits - 1
        var bound = 10.0
        while decimals > 0, value.magnitude >= bound {
            decimals -= 1
            bound *= 10
        }
        bound = 1
        while decimals < 6, value.magnitude < bound {
            decimals += 1
            bound /= 10
        }
        return fixed(value, digits: min(decimals, 6))
    }

    /// Formats a fraction in percent: `percent(0.4561)` is `45.6 %`.
    ///
    /// Only 1 is shown as 100 and only 0 as 0, so that one puzzle in ten thousand is not rounded
    /// away.
    ///
    /// - Parameters:
    ///   - fraction: The fraction, 0 through 1.
    ///   - digits: The number of decimals, 0 through 9.
    /// - Returns: The text.
    public static func percent(_ fraction: Double, digits: Int = 1) -> String {
        guard fraction.isFinite else { return missing }
        var step = 1.0
        for _ in 0..<digits { step /= 10 }
        var value = fraction * 100
        if fraction > 0, fraction < 1 { value = min(max(value, step), 100 - step) }
        return fixed(value, digits: digits) + " %"
    }

    /// Formats a time span in its two largest units: `9.5 s`, `45 s`, `2 min 05 s`, `1 h 02 min`,
    /// `3 d 04 h`.
    ///
    /// - Parameter seconds: The span in seconds; negative ones count as unknown.
    /// - Returns: The text.
    public static func duration(seconds: Double) -> String {
        guard seconds.isFinite, seconds >= 0 else { return missing }
        guard (seconds * 10).rounded() >= 100 else { return fixed(seconds, digits: 1) + " s" }
        guard seconds < 999 * 86400 else { return "more than 999 d" }
        func pair(_ large: Int, _ largeName: String, _ small: Int, _ smallName: String) -> String {
            "\(large) \(largeName) \(String(small).leftPadded(to: 2, with: "0")) \(smallName)"
        }
        let whole = Int(seconds.rounded())
        if whole < 60 { return "\(whole) s" }
        if whole < 3600 { return pair(whole / 60, "min", whole % 60, "s") }
        let minutes = Int((seconds / 60).rounded())
        if minutes < 1440 { return pair(minutes / 60, "h", minutes % 60, "min") }
        let hours = Int((seconds / 3600).rounded())
        return pair(hours / 24, "d", hours % 24, "h")
    }

    /// Formats an integer with grouped thousands: `grouped(27275266)` is `27,275,266`.
    ///
    /// - Parameter count: The number.
    /// - Returns: The text.
    public static func grouped(_ count: Int) -> String {
        let digits = Array(String(count.magnitude))
        var text = count < 0 ? "-" : ""
        for (index, digit) in digits.enumerated() {
            if index > 0, (digits.count - index).isMultiple(of: 3) { text.append(",") }
            text.append(digit)
        }
        return text
    }

    /// Formats a byte count with a decimal unit: `bytes(29_160_000)` is `29 MB`.
    ///
    /// - Parameter count: The number of bytes.
    /// - Returns: The text.
    public static func bytes(_ count: Int) -> String {
        switch count {
        case ..<10_000: "\(grouped(count)) B"
        case ..<10_000_000: "\(grouped(count / 1000)) kB"
        default: "\(grouped(count / 1_000_000)) MB"
        }
    }
}
