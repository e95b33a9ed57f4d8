import Foundation
import HRMData
import HRMFiles

extension TaskExamples {
    /// A SHA-256 of the name and of all grids, which identifies the task in files; 64 hexadecimal
    /// digits.
    package var digest: String {
        var bytes = Data()
        func append(_ grid: PuzzleGrid) {
            bytes.append(UInt8(grid.rows))
            bytes.append(UInt8(grid.columns))
            bytes.append(contentsOf: grid.cells)
        }
        for demonstration in demonstrations {
            bytes.append(1)
            append(demonstration.input)
            append(demonstration.output)
        }
        for input in testInputs {
            bytes.append(2)
            append(input)
        }
        bytes.append(0)
        bytes.append(contentsOf: Array(name.utf8))
        return ContentDigest.sha256(of: bytes)
    }
}
