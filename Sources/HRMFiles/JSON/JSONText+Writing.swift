// The two things that JSON spells differently from Swift.
extension JSONText {
    /// A text in quotes, with what must be escaped escaped.
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

    /// The shortest text that reads back as the same number; `null` for what JSON has no word for.
    package static func number<Value: BinaryFloatingPoint & CustomStringConvertible>(
        _ value: Value
    ) -> String {
        value.isFinite ? value.description : "null"
    }
}
