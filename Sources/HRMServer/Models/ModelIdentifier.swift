/// Names of models and runs that are safe in URLs.
enum ModelIdentifier {
    /// Returns the identifier of a path or a name: `/` becomes `:`, and what is neither a letter,
    /// a digit nor one of `._-` is written as `~` and two hexadecimal digits for each byte.
    static func identifier(of name: String) -> String {
        var result = ""
        for byte in name.utf8 {
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, UInt8(ascii: "."), UInt8(ascii: "_"),
                UInt8(ascii: "-"):
                result.append(Character(Unicode.Scalar(byte)))
            case UInt8(ascii: "/"): result.append(":")
            default:
                let digits = String(byte, radix: 16)
                result += "~" + (digits.count < 2 ? "0" : "") + digits
            }
        }
        return result
    }
}
