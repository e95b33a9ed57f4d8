import Foundation

/// JSON text as Python's `json.dump` writes it by default, for files that are equal byte for byte.
package enum PythonJSON {
    /// Returns a number as Python's `repr` spells it: `3.0`, `2.727272727272727`, `1e-05`.
    package static func text(_ number: Double) -> String {
        precondition(number.isFinite, "\(number) has no place in a JSON file")
        return number.description
    }

    /// Returns a quoted string with everything outside printable ASCII escaped.
    package static func text(_ string: String) -> String {
        var result = "\""
        for unit in string.utf16 {
            switch unit {
            case 0x22: result += "\\\""
            case 0x5C: result += "\\\\"
            case 0x08: result += "\\b"
            case 0x09: result += "\\t"
            case 0x0A: result += "\\n"
            case 0x0C: result += "\\f"
            case 0x0D: result += "\\r"
            case 0x20...0x7E: result.unicodeScalars.append(Unicode.Scalar(UInt8(unit)))
            default:
                let digits = String(unit, radix: 16)
                result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            }
        }
        return result + "\""
    }

    /// Returns a list of strings.
    package static func text(_ strings: [String]) -> String {
        "[" + strings.map { text($0) }.joined(separator: ", ") + "]"
    }
}
