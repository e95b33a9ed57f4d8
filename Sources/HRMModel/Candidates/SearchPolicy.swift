#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// The rule by which a search changes a state of candidates after a segment.
///
/// What the model is sure of is struck. If nothing has been struck for some segments, one cell is
/// pinned to one of its candidates. No rule of the puzzle is used.
public struct SearchPolicy: Sendable, Hashable {
    /// A candidate is struck if the model keeps it with less than this probability.
    public var strikeBelow = 0.1
    /// The number of segments for which a state is thought about before anything is struck, a
    /// property of the model.
    package var thoughts = 1
    /// The number of segments after which a cell is pinned if nothing has been struck; not before
    /// the model has thought about the state.
    public var patience = 2
    /// The temperature of the choice that is pinned; at 0 the most likely candidate is.
    public var temperature = 1.5
    /// The choice of the cell that is pinned.
    public var cell = PinnedCell.random

    /// Creates the settings of the published training.
    public init() {}
}

/// The choice of the cell that a search pins.
public enum PinnedCell: String, Sendable, Codable, Hashable, CaseIterable {
    /// Any cell with several candidates.
    case random
    /// One of the cells with the fewest candidates.
    case fewest
    /// The cell of whose symbol the model is most certain.
    case surest
}

extension SearchPolicy {
    /// A pin: a cell and the symbol that it was given.
    package struct Pin: Sendable, Hashable {
        /// The cell.
        package var cell: Int
        /// The symbol, `0 ..< C`.
        package var symbol: Int
    }

    /// Strikes the candidates of which the model is sure, in cells with several.
    ///
    /// - Parameters:
    ///   - sets: The state.
    ///   - outputs: The model's outputs for the state, `[S, C, 3]`.
    /// - Returns: The number of candidates struck.
    package func strike(_ sets: inout CandidateSets, outputs: Span<Float>) -> Int {
        let limit = Float(log(strikeBelow / (1 - strikeBelow)))
        var count = 0
        for cell in sets.cells.indices where sets.cells[cell].nonzeroBitCount > 1 {
            let first = cell * sets.symbols * CandidateOutput.count
            for symbol in sets.members(of: cell)
            where outputs[first + symbol * CandidateOutput.count + CandidateOutput.keep] < limit {
                sets.cells[cell] &= ~(1 << Int32(symbol))
                count += 1
            }
        }
        return count
    }

    /// Pins one cell with several candidates.
    ///
    /// - Parameters:
    ///   - sets: The state.
    ///   - outputs: The model's outputs for the state, `[S, C, 3]`.
    ///   - generator: Draws the cell and the symbol.
    /// - Returns: The pin; nil if no cell has several candidates.
    package func pin(
        _ sets: inout CandidateSets, outputs: Span<Float>,
        using generator: inout some RandomNumberGenerator
    ) -> Pin? {
        let open = sets.cells.indices.filter { sets.cells[$0].nonzeroBitCount > 1 }
        guard let cell = choose(open, of: sets, outputs: outputs, using: &generator) else {
            return nil
        }
        let members = sets.members(of: cell)
        let logits = members.map { choice(outputs, sets: sets, cell: cell, symbol: $0) }
        let symbol = members[Self.sample(logits, temperature: temperature, using: &generator)]
        sets.cells[cell] = 1 << Int32(symbol)
        return Pin(cell: cell, symbol: symbol)
    }

    private func choose(
        _ open: [Int], of sets: CandidateSets, outputs: Span<Float>,
        using generator: inout some RandomNumberGenerator
    ) -> Int? {
        switch cell {
        case .random: return open.randomElement(using: &generator)
        case .fewest:
            let least = open.map { sets.cells[$0].nonzeroBitCount }.min()
            return open.filter { sets.cells[$0].nonzeroBitCount == least }
                .randomElement(using: &generator)
        case .surest:
            var best: (cell: Int, probability: Double)?
            for cell in open {
                let logits = sets.members(of: cell).map {
                    choice(outputs, sets: sets, cell: cell, symbol: $0)
                }
                let highest = logits.max() ?? 0
                let probability = 1 / logits.reduce(0) { $0 + exp($1 - highest) }
                if probability > best?.probability ?? 0 { best = (cell, probability) }
            }
            return best?.cell
        }
    }

    private func choice(
        _ outputs: Span<Float>, sets: CandidateSets, cell: Int, symbol: Int
    ) -> Double {
        Double(
            outputs[(cell * sets.symbols + symbol) * CandidateOutput.count + CandidateOutput.choice]
        )
    }

    /// Returns an index with a probability in proportion to `exp(logit / temperature)`.
    private static func sample(
        _ logits: [Double], temperature: Double, using generator: inout some RandomNumberGenerator
    ) -> Int {
        let highest = logits.max() ?? 0
        guard temperature > 0, highest.isFinite else {
            return logits.firstIndex(of: highest) ?? 0
        }
        let shares = logits.map { exp(($0 - highest) / temperature) }
        // 53 bits, as many as a double holds.
        var rest = Double(generator.next() >> 11) * 0x1p-53 * shares.reduce(0, +)
        for (index, share) in shares.enumerated() {
            rest -= share
            if rest < 0 { return index }
        }
        return shares.count - 1
    }
}

extension CandidateSets {
    /// Returns the symbols of a cell's set in ascending order.
    package func members(of cell: Int) -> [Int] {
        var members: [Int] = []
        var rest = UInt32(bitPattern: cells[cell])
        while rest != 0 {
            members.append(rest.trailingZeroBitCount)
            rest &= rest - 1
        }
        return members
    }
}
