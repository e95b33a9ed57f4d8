#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// The softmax of logits, in float64.
struct TokenProbabilities {
    private let logits: [Float]
    private let top: Double
    private let total: Double

    init(_ logits: [Float]) {
        let top = Double(logits.max() ?? 0)
        self.logits = logits
        self.top = top
        total = logits.reduce(0.0) { $0 + exp(Double($1) - top) }
    }

    /// The probability of a token.
    subscript(id: Int32) -> Double { exp(Double(logits[Int(id)]) - top) / total }

    /// Returns the most likely tokens, the first of equal ones first.
    func best(_ count: Int) -> [TextLens.Reading] {
        logits.indices.sorted { (logits[$1], $0) < (logits[$0], $1) }.prefix(count).map {
            TextLens.Reading(id: Int32($0), probability: self[Int32($0)])
        }
    }
}
