/// A search for pairs that contradict a symmetry of their puzzle, combined with any exchange of
/// symbols.
///
/// Two questions are images of each other under an exchange of symbols if they become equal once
/// the exchangeable symbols are numbered in order of appearance, so the exchanges need not be
/// tried.
struct SymmetryContradictions {
    /// A pair whose exchangeable symbols are numbered in order of appearance, the question's first.
    private struct Numbered {
        var pair: GridPair
        /// The exchange that produces it from the original pair.
        var exchange: GridSymmetry
    }

    private let pairs: [GridPair]
    private let exchangeable: [UInt8]
    private let isExchangeable: [Bool]
    /// The first pair with each numbered question.
    private var known: [GridPair.Question: (original: GridPair, numbered: Numbered)] = [:]

    /// Numbers the symbols of pairs.
    ///
    /// - Parameters:
    ///   - pairs: The pairs, each question with one answer.
    ///   - exchangeable: The symbols that may be permuted among each other.
    ///   - symbolCount: The number of symbols.
    init(_ pairs: [GridPair], exchangeable: [UInt8], symbolCount: Int) {
        self.pairs = pairs
        self.exchangeable = exchangeable
        isExchangeable = (0..<symbolCount).map { exchangeable.contains(UInt8($0)) }
        for pair in pairs {
            let numbered = numbered(pair)
            if known[numbered.pair.question] == nil {
                known[numbered.pair.question] = (pair, numbered)
            }
        }
    }

    /// Returns the first contradiction to a symmetry, alone or followed by an exchange of symbols.
    ///
    /// - Parameter symmetry: The symmetry; the identity for exchanges alone.
    /// - Returns: A doubt about the symmetry that maps one question to the other; nil if there is
    ///   no contradiction.
    func first(under symmetry: GridSymmetry) -> GridSymmetryDoubt? {
        for pair in pairs {
            let image = numbered(symmetry.apply(to: pair))
            guard let other = known[image.pair.question],
                other.numbered.pair.output != image.pair.output
            else { continue }
            return GridSymmetryDoubt(
                symmetry: symmetry.followed(by: image.exchange)
                    .followed(by: other.numbered.exchange.inverse),
                evidence: .answers(question: pair.input, image: other.original.input))
        }
        guard symmetry.transform == .identity else { return nil }
        return pairs.lazy.compactMap(exchangeOutsideTheQuestion).first
    }

    /// Returns a doubt if an exchange of symbols that are not in the question changes the answer.
    private func exchangeOutsideTheQuestion(in pair: GridPair) -> GridSymmetryDoubt? {
        let asked = Set(pair.input.cells)
        let absent = exchangeable.filter { !asked.contains($0) }
        guard let one = absent.first(where: pair.output.cells.contains),
            let other = absent.first(where: { $0 != one })
        else { return nil }
        var map = isExchangeable.indices.map { UInt8($0) }
        (map[Int(one)], map[Int(other)]) = (other, one)
        return GridSymmetryDoubt(
            symmetry: GridSymmetry(transform: .identity, symbolMap: map),
            evidence: .answers(question: pair.input, image: pair.input))
    }

    private func numbered(_ pair: GridPair) -> Numbered {
        var map = isExchangeable.indices.map { UInt8($0) }
        guard exchangeable.count > 1 else {
            return Numbered(
                pair: pair, exchange: GridSymmetry(transform: .identity, symbolMap: map))
        }
        var isSeen = [Bool](repeating: false, count: map.count)
        var next = 0
        func number(_ symbol: UInt8) {
            guard isExchangeable[Int(symbol)], !isSeen[Int(symbol)] else { return }
            isSeen[Int(symbol)] = true
            map[Int(symbol)] = exchangeable[next]
            next += 1
        }
        for symbol in pair.input.cells { number(symbol) }
        for symbol in pair.output.cells { number(symbol) }
        for symbol in exchangeable { number(symbol) }
        let exchange = GridSymmetry(transform: .identity, symbolMap: map)
        return Numbered(pair: exchange.apply(to: pair), exchange: exchange)
    }
}
