import Foundation
import HRMData
import Testing

extension PuzzleGrid {
    /// A recorded grid; the rows are equally long.
    init(rows: [[UInt8]]) {
        self.init(rows: rows.count, columns: rows.first?.count ?? 0, cells: rows.flatMap { $0 })
    }

    /// A grid without cells has no rows.
    init(_ tensor: GoldenTensor) {
        self.init(
            rows: tensor.shape[0], columns: tensor.shape[1], cells: tensor.integers.map(UInt8.init))
    }
}

/// The eight symmetries of a grid, and what undoes each.
func checkDihedral(_ golden: GoldenCase) throws {
    struct Record: Decodable {
        struct Transform: Decodable {
            var tid: Int
            var inverse_tid: Int
            var transformed: [[UInt8]]
            var inverse_of_input: [[UInt8]]
        }
        var grid: [[UInt8]]
        var transforms: [Transform]
    }
    let record = try golden.json(Record.self)
    let grid = PuzzleGrid(rows: record.grid)
    #expect(record.transforms.map(\.tid) == DihedralTransform.allCases.map(\.rawValue))
    for expected in record.transforms {
        let transform = try #require(DihedralTransform(rawValue: expected.tid))
        #expect(transform.inverse.rawValue == expected.inverse_tid)
        #expect(transform.apply(to: grid) == PuzzleGrid(rows: expected.transformed))
        #expect(
            transform.inverse.apply(to: grid) == PuzzleGrid(rows: expected.inverse_of_input))
    }
}

/// Pairs as sequences at recorded places, and the hash of a task's content.
func checkARCEncoding(_ golden: GoldenCase) throws {
    struct Record: Decodable {
        struct Pair: Decodable {
            struct Variant: Decodable {
                var variant: Int
                var offset: [Int]
            }
            var offset_inclusive_max: [Int]
            var variants: [Variant]
        }
        struct Hash: Decodable {
            var examples: [[[[UInt8]]]]?
            var hash: String
        }
        var pairs: [Pair]
        var hashes: [Hash]
    }
    let record = try golden.json(Record.self)
    let tensors = try golden.tensors()
    let canvas = ARCCanvas()
    #expect(!record.pairs.isEmpty)
    for (index, pair) in record.pairs.enumerated() {
        let input = PuzzleGrid(try tensors["\(index).input_grid"])
        let output = PuzzleGrid(try tensors["\(index).output_grid"])
        let room = [
            canvas.size - max(input.rows, output.rows),
            canvas.size - max(input.columns, output.columns),
        ]
        #expect(room == pair.offset_inclusive_max)
        for variant in pair.variants {
            for (grid, name) in [(input, "inputs"), (output, "labels")] {
                let tokens = canvas.encode(
                    grid, row: variant.offset[0], column: variant.offset[1])
                let expected = try tensors["\(index).\(variant.variant).\(name)"].integers
                #expect(tokens.map(Int.init) == expected)
                if variant.offset == [0, 0] {
                    #expect(canvas.decode(tokens.map(Int32.init)) == grid)
                }
            }
        }
    }
    let hashes = try record.hashes.compactMap { entry in
        try entry.examples.map { examples in
            let pairs = try examples.map { grids in
                try #require(grids.count == 2)
                return ARCPair(
                    input: PuzzleGrid(rows: grids[0]), output: PuzzleGrid(rows: grids[1]))
            }
            #expect(ARCContentHash.hash(of: pairs) == entry.hash)
            return entry.hash
        }
    }
    #expect(hashes.isEmpty == record.hashes.isEmpty)
}
