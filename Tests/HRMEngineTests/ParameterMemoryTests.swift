import HRMEngine
import HRMModel
import HRMTensor
import Testing
import _HRMTestSupport

@Suite struct ParameterMemoryTests {
    @Test func tensorsHaveMemoryOfTheirOwn() throws {
        for width in [2, 12, 18] {
            let layout = ParameterLayout(
                configuration: try TestModel.configuration {
                    $0.hiddenSize = width
                    $0.headCount = 1
                    $0.positionEncoding = .learned
                    $0.puzzleEmbeddingSize = 0
                }, dimensions: TestModel.dimensions)
            let flat = Matrix(rows: 1, columns: layout.flatCount)
            for (number, entry) in layout.entries.enumerated() {
                let matrix = entry.matrix(in: flat)
                #expect(matrix.rows * matrix.columns == entry.count)
                #expect(matrix.columns == entry.shape.last)
                #expect(matrix.values.allSatisfy { $0 == 0 }, "\(entry.name)")
                matrix.assign([Float](repeating: Float(number + 1), count: entry.count))
            }
        }
    }
}
