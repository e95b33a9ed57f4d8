/// The answer of a source to a request for its next element.
public enum Poll<Element> {
    /// The next element.
    case next(Element)
    /// No element now, perhaps one later.
    case pending
    /// The end of the source.
    case end
}

extension Poll: Sendable where Element: Sendable {}
