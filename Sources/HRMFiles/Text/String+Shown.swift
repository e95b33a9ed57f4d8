extension String {
    /// The text as it may reach a terminal: characters that do not show, or change how others look, are
    /// written as their codes.
    ///
    /// Names in files are anybody's, and a terminal obeys control characters.
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
