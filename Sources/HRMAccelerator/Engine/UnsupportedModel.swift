/// A model or a setting that no program of an accelerator exists for.
package struct UnsupportedModel: Error, Hashable, Sendable, CustomStringConvertible {
    /// The reason, with the remedy.
    package let description: String

    /// Creates an error.
    package init(_ description: String) {
        self.description = description
    }
}
