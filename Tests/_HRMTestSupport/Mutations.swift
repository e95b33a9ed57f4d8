import Foundation
import HRMTensor

/// Random damage to the bytes of a file, for testing readers.
///
/// The ordinary suite tests some thousand damaged files per reader. `HRM_MUTATIONS=100000` in the
/// environment sets the number for each, `HRM_MUTATION_SEED=7` selects different damage. The series
/// is printed, and a failure states seed and round, which together determine the damage.
public struct Mutations {
    /// One damaged file.
    public struct Round {
        /// The damaged bytes; never empty.
        public let bytes: [UInt8]
        /// The index of the damaged original.
        public let original: Int
        /// Name, seed and number, for messages.
        public let description: String

        /// The bytes as text, with replacement characters for invalid UTF-8.
        public var text: String { String(decoding: bytes, as: UTF8.self) }
    }

    /// The kind of file, for messages.
    public let name: String
    /// The seed, which determines all damage.
    public let seed: UInt64
    /// The number of damaged files.
    public let count: Int
    private let telling: [UInt8]

    /// Creates a series of damaged files.
    ///
    /// - Parameters:
    ///   - name: The kind of file.
    ///   - count: The number of files, unless set by the environment.
    ///   - seed: The seed, unless set by the environment.
    ///   - telling: Bytes with a meaning in the format.
    ///   - slowness: The time of one round in units of an ordinary round; the long mode makes
    ///     correspondingly fewer rounds.
    public init(
        _ name: String, count: Int, seed: UInt64, telling: some Sequence<UInt8>, slowness: Int = 1
    ) {
        let environment = ProcessInfo.processInfo.environment
        let wanted = environment["HRM_MUTATIONS"].flatMap { Int($0) }
        self.name = name
        self.seed = environment["HRM_MUTATION_SEED"].flatMap { UInt64($0) } ?? seed
        self.count = wanted.map { max(1, $0 / slowness) } ?? count
        self.telling = Array(telling)
    }

    /// Damages files one after another.
    ///
    /// - Parameters:
    ///   - originals: Files; each round damages one of them.
    ///   - prefix: The number of leading bytes to damage; all if nil.
    ///   - read: Reads a damaged file and checks the result.
    /// - Returns: The number of rounds in which `read` returned that the file could be read.
    @discardableResult
    public func run(
        on originals: [[UInt8]], prefix: Int = .max, read: (Round) throws -> Bool
    ) rethrows -> Int {
        print("\(name): \(count) mutations, seed \(seed)")
        var readable = 0
        for number in 0..<count {
            var generator = SeededGenerator(seed: seed, stream: UInt64(number))
            let original = Int.random(in: 0..<originals.count, using: &generator)
            var bytes = originals[original]
            // Half of the rounds keep the length, so that lengths and offsets remain valid.
            let keepsLength = number.isMultiple(of: 2)
            // Mostly one change, because a reader refuses a file with many changes early.
            for _ in 0..<([1, 1, 1, 2, 4].randomElement(using: &generator) ?? 1) {
                damage(&bytes, prefix, keepsLength: keepsLength, using: &generator)
            }
            let round = Round(
                bytes: bytes.isEmpty ? [0] : bytes, original: original,
                description: "\(name), seed \(seed), round \(number)")
            readable += try read(round) ? 1 : 0
        }
        print("\(name): of \(count) mutated files, \(readable) could be read")
        return readable
    }

    private func damage(
        _ bytes: inout [UInt8], _ prefix: Int, keepsLength: Bool,
        using generator: inout SeededGenerator
    ) {
        guard !bytes.isEmpty else { return }
        let place = Int.random(in: 0..<min(prefix, bytes.count), using: &generator)
        let value = telling.randomElement(using: &generator) ?? 0
        switch Int.random(in: 0..<(keepsLength ? 4 : 8), using: &generator) {
        case 0: bytes[place] = UInt8.random(in: .min ... .max, using: &generator)
        case 1: bytes[place] = value
        case 2: bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
        case 3: overwrite(&bytes, at: place, using: &generator)
        case 4: bytes.insert(value, at: place)
        case 5: bytes.remove(at: place)
        case 6: bytes.removeSubrange(place...)
        default:
            let count = Int.random(in: 1...16, using: &generator)
            bytes.insert(contentsOf: bytes[place...].prefix(count), at: place)
        }
    }

    /// Writes a number at the limits of a field's range, in binary.
    private func overwrite(
        _ bytes: inout [UInt8], at place: Int, using generator: inout SeededGenerator
    ) {
        let width = [1, 2, 4, 8].randomElement(using: &generator) ?? 1
        let edges: [UInt64] = [
            0, 1, 0x7F, 0xFFFF, 0x7FFF_FFFF, 0xFFFF_FFFF, UInt64(bytes.count), UInt64(Int.max),
            .max,
        ]
        let number = edges.randomElement(using: &generator) ?? 0
        for byte in 0..<width where place + byte < bytes.count {
            bytes[place + byte] = UInt8(truncatingIfNeeded: number >> (8 * byte))
        }
    }
}
