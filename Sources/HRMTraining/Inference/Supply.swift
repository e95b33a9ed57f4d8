/// What a source has to give at the moment.
public enum Supply<Element> {
    /// The next thing.
    case next(Element)
    /// Nothing now, perhaps something later.
    case nothingYet
    /// Nothing any more.
    case end
}

extension Supply: Sendable where Element: Sendable {}
