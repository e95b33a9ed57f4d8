/// The typed value of one setting.
package enum ConfigurationScalar: Equatable {
    case null
    case flag(Bool)
    case integer(Int)
    case unsigned(UInt64)
    case number(Double)
    case text(String)
    case texts([String])

    /// The value in YAML and command-line syntax, without quotes.
    package var text: String {
        switch self {
        case .null: "null"
        case .flag(let value): "\(value)"
        case .integer(let value): "\(value)"
        case .unsigned(let value): "\(value)"
        case .number(let value): Self.number(value)
        case .text(let value): value
        case .texts(let values): values.joined(separator: ",")
        }
    }

    /// Returns the shortest text that parses to the same number, always with a decimal point,
    /// because YAML 1.1 reads `1e-05` as a string.
    private static func number(_ value: Double) -> String {
        let text = value.description
        guard value.isFinite, !text.contains("."), let exponent = text.firstIndex(of: "e") else {
            return text
        }
        return text[..<exponent] + ".0" + text[exponent...]
    }
}
