/// JSON spellings of strings and numbers.
extension JSONText {
    /// Returns a quoted string with the necessary escapes.
    package static func quoted(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case "\r": result += "\\r"
            case "\t": result += "\\t"
            case "\u{0}"..<"\u{20}", "\u{7F}":
                let digits = String(scalar.value, radix: 16)
                result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }

    /// Returns the shortest text that parses to the same number; `null` for NaN and infinities.
    package static func number<Value: BinaryFloatingPoint & CustomStringConvertible>(
        _ value: Value
    ) -> String {
        value.isFinite ? value.description : "null"
    }
}
