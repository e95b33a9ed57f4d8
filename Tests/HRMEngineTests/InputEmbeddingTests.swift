import HRMEngine
import HRMTensor
import Testing
import _HRMTestSupport

@testable import HRMModel

@Suite struct InputEmbeddingTests {
    /// Each element by the formula: the padded puzzle row, then the tokens; positions are added and
    /// the sum divided by √2; a factor √D comes last.
    @Test(arguments: PositionEncoding.allCases, [0, 5, 12, 17])
    func theInputIsPutTogether(encoding: PositionEncoding, puzzleWidth: Int) throws {
        try check(encoding, puzzleWidth: puzzleWidth, prefix: (puzzleWidth + 11) / 12)
    }

    /// More positions than the row needs: those behind it hold zeros, and their own vectors.
    @Test(arguments: PositionEncoding.allCases, [5, 12, 17])
    func thePuzzleIsPaddedToItsPositions(encoding: PositionEncoding, puzzleWidth: Int) throws {
        try check(encoding, puzzleWidth: puzzleWidth, length: 4, prefix: 4)
    }

    private func check(
        _ encoding: PositionEncoding, puzzleWidth: Int, length: Int = 0, prefix: Int
    ) throws {
        let model = TestModel.make(
            try TestModel.configuration {
                $0.positionEncoding = encoding
                $0.puzzleEmbeddingSize = puzzleWidth
                $0.puzzleEmbeddingLength = length
            })
        #expect(model.configuration.prefixLength == prefix)
        #expect(model.positionCount == prefix + model.dimensions.sequenceLength)
        var generator = SeededGenerator(seed: 151)
        let batch = TestModel.batch(2, for: model, using: &generator)
        let e = Matrix(rows: 2 * model.positionCount, columns: 12)
        // A slice that does not begin at 0, as a later micro-batch's.
        let padded = [99, 99] + batch.inputs
        model.embedding.forward(
            inputs: padded[2...], identifiers: ([99] + batch.puzzleIdentifiers)[1...],
            parameters: model.parameters, puzzleEmbedding: model.puzzleEmbedding, into: e)

        func tensor(_ name: String) -> Matrix {
            model.layout.entry(name).matrix(in: model.parameters)
        }
        var expected: [Double] = []
        for slot in 0..<2 {
            for position in 0..<model.positionCount {
                for column in 0..<12 {
                    var value = 0.0
                    if position >= prefix {
                        let cell = slot * model.dimensions.sequenceLength + position - prefix
                        let token = Int(batch.inputs[cell])
                        value = Double(tensor("embed_tokens.embedding_weight")[token, column])
                    } else if let table = model.puzzleEmbedding,
                        position * 12 + column < puzzleWidth
                    {
                        let row = Int(batch.puzzleIdentifiers[slot])
                        value = Double(table[row, position * 12 + column])
                    }
                    if encoding == .learned {
                        value += Double(tensor("embed_pos.embedding_weight")[position, column])
                        value /= 2.0.squareRoot()
                    }
                    expected.append(value * 12.0.squareRoot())
                }
            }
        }
        expectClose(
            e.values.map(Double.init), expected, Tolerance(absolute: 4 * 0x1p-23), "e")
    }
}
