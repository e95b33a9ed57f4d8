import HRMTensor
import _HRMTestSupport

/// Half the distance between two float32 numbers just above 1: the maximum error of one rounding.
let roundoff = 0x1p-24

extension Precision {
    /// The maximum relative error of storing a number.
    var storageError: Double { self == .float32 ? 0x1p-24 : 0x1p-8 }
}

extension Tolerance {
    /// Returns the error bound of a sum of `depth` products of numbers below 1 in magnitude,
    /// computed in float32 and stored: each addition rounds a partial sum that is far below
    /// `depth`.
    static func sum(depth: Int, stored precision: Precision, scale: Double = 1) -> Tolerance {
        Tolerance(
            absolute: 2 * roundoff * Double(depth + 2) * scale,
            relative: precision.storageError)
    }
}

/// Row counts for which tiles of every height from 1 to 6 occur.
let tileRows = 1...14

/// Sizes below, at and around the widths of vectors and panels.
let oddSizes = [1, 2, 3, 4, 5, 7, 8, 9, 13, 16, 17, 33, 64, 65]
