import Foundation
import HRMTensor

/// Random damage to the bytes of a file, to find out what its reader does with it.
///
/// The ordinary suite tries some thousand damaged files a reader. `HRM_MUTATIONS=100000` in the
/// environment makes it so many for each, `HRM_MUTATION_SEED=7` draws others. What is tried is
/// printed, and a failure names seed and round, which together decide the damage.
public struct Mutations {
    /// One damaged file.
    public struct Round {
        /// The damaged bytes; never none.
        public let bytes: [UInt8]
        /// Which of the originals was damaged.
        public let original: Int
        /// Name, seed and number, for messages.
        public let description: String

        /// The bytes as text, with replacements where they are not UTF-8.
        public var text: String { String(decoding: bytes, as: UTF8.self) }
    }

    /// What is read, for messages.
    public let name: String
    /// Decides all damage.
    public let seed: UInt64
    /// How many damaged files there are.
    public let count: Int
    private let telling: [UInt8]

    /// A series of damaged files.
    ///
    /// - Parameters:
    ///   - name: What is read.
    ///   - count: How many there are, if the environment does not say otherwise.
    ///   - seed: Decides all damage, if the environment does not say otherwise.
    ///   - telling: Bytes that mean something in the format.
    ///   - slowness: Rounds that one of this series takes the time of; fewer are made in the long
    ///     mode accordingly.
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

    /// Damages files one after the other.
    ///
    /// - Parameters:
    ///   - originals: Files; each round damages one of them.
    ///   - prefix: How many of the first bytes are damaged; all unless given.
    ///   - read: Reads a damaged file and checks what comes of it.
    /// - Returns: The number of rounds in which `read` said that the file could be read.
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
            // Half of the rounds keep the length, so that lengths and offsets still fit.
            let keepsLength = number.isMultiple(of: 2)
            // Mostly one change: after many, hardly anything gets far into a reader.
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

    /// Puts a number there that is at the edge of what fits, as binary formats hold it.
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
