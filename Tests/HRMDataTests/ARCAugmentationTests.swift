import HRMData
import HRMTensor
import Testing

@Suite struct ARCAugmentationTests {
    /// Returns any augmentation, which may also permute colour 0.
    static func random(_ random: inout SeededGenerator) throws -> ARCAugmentation {
        let order = (0..<10).map { UInt8($0) }.shuffled(using: &random)
        let colors = try #require(ARCColorPermutation(colors: order))
        let transform = DihedralTransform.allCases.randomElement(using: &random) ?? .identity
        return ARCAugmentation(transform: transform, colors: colors)
    }

    @Test func undoneIsTheIdentity() throws {
        var random = SeededGenerator(seed: 1)
        for _ in 0..<300 {
            let augmentation = try Self.random(&random)
            let grid = ARCSamples.grid(upTo: 9, using: &random)
            #expect(augmentation.undo(on: augmentation.apply(to: grid)) == grid)
            #expect(augmentation.apply(to: augmentation.undo(on: grid)) == grid)
            #expect(augmentation.colors.inverse.inverse == augmentation.colors)
        }
        let empty = PuzzleGrid(rows: 0, columns: 0, cells: [])
        let last = try Self.random(&random)
        #expect(last.undo(on: empty) == empty)
    }

    @Test(arguments: ["_", "|||", "-", "--", "::"])
    func namesAreTakenApart(separator: String) throws {
        #expect(ARCAugmentation.isUsable(separator: separator))
        var random = SeededGenerator(seed: 2)
        for task in ["007bbfb7", "a_b_l6ab0lf3xztbyxsu3p", "x_", "t3", "é|", "x_t3_012345678"] {
            let augmentation = try Self.random(&random)
            let name = augmentation.name(of: task, separator: separator)
            let parsed = ARCAugmentation.parse(name)
            #expect(parsed.task == task)
            #expect(parsed.augmentation == augmentation)
            #expect(ARCAugmentation.parse(task).task == task)
            #expect(ARCAugmentation.parse(task).augmentation == .identity)
        }
    }

    @Test(arguments: [
        "", "<blank>", "0123456789", "_0123456789", "_t1_0123456789", "a_t8_0123456789",
        "a_t1_0123456788", "a_t1|0123456789", "a_x1_0123456789", "a_t1_012345678",
        "at10123456789", "a_1_0123456789",
    ])
    func otherNamesStandForThemselves(_ name: String) {
        #expect(ARCAugmentation.parse(name).task == name)
        #expect(ARCAugmentation.parse(name).augmentation == .identity)
    }

    @Test(arguments: ["", "a", "0", " ", "_1", "é", "_________"])
    func unusableSeparators(_ separator: String) {
        #expect(!ARCAugmentation.isUsable(separator: separator))
    }

    @Test func permutationsLoseNoColor() {
        #expect(ARCColorPermutation(colors: [0, 1, 2]) == nil)
        #expect(ARCColorPermutation(colors: [0, 1, 2, 3, 4, 5, 6, 7, 8, 8]) == nil)
        #expect(ARCColorPermutation(colors: [0, 1, 2, 3, 4, 5, 6, 7, 8, 10]) == nil)
    }

    /// The hash is equal for a pair and its augmentations that fix colour 0, and different
    /// otherwise.
    @Test func symmetricHashes() throws {
        var random = SeededGenerator(seed: 3)
        var hashes: Set<String> = []
        for _ in 0..<60 {
            let pair = ARCSamples.pair(upTo: 5, using: &random)
            let hash = ARCContentHash.symmetricHash(of: pair)
            hashes.insert(hash)
            let order = [0] + (1..<10).map { UInt8($0) }.shuffled(using: &random)
            let colors = try #require(ARCColorPermutation(colors: order))
            for transform in DihedralTransform.allCases {
                let augmentation = ARCAugmentation(transform: transform, colors: colors)
                let varied = ARCPair(
                    input: augmentation.apply(to: pair.input),
                    output: pair.output.map(augmentation.apply))
                #expect(ARCContentHash.symmetricHash(of: varied) == hash)
            }
        }
        #expect(hashes.count > 50)
    }
}
