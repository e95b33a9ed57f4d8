/// Texts that nobody can guess.
enum Secret {
    private static let letters = Array(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")

    /// Returns a new secret of 192 random bits, of letters that a URL may have.
    static func random() -> String {
        var generator = SystemRandomNumberGenerator()
        return String((0..<32).map { _ in letters[Int(generator.next() & 63)] })
    }

    /// Returns whether two texts are equal, in a time that does not depend on where they differ.
    static func areEqual(_ one: String, _ other: String) -> Bool {
        let (one, other) = (Array(one.utf8), Array(other.utf8))
        guard one.count == other.count else { return false }
        return zip(one, other).reduce(0) { $0 | ($1.0 ^ $1.1) } == 0
    }
}
