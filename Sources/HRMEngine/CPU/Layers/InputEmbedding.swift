import HRMModel
package import HRMTensor

/// Computes the input `e`, shape `[B·T, D]`, from tokens, positions and the puzzle's identifier.
///
/// The puzzle's row, padded with zeros to `P` positions, precedes the token rows; learned positions
/// are added and the sum is divided by √2; finally everything is multiplied by √D.
package struct InputEmbedding: Sendable {
    /// The embedding of candidates, in place of everything else; nil for tokens.
    let candidates: CandidateEmbedding?
    let tokens: ParameterLayout.Entry
    let positions: ParameterLayout.Entry?
    let prefixLength: Int
    let sequenceLength: Int
    let puzzleWidth: Int
    let scale: Float

    init(_ layout: ParameterLayout, configuration: HRMConfiguration, dimensions: PuzzleDimensions) {
        candidates = CandidateEmbedding(layout, configuration: configuration)
        tokens = candidates?.table ?? layout.entry("embed_tokens.embedding_weight")
        let learned = configuration.positionEncoding == .learned
        positions = learned ? layout.entry("embed_pos.embedding_weight") : nil
        prefixLength = configuration.prefixLength
        sequenceLength = dimensions.sequenceLength
        puzzleWidth = configuration.puzzleEmbeddingSize
        // 0.707106781 is the reference's constant.
        scale = Float(configuration.hiddenSize).squareRoot() * (learned ? 0.707106781 : 1)
    }

    private var length: Int { prefixLength + sequenceLength }

    /// Computes the input of some sequences.
    ///
    /// - Parameters:
    ///   - inputs: Tokens, `[B·S]`.
    ///   - identifiers: Rows of the puzzle embedding, `[B]`.
    ///   - parameters: The flat array.
    ///   - puzzleEmbedding: The table, `[identifiers, E]`; nil if `E` is 0.
    ///   - e: Shape `[B·T, D]`; overwritten.
    package func forward(
        inputs: ArraySlice<Int32>, identifiers: ArraySlice<Int32>, parameters: Matrix,
        puzzleEmbedding: Matrix?, into e: Matrix
    ) {
        if let candidates {
            return candidates.forward(sets: inputs, parameters: parameters, into: e)
        }
        let table = tokens.matrix(in: parameters)
        let places = positions?.matrix(in: parameters)
        for (sequence, identifier) in identifiers.enumerated() {
            let first = sequence * length
            if let puzzleEmbedding {
                for p in 0..<prefixLength {
                    writePrefix(
                        p, of: (puzzleEmbedding, Int(identifier)), places: places, to: e,
                        row: first + p)
                }
            }
            for s in 0..<sequenceLength {
                let token = Int(inputs[inputs.startIndex + sequence * sequenceLength + s])
                Embedding.write(
                    (table, token), plus: places.map { ($0, prefixLength + s) }, scale: scale,
                    to: e, row: first + prefixLength + s)
            }
        }
    }

    /// Writes position `p` of a puzzle's row, with zeros beyond its end.
    private func writePrefix(
        _ p: Int, of puzzle: (table: Matrix, row: Int), places: Matrix?, to e: Matrix, row: Int
    ) {
        let width = e.columns
        let inside = 0..<max(0, min(width, puzzleWidth - p * width))
        if !inside.isEmpty {
            Embedding.write(
                (puzzle.table.columns((p * width)..<(p * width + inside.count)), puzzle.row),
                plus: places.map { ($0.columns(inside), p) }, scale: scale,
                to: e.columns(inside), row: row)
        }
        guard inside.count < width else { return }
        let padding = inside.count..<width
        Embedding.write(
            nil, plus: places.map { ($0.columns(padding), p) }, scale: scale,
            to: e.columns(padding), row: row)
    }

    /// Adds the gradients of the tables, given that of `e`.
    ///
    /// - Parameters:
    ///   - de: The gradient of `e`, `[B·T, D]`.
    ///   - inputs: Tokens, `[B·S]`.
    ///   - gradients: The flat array of this worker.
    ///   - puzzleGradient: The gradient of the looked-up rows, padded: `[B·P, D]`, float32;
    ///     overwritten.
    func backward(
        _ de: Matrix, inputs: ArraySlice<Int32>, gradients: Matrix, puzzleGradient: Matrix?
    ) {
        if let candidates {
            return candidates.backward(de, sets: inputs, gradients: gradients)
        }
        let table = tokens.matrix(in: gradients)
        let places = positions?.matrix(in: gradients)
        puzzleGradient?.clear()
        for row in 0..<de.rows {
            let (sequence, position) = (row / length, row % length)
            if position < prefixLength {
                if let puzzleGradient {
                    Embedding.accumulate(
                        de, row: row, scale: scale, into: puzzleGradient,
                        tableRow: sequence * prefixLength + position)
                }
            } else {
                let index = sequence * sequenceLength + position - prefixLength
                Embedding.accumulate(
                    de, row: row, scale: scale, into: table,
                    tableRow: Int(inputs[inputs.startIndex + index]))
            }
            if let places {
                Embedding.accumulate(de, row: row, scale: scale, into: places, tableRow: position)
            }
        }
    }
}
