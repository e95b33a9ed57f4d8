/// Normalization form C: canonical decomposition, reordering of marks, canonical composition
/// (Unicode Standard Annex 15), with the tables of ``UnicodeCompositions``.
enum CanonicalComposition {
    /// Returns the normalization form C of code points.
    ///
    /// - Complexity: O(*n* log *m*), with *m* the number of consecutive marks.
    static func normalized(_ scalars: [UInt32]) -> [UInt32] {
        // No code point below U+0300 is a mark or the second part of a composition.
        guard let first = scalars.firstIndex(where: { $0 >= 0x300 }) else { return scalars }
        // A mark can change the code point before it.
        let start = max(0, first - 1)
        let tables = CanonicalTables.shared
        var parts: [UInt32] = []
        parts.reserveCapacity(scalars.count - start)
        for scalar in scalars[start...] { decompose(scalar, tables, into: &parts) }
        reorder(&parts, tables)
        return scalars[..<start] + composed(parts, tables)
    }

    private static func decompose(
        _ scalar: UInt32, _ tables: CanonicalTables, into parts: inout [UInt32]
    ) {
        if let syllable = Hangul(scalar) {
            parts.append(contentsOf: syllable.parts)
        } else if let step = tables.decomposition(scalar) {
            decompose(step.first, tables, into: &parts)
            if let second = step.second { decompose(second, tables, into: &parts) }
        } else {
            parts.append(scalar)
        }
    }

    /// Sorts each run of marks by combining class; equal classes keep their order.
    private static func reorder(_ parts: inout [UInt32], _ tables: CanonicalTables) {
        var start = 0
        while start < parts.count {
            guard tables.combiningClass(parts[start]) > 0 else {
                start += 1
                continue
            }
            var end = start
            while end < parts.count, tables.combiningClass(parts[end]) > 0 { end += 1 }
            if end - start > 1 {
                // The place makes the keys distinct, so the order is stable.
                let keys = (start..<end).map {
                    (UInt64(tables.combiningClass(parts[$0])) << 56 | UInt64($0), parts[$0])
                }
                for (offset, key) in keys.sorted(by: { $0.0 < $1.0 }).enumerated() {
                    parts[start + offset] = key.1
                }
            }
            start = end
        }
    }

    private static func composed(_ parts: [UInt32], _ tables: CanonicalTables) -> [UInt32] {
        var result: [UInt32] = []
        result.reserveCapacity(parts.count)
        var starter: Int?
        // The class of the last mark after the starter; -1 if there is none.
        var lastClass = -1
        for scalar in parts {
            let kind = Int(tables.combiningClass(scalar))
            if let starter, lastClass < kind {
                let base = result[starter]
                if let whole = Hangul.composition(base, scalar)
                    ?? tables.composition(base, scalar)
                {
                    result[starter] = whole
                    continue
                }
            }
            if kind == 0 {
                starter = result.count
                lastClass = -1
            } else {
                lastClass = kind
            }
            result.append(scalar)
        }
        return result
    }
}

/// The arithmetic of Hangul syllables (Unicode Standard, section 3.12).
struct Hangul {
    private static let syllables: ClosedRange<UInt32> = 0xAC00...0xD7A3
    private static let leads: Range<UInt32> = 0x1100..<0x1113
    private static let vowels: Range<UInt32> = 0x1161..<0x1176
    private static let trails: Range<UInt32> = 0x11A8..<0x11C3
    private static let trailCount: UInt32 = 28
    private static let vowelCount: UInt32 = 21

    private let index: UInt32

    /// A syllable; nil for other code points.
    init?(_ scalar: UInt32) {
        guard Self.syllables.contains(scalar) else { return nil }
        index = scalar - Self.syllables.lowerBound
    }

    /// The two or three letters of the syllable.
    var parts: [UInt32] {
        let trail = index % Self.trailCount
        let pair = index / Self.trailCount
        let letters = [
            Self.leads.lowerBound + pair / Self.vowelCount,
            Self.vowels.lowerBound + pair % Self.vowelCount,
        ]
        return trail == 0 ? letters : letters + [Self.trails.lowerBound - 1 + trail]
    }

    /// Returns the syllable of a lead and a vowel, or of a syllable without trail and a trail.
    static func composition(_ first: UInt32, _ second: UInt32) -> UInt32? {
        if leads.contains(first), vowels.contains(second) {
            let pair = (first - leads.lowerBound) * vowelCount + second - vowels.lowerBound
            return syllables.lowerBound + pair * trailCount
        }
        guard trails.contains(second), let syllable = Hangul(first),
            syllable.index.isMultiple(of: trailCount)
        else { return nil }
        return first + second - trails.lowerBound + 1
    }
}
