extension String {
    /// The text in a form that is safe to print to a terminal: invisible characters, and those that
    /// alter the display of others, are replaced by their codes.
    ///
    /// Names in files are untrusted, and terminals interpret control characters.
    package var shown: String {
        var result = ""
        for scalar in unicodeScalars {
            switch scalar.properties.generalCategory {
            case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .unassigned:
                result += "\\u{\(String(scalar.value, radix: 16, uppercase: true))}"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }
}
