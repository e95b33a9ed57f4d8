import HRMTensor
import Testing

@testable import HRMData

@Suite struct GridSymmetryTests {
    static let grid = PuzzleGrid(rows: 2, columns: 3, cells: [0, 1, 2, 3, 2, 1])
    static let marks = GridAlphabet.characters(Array(".-<>^v12345"))

    static func map(_ text: String) throws(GridError) -> GridSymmetryMap {
        try GridSymmetryMap(parsing: text, alphabet: marks)
    }

    /// Returns the image of a grid, both in the notation of files.
    static func image(_ text: String, under map: String) throws -> String {
        let symmetry = try Self.map(map).symmetry(symbolCount: marks.count)
        let grid = try GridNotation(alphabet: marks).grid(text)
        #expect(symmetry.inverse.apply(to: symmetry.apply(to: grid)) == grid)
        return marks.line(symmetry.apply(to: grid))
    }

    @Test func undoneItIsTheIdentity() throws {
        var random = SeededGenerator(seed: 5)
        let symmetries = GridSymmetries(isDihedral: true, exchangeableSymbols: [1, 2, 3])
        #expect(symmetries.count == 48)
        let combinations = try symmetries.combinations(symbolCount: 5)
        #expect(combinations.map(\.transform) == DihedralTransform.allCases)
        var seen: Set<GridSymmetry> = []
        for _ in 0..<2000 {
            let symmetry = symmetries.random(among: combinations, using: &random)
            seen.insert(symmetry)
            #expect(symmetry.inverse.apply(to: symmetry.apply(to: Self.grid)) == Self.grid)
            #expect(symmetry.symbolMap[0] == 0 && symmetry.symbolMap[4] == 4)
        }
        #expect(seen.count == 48)
    }

    @Test func countsDoNotOverflow() {
        #expect(GridSymmetries().count == 1)
        #expect(GridSymmetries(isDihedral: true).count == 8)
        #expect(GridSymmetries(exchangeableSymbols: [3]).count == 1)
        #expect(GridSymmetries(exchangeableSymbols: Array(0..<200)).count == .max)
    }

    @Test func transformsCompose() {
        for first in DihedralTransform.allCases {
            #expect(DihedralTransform(name: first.name) == first)
            #expect(first.followed(by: first.inverse) == .identity)
            for second in DihedralTransform.allCases {
                #expect(
                    first.followed(by: second).apply(to: Self.grid)
                        == second.apply(to: first.apply(to: Self.grid)))
            }
        }
        #expect(DihedralTransform(name: "flip") == nil)
    }

    /// Marks between cells are transformed with the board, and numbers with the order.
    @Test func symbolsAreRenamed() throws {
        #expect(try Self.image("1<2/v-^/3>.", under: "flip-horizontal: <>") == "2>1/^-v/.<3")
        #expect(try Self.image("1<2/v-^/3>.", under: "transpose: <^ >v") == "1>3/^-v/2<.")
        #expect(try Self.image("1<2/v-^/3>.", under: "rotate-90: <v>^") == "2<./v-^/1>3")
        #expect(try Self.image("1<2/v-^/3>.", under: "identity:<> ^v 15 24") == "5>4/^-v/3<.")
        #expect(try Self.image("1<2", under: "flip-vertical") == "1<2")
        let numbers = try GridSymmetryMap(parsing: "identity: 1,12 3", alphabet: .numbers(13))
        #expect(numbers.renamed == [1: 12, 12: 1, 3: 3])
    }

    /// Two or three maps, and their products.
    @Test func mapsHaveAllTheirProducts() throws {
        let maps = ["flip-horizontal: <>", "transpose: <^ >v", "identity: <> ^v 15 24"]
        var symmetries = GridSymmetries(maps: try maps.prefix(2).map { try Self.map($0) })
        #expect(symmetries.swapsAxes)
        var combinations = try symmetries.combinations(symbolCount: 11)
        #expect(Set(combinations.map(\.transform)).count == 8)
        #expect(combinations.count == 8)
        symmetries.maps.append(try Self.map(maps[2]))
        combinations = try symmetries.combinations(symbolCount: 11)
        #expect(combinations.count == 16 && Set(combinations).count == 16)
        for one in combinations {
            for other in combinations {
                #expect(combinations.contains(one.followed(by: other)))
            }
        }
        #expect(!GridSymmetries(maps: [try Self.map(maps[0])]).swapsAxes)
        #expect(try GridSymmetries().combinations(symbolCount: 3).count == 1)
    }

    @Test func mistakesAreNamed() {
        func expect(_ text: String, _ words: String) {
            do throws(GridError) {
                _ = try Self.map(text).symmetry(symbolCount: 11)
                Issue.record("\(text) was accepted")
            } catch {
                #expect(error.description.contains(words), "\(error)")
            }
        }
        expect("flip: <>", "'flip' is no turn or flip; use one of identity, rotate-90")
        expect("", "'' is no turn or flip")
        expect("transpose: <x", "'x' in row 1, column 2 is not in the alphabet")
        expect("transpose: <^ >^", "'^' is renamed twice")
        expect("transpose: <<", "'<' is renamed twice")
        let beyond = GridSymmetryMap(transform: .identity, renamed: [3: 4, 4: 3])
        #expect(throws: GridError.unknownSymbol(4, count: 4)) {
            try GridSymmetries(maps: [beyond]).combinations(symbolCount: 4)
        }
        // Cycles of 11, 13, 17 and 19 symbols have 46,189 products.
        var (renamed, first) = ([UInt8: UInt8](), UInt8(0))
        for length in [11, 13, 17, 19] as [UInt8] {
            for step in 0..<length { renamed[first + step] = first + (step + 1) % length }
            first += length
        }
        let many = GridSymmetries(maps: [.init(transform: .identity, renamed: renamed)])
        #expect(throws: GridError.tooManySymmetries(limit: 4096)) {
            try many.combinations(symbolCount: 60)
        }
    }

    @Test func theirTextCanBeReadAgain() throws {
        for text in ["flip-horizontal: <>", "rotate-90: <v>^", "identity: <> ^v 15 24"] {
            let symmetry = try Self.map(text).symmetry(symbolCount: 11)
            #expect(symmetry.text(Self.marks) == "'\(text)'")
        }
        #expect(try Self.map("transpose").symmetry(symbolCount: 11).text(Self.marks) == "transpose")
        let numbers = try GridSymmetryMap(parsing: "identity: 1,12", alphabet: .numbers(13))
        #expect(
            try numbers.symmetry(symbolCount: 13).text(.numbers(13)) == "'identity: 1,12'")
    }
}

