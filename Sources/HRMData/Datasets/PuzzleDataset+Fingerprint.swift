import HRMFiles

extension PuzzleDataset {
    /// The SHA-256 of a split's content as the model sees it, as 64 hexadecimal digits.
    ///
    /// It covers sizes, tokens, and the assignment of examples to puzzles and of puzzles to groups.
    /// It does not depend on the files' number formats or location.
    public var fingerprint: String {
        var function = SHA256()
        func add(_ numbers: some Collection<Int32>) {
            function.update(with: Array("\(numbers.count):".utf8))
            // In chunks, to avoid a copy of a large set.
            var rest = numbers[...]
            while !rest.isEmpty {
                let piece = rest.prefix(1 << 16)
                rest = rest.dropFirst(piece.count)
                var bytes: [UInt8] = []
                bytes.reserveCapacity(4 * piece.count)
                for number in piece {
                    let bits = UInt32(bitPattern: number)
                    for shift in [0, 8, 16, 24] as [UInt32] {
                        bytes.append(UInt8(truncatingIfNeeded: bits >> shift))
                    }
                }
                function.update(with: bytes)
            }
        }
        add([
            Int32(clamping: metadata.vocabularySize), Int32(clamping: metadata.sequenceLength),
            Int32(clamping: metadata.puzzleIdentifierCount),
        ])
        for set in sets {
            function.update(with: Array(set.name.utf8))
            for tokens in [set.inputs, set.labels] { tokens.add(to: &function) }
            add(set.puzzleIdentifiers)
            add(set.puzzleIndices)
            add(set.groupIndices)
        }
        return function.finalizedHexadecimal()
    }
}

extension CompactIntegers {
    /// Adds the numbers to a checksum, as one byte or four bytes each, depending on their values
    /// only.
    fileprivate func add(to function: inout SHA256) {
        function.update(with: Array("\(bytes.count),\(wide.count):".utf8))
        function.update(with: bytes)
        for number in wide {
            function.update(with: [0, 8, 16, 24].map { UInt8(truncatingIfNeeded: number >> $0) })
        }
    }
}
