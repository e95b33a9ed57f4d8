/// The answer of a source to a request for its next element.
public enum Supply<Element> {
    /// The next element.
    case next(Element)
    /// No element now, perhaps one later.
    case nothingYet
    /// The end of the source.
    case end
}

extension Supply: Sendable where Element: Sendable {}