/// Declared symmetries are checked against the evidence in the pairs.
@Suite struct GridSymmetryCheckTests {
    private func doubts(
        about symmetries: GridSymmetries, _ pairs: [GridPair], symbolCount: Int
    ) throws -> [GridSymmetryDoubt] {
        try GridSymmetryCheck(pairs).doubts(
            about: try GridSymmetryGroup(symmetries, symbolCount: symbolCount))
    }

    private func futoshiki(_ count: Int) throws -> [GridPair] {
        var random = SeededGenerator(seed: 3)
        var generator = try FutoshikiGenerator(size: 4)
        return try (0..<count).map { _ in try generator.next(using: &random) }
    }

    @Test func marksThatAFlipDoesNotRenameAreSeen() throws {
        let pairs = try futoshiki(150)
        let alphabet = FutoshikiGenerator.alphabet(size: 4)
        func found(_ symmetries: GridSymmetries) throws -> [String] {
            try doubts(about: symmetries, pairs, symbolCount: 10).map { $0.text(alphabet) }
        }
        func maps(_ texts: String...) throws -> GridSymmetries {
            GridSymmetries(
                maps: try texts.map { try GridSymmetryMap(parsing: $0, alphabet: alphabet) })
        }
        #expect(try found(GridSymmetries()).isEmpty)
        #expect(
            try found(
                maps("flip-horizontal: <>", "transpose: <^ >v", "identity: <> ^v 14 23")
            ).isEmpty)
        let plain = try found(GridSymmetries(isDihedral: true))
        #expect(plain.count == 2)
        #expect(plain.first?.contains("the symmetry flip-horizontal may not be one") == true)
        #expect(plain.first?.contains("--symmetry-map") == true)
        #expect(try found(maps("identity: 14 23")).count == 1)
        // Neighbours in the order, and numbers that some question lacks.
        let exchanged = try found(GridSymmetries(exchangeableSymbols: [6, 7, 8, 9]))
        #expect(exchanged.count == 4 && exchanged[0].contains("contradicts the pairs"))
        #expect(exchanged[1].contains("may not be one") && exchanged[1].contains("--fixed-symbols"))
        // Only the wrong symmetry is doubtful.
        let mixed = try found(maps("flip-horizontal: <>", "flip-vertical"))
        #expect(mixed.count == 1 && mixed.first?.contains("flip-vertical") == true)
    }

    @Test func puzzlesWithASymmetryAreNotDoubted() throws {
        var random = SeededGenerator(seed: 4)
        var binary = try BinaryPuzzleGenerator(size: 4, givens: 0)
        let squares = try (0..<60).map { _ in try binary.next(using: &random) }
        #expect(
            try doubts(
                about: GridSymmetries(isDihedral: true, exchangeableSymbols: [1, 2]), squares,
                symbolCount: 3
            ).isEmpty)
        var skyscrapers = try SkyscrapersGenerator(size: 4)
        let towers = try (0..<150).map { _ in try skyscrapers.next(using: &random) }
        #expect(
            try doubts(about: GridSymmetries(isDihedral: true), towers, symbolCount: 6).isEmpty)
        #expect(
            try doubts(about: GridSymmetries(exchangeableSymbols: [2, 5]), towers, symbolCount: 6)
                .count == 1)
    }

    /// Interchangeable symbols are checked against the pairs under every exchange.
    @Test func exchangesThatContradictThePairsAreSeen() throws {
        let alphabet = GridAlphabet.characters(Array(".abc"))
        let notation = GridNotation(alphabet: alphabet)
        func pairs(_ texts: (String, String)...) throws -> [GridPair] {
            try texts.map {
                GridPair(input: try notation.grid($0.0), output: try notation.grid($0.1))
            }
        }
        func found(_ pairs: [GridPair], _ symmetries: GridSymmetries) throws -> [String] {
            try doubts(about: symmetries, pairs, symbolCount: 4).map { $0.text(alphabet) }
        }
        let letters = GridSymmetries(exchangeableSymbols: [1, 2, 3])
        // The blank is the first letter.
        let first = try pairs(("abc.", "abca"), ("bca.", "bcab"), ("ccb.", "ccbc"))
        #expect(try found(first, letters).isEmpty)
        // The same with the first letter of the alphabet among them, which exchanges do not
        // preserve.
        let order = try pairs(("abc.", "abca"), ("bca.", "bcaa"), ("ccb.", "ccbb"))
        #expect(
            try found(order, letters) == [
                "the symmetry 'identity: acb' contradicts the pairs: it makes the question bca. the "
                    + "question abc., but their answers are not each other's images; leave it out, or "
                    + "name symbols that are not exchanged with --fixed-symbols"
            ])
        // Fixed symbols are not exchanged.
        #expect(try found(order, GridSymmetries(exchangeableSymbols: [3])).isEmpty)
        // If an answer has a letter that the question lacks, any other letter would be equally
        // correct.
        let absent = try found(try pairs(("aa.", "aab")), letters)
        #expect(
            absent == [
                "the symmetry 'identity: bc' contradicts the pairs: it leaves the question aa. as it "
                    + "is, but not its answer; leave it out, or name symbols that are not exchanged "
                    + "with --fixed-symbols"
            ])
        #expect(try found(try pairs(("aab.", "aabc")), letters).isEmpty)
        // After the flip, the first letter is the last one: always the letter at the left or right
        // end.
        let both = GridSymmetries(isDihedral: true, exchangeableSymbols: [1, 2, 3])
        let left = try found(try pairs(("abc.", "abca"), (".cab", "ccab")), both)
        #expect(left.contains { $0.contains("flip-horizontal") }, "\(left)")
        #expect(try found(try pairs(("abc.", "abca"), (".cab", "bcab")), both).isEmpty)
    }

    /// With gravity, the flipped board has a different answer, which is in the file.
    @Test func answersThatAreNoImagesAreSeen() throws {
        func pair(_ input: [UInt8], _ output: [UInt8]) -> GridPair {
            GridPair(
                input: PuzzleGrid(rows: 2, columns: 1, cells: input),
                output: PuzzleGrid(rows: 2, columns: 1, cells: output))
        }
        let pairs = [pair([1, 0], [0, 1]), pair([0, 1], [0, 1]), pair([0, 0], [0, 0])]
        let found = try doubts(
            about: GridSymmetries(isDihedral: true), pairs, symbolCount: 2)
        #expect(!found.isEmpty)
        for doubt in found {
            guard case .answers = doubt.evidence else {
                Issue.record("\(doubt)")
                continue
            }
            #expect(doubt.text(.numbers(2)).contains("contradicts the pairs"))
        }
        #expect(found.contains { $0.symmetry.transform == .verticalFlip })
        #expect(!found.contains { $0.symmetry.transform == .horizontalFlip })
    }
}
