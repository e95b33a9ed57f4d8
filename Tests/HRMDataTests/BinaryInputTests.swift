import Foundation
import HRMData
import Testing
import _HRMTestSupport

/// Files of other kinds where text is expected.
@Suite struct BinaryInputTests {
    private static let array = [0x93] + Array("NUMPY".utf8) + [1, 0, 0x76, 0]
    private static let archive = [0x1F, 0x8B, 8, 0] + Array("puzzles".utf8)
    /// `12` in UTF-16.
    private static let wide: [UInt8] = [0xFF, 0xFE, 0x31, 0, 0x32, 0]

    /// The error with which a file is refused.
    private static func message(
        _ name: String, _ bytes: [UInt8], _ read: (URL) throws -> Void
    ) throws -> String {
        try withScratchFolder { folder in
            let url = folder.appendingPathComponent(name)
            try Data(bytes).write(to: url)
            do {
                try read(url)
                return ""
            } catch {
                return "\(error)"
            }
        }
    }

    @Test func kindsAreNamed() throws {
        func sudoku(_ url: URL) throws { _ = try SudokuCSVReader(contentsOf: url) }
        func maze(_ url: URL) throws { _ = try MazeCSVReader(contentsOf: url) }
        func grid(_ url: URL) throws { _ = try GridPairReader(contentsOf: url, alphabet: nil) }
        for read in [sudoku, maze, grid] {
            let found = try Self.message("train.npy", Self.array, read)
            #expect(
                found.contains("train.npy") && found.contains("a NumPy array (.npy), not text"))
            let packed = try Self.message("train.csv.gz", Self.archive, read)
            #expect(packed.contains("unpack it first with 'gunzip train.csv.gz'"))
        }
        // UTF-16 is decoded, so it is a table like any other.
        let message = try Self.message("train.csv", Self.wide, sudoku)
        #expect(!message.contains("UTF-16") && !message.contains("UTF-8"), "\(message)")
    }
}
