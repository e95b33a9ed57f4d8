/// Tables for canonical composition, indexed by code point.
struct CanonicalTables: Sendable {
    /// A decomposition step.
    struct Decomposition {
        var first: UInt32
        /// The second code point; nil for a single one.
        var second: UInt32?
    }

    /// The tables of ``UnicodeCompositions``.
    static let shared = CanonicalTables()

    private var classes: [UInt8] = []
    /// For each code point, the index of its decomposition plus 1; 0 if it has none.
    private var places: [UInt16] = []
    private var decompositions: [Decomposition] = []
    private var compositions: [UInt64: UInt32] = [:]

    private init() {
        readClasses()
        readDecompositions()
    }

    /// Returns the canonical combining class; 0 for a starter.
    func combiningClass(_ scalar: UInt32) -> UInt8 {
        scalar < UInt32(classes.count) ? classes[Int(scalar)] : 0
    }

    /// Returns the decomposition of a code point, except for Hangul syllables.
    func decomposition(_ scalar: UInt32) -> Decomposition? {
        guard scalar < UInt32(places.count) else { return nil }
        let place = Int(places[Int(scalar)])
        return place == 0 ? nil : decompositions[place - 1]
    }

    /// Returns the code point that a pair is composed to, except for Hangul syllables.
    func composition(_ first: UInt32, _ second: UInt32) -> UInt32? {
        compositions[UInt64(first) << 32 | UInt64(second)]
    }

    private mutating func readClasses() {
        var entries: [(ClosedRange<Int>, UInt8)] = []
        for entry in UnicodeCompositions.combiningClasses.split(whereSeparator: \.isWhitespace) {
            let parts = entry.split(separator: ":")
            guard parts.count == 2, let value = UInt8(parts[1]),
                let range = UnicodeClasses.ranges(String(parts[0])).first
            else { preconditionFailure("'\(entry)' is not a combining class") }
            entries.append((range, value))
        }
        classes = Array(repeating: 0, count: (entries.last?.0.upperBound ?? 0) + 1)
        for (range, value) in entries {
            for scalar in range { classes[scalar] = value }
        }
    }

    private mutating func readDecompositions() {
        var current: UInt32 = 0
        places = Array(repeating: 0, count: 0x2FA1E)
        for entry in UnicodeCompositions.decompositions.split(whereSeparator: \.isWhitespace) {
            if entry.hasPrefix("@") {
                current = UInt32(entry.dropFirst(), radix: 16) ?? 0
                continue
            }
            let isExcluded = entry.hasPrefix("!")
            let parts = entry.drop { $0 == "!" }.split(separator: "+")
                .compactMap { UInt32($0, radix: 16) }
            precondition((1...2).contains(parts.count), "'\(entry)' is not a decomposition")
            let step = Decomposition(first: parts[0], second: parts.count == 2 ? parts[1] : nil)
            decompositions.append(step)
            places[Int(current)] = UInt16(decompositions.count)
            if let second = step.second, !isExcluded {
                compositions[UInt64(step.first) << 32 | UInt64(second)] = current
            }
            current += 1
        }
    }
}
