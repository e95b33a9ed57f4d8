import HRMFiles

/// Hashes that are equal for tasks, or pairs, of equal content.
package enum ARCContentHash {
    /// Returns the SHA-256 of a grid: its rows and columns as one byte each, then its cells.
    ///
    /// - Returns: 64 hexadecimal digits, as the reference computes them.
    package static func hash(of grid: PuzzleGrid) -> String {
        var hash = SHA256()
        hash.update(with: [UInt8(grid.rows), UInt8(grid.columns)])
        hash.update(with: grid.cells)
        return hash.finalizedHexadecimal()
    }

    /// Returns the SHA-256 of pairs in any order: their grids' hashes, joined and sorted.
    ///
    /// - Returns: 64 hexadecimal digits, as the reference computes them.
    package static func hash(of pairs: [ARCPair]) -> String {
        let texts = pairs.map { pair in
            hash(of: pair.input) + "|" + (pair.output.map { hash(of: $0) } ?? "")
        }
        let joined = texts.sorted().joined(separator: "|")
        return SHA256.hexadecimal(of: Array(joined.utf8))
    }

    /// Returns a hash that is equal for two pairs if one is an augmentation of the other.
    ///
    /// It is invariant under the eight dihedral transforms and permutations of the colours other
    /// than 0.
    package static func symmetricHash(of pair: ARCPair) -> String {
        let variants = DihedralTransform.allCases.map { transform in
            relabelled([pair.input, pair.output].compactMap { $0 }.map(transform.apply))
        }
        let first = variants.min { $0.lexicographicallyPrecedes($1) } ?? []
        return SHA256.hexadecimal(of: first)
    }

    /// The extents and cells of grids, with colours renumbered in order of first appearance.
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
