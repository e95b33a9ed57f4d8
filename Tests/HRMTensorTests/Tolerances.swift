import HRMTensor
import _HRMTestSupport

/// Half the distance between two float32 numbers just above 1: how far one rounding moves them.
let roundoff = 0x1p-24

extension Precision {
    /// The share of a number's magnitude by which storing it can move it.
    var storageError: Double { self == .float32 ? 0x1p-24 : 0x1p-8 }
}

extension Tolerance {
    /// For a sum of `depth` products of numbers below 1 in magnitude, taken in float32 and stored:
    /// each addition rounds a partial sum that stays far below `depth`.
    static func sum(depth: Int, stored precision: Precision, scale: Double = 1) -> Tolerance {
        Tolerance(
            absolute: 2 * roundoff * Double(depth + 2) * scale,
            relative: precision.storageError)
    }
}

/// Row counts with which tiles of every height from 1 to 6 occur.
let tileRows = 1...14

/// Sizes below, at and around the widths of vectors and panels.
let oddSizes = [1, 2, 3, 4, 5, 7, 8, 9, 13, 16, 17, 33, 64, 65]
