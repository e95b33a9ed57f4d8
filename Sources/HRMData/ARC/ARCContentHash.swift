import HRMFiles

/// What tells whether two tasks, or two pairs, have the same content.
public enum ARCContentHash {
    /// SHA-256 of a grid: its rows and columns in a byte each, then its cells.
    ///
    /// - Returns: 64 hexadecimal digits, as the reference computes them.
    public static func hash(of grid: PuzzleGrid) -> String {
        var hash = SHA256()
        hash.update(with: [UInt8(grid.rows), UInt8(grid.columns)])
        hash.update(with: grid.cells)
        return hash.finalizedHexadecimal()
    }

    /// SHA-256 of pairs, whatever their order: those of the grids, joined and sorted.
    ///
    /// - Returns: 64 hexadecimal digits, as the reference computes them.
    public static func hash(of pairs: [ARCPair]) -> String {
        let texts = pairs.map { pair in
            hash(of: pair.input) + "|" + (pair.output.map { hash(of: $0) } ?? "")
        }
        let joined = texts.sorted().joined(separator: "|")
        return SHA256.hexadecimal(of: Array(joined.utf8))
    }

    /// The content of a pair up to the eight symmetries and the exchange of colours other than 0:
    /// equal for pairs of which one is an augmentation of the other.
    public static func symmetricHash(of pair: ARCPair) -> String {
        let variants = DihedralTransform.allCases.map { transform in
            relabelled([pair.input, pair.output].compactMap { $0 }.map(transform.apply))
        }
        let first = variants.min { $0.lexicographicallyPrecedes($1) } ?? []
        return SHA256.hexadecimal(of: first)
    }

    /// Extents and cells of grids, the colours numbered in the order in which they come.
    private static func relabelled(_ grids: [PuzzleGrid]) -> [UInt8] {
        var label = [UInt8](repeating: 0, count: ARCTask.colorCount)
        var known: UInt8 = 0
        var bytes: [UInt8] = []
        for grid in grids {
            bytes.append(UInt8(grid.rows))
            bytes.append(UInt8(grid.columns))
            for cell in grid.cells {
                if cell != 0, label[Int(cell)] == 0 {
                    known += 1
                    label[Int(cell)] = known
                }
                bytes.append(label[Int(cell)])
            }
        }
        return bytes
    }
}
