import HRMFigures
import Testing

@Suite struct TokenAppearanceTests {
    private func appearance(_ vocabularySize: Int?, _ length: Int) throws -> TokenAppearance {
        try #require(TokenAppearance(vocabularySize: vocabularySize, sequenceLength: length))
    }

    @Test func sizesTellWhatItIs() throws {
        for (vocabularySize, length, kind) in [
            (11, 81, .sudoku), (10, 81, .sudoku), (8, 36, .sudoku), (6, 16, .sudoku),
            (6, 900, .maze), (6, 81, .maze), (12, 900, .arc), (12, 25, .arc), (5, 25, .numbers),
            (6, 12, .numbers), (nil, 81, .numbers),
        ] as [(Int?, Int, TokenAppearance.Kind)] {
            #expect(try appearance(vocabularySize, length).kind == kind)
        }
        #expect(TokenAppearance(vocabularySize: 6, sequenceLength: 10_001) == nil)
        #expect(TokenAppearance(vocabularySize: 6, sequenceLength: 0) == nil)
        #expect(try appearance(3, 10_000).columns == 100)
    }

    @Test func sudokusHaveDigitsAndBoxes() throws {
        let input = [1, 2, 3, 4] + [Int](repeating: 1, count: 12)
        let output = (0..<16).map { 2 + $0 % 4 }
        let pictures = try appearance(6, 16).pictures(input: input, output: output)
        #expect(pictures.input.cells.prefix(5).map(\.glyph) == ["", "1", "2", "3", ""])
        #expect(pictures.output.cells.prefix(5).map(\.glyph) == ["1", "2", "3", "4", "1"])
        #expect(pictures.input.boxRows == 2 && pictures.input.boxColumns == 2)
        #expect(try appearance(6, 16).name(of: 1) == "blank")
        #expect(try appearance(6, 16).name(of: 5) == "4")

        let same = try appearance(6, 16).pictures(input: output, output: output)
        #expect(Set(same.output.cells.map(\.ink)).count == 1)
        #expect(pictures.output.cells[0].ink != same.output.cells[0].ink)

        let plain = try appearance(10, 81).pictures(
            input: (0..<81).map { $0 % 10 }, output: [Int](repeating: 9, count: 81))
        #expect(plain.input.cells.prefix(3).map(\.glyph) == ["", "1", "2"])
        #expect(plain.output.cells[0].glyph == "9" && plain.output.boxRows == 3)
    }

    @Test func mazesHaveTheirCharacters() throws {
        let tokens = [1, 2, 3, 4, 5, 1, 1, 2, 2]
        let pictures = try appearance(6, 9).pictures(input: tokens, output: tokens)
        #expect(pictures.input.cells.map(\.glyph) == ["#", "", "S", "G", "o", "#", "#", "", ""])
        #expect(Set(pictures.input.cells.map(\.fill)).count == 5)
    }

    @Test func whatIsKnownIsNotGuessed() throws {
        // 16 cells of 6 tokens would be a Sudoku.
        let maze = try #require(TokenAppearance(kind: .maze, rows: 4, columns: 4))
        #expect(maze.name(of: 1) == "#")
        let picture = maze.picture(.init([Int](repeating: 3, count: 16), marked: [2, 15]))
        #expect(Set(picture.cells.map(\.glyph)) == ["S"])
        #expect(picture.boxRows == 4 && picture.marked == [2, 15])

        let own = try #require(
            TokenAppearance(kind: .symbols, rows: 2, columns: 3, symbols: [".", "x"]))
        let layers = own.pictures(
            input: [2, 2, 1, 1, 1, 0], layers: [.init([2, 3, 1, 1, 1, 0], marked: [1, 5])])
        #expect(layers[0].cells.map(\.glyph) == [".", ".", "+", "+", "+", ""])
        #expect(layers[1].cells.map(\.glyph) == [".", "x", "+", "+", "+", ""])
        #expect(layers[1].cells[0].ink != layers[1].cells[1].ink)
        #expect(layers[0].marked.isEmpty && layers[1].marked == [1, 5])
        #expect(own.name(of: 3) == "x" && own.name(of: 4) == "4" && own.name(of: 1) == "end")
        let strange = own.picture(.init([4, 4, 4, 4, 4, -1]))
        #expect(strange.cells.allSatisfy { $0.glyph == "?" })
        #expect(TokenAppearance(kind: .symbols, rows: 128, columns: 128) == nil)
        #expect(TokenAppearance(kind: .arc, rows: 0, columns: 3) == nil)
    }

    /// Marks stay at their cells if edges are omitted.
    @Test func marksFollowTheirCells() throws {
        var input = [Int](repeating: 0, count: 25)
        for place in [12, 13, 17] { input[place] = 2 }
        let pictures = try appearance(12, 25).pictures(
            input: input, layers: [.init(input, marked: [13, 17, 0])])
        #expect(pictures[1].rows == 2 && pictures[1].columns == 2)
        #expect(pictures[1].marked == [1, 2])
    }

    @Test func paddingAtTheEdgesIsLeftOut() throws {
        // 5 × 5: the input is 1 × 2 at (1, 1), the output 2 × 1, both with end marks.
        var input = [Int](repeating: 0, count: 25)
        var output = input
        for (index, token) in [(6, 2), (7, 11), (8, 1), (11, 1), (12, 1)] { input[index] = token }
        for (index, token) in [(6, 5), (11, 4), (7, 1), (12, 1), (16, 1)] { output[index] = token }
        let pictures = try appearance(12, 25).pictures(input: input, output: output)
        #expect(pictures.input.rows == 3 && pictures.input.columns == 3)
        #expect(pictures.input.cells.map(\.glyph) == ["0", "9", "+", "+", "+", "", "", "", ""])
        #expect(pictures.output.cells.map(\.glyph) == ["3", "+", "", "2", "+", "", "+", "", ""])
        #expect(pictures.input.cells[0].fill == RGBColor(0x000000))
        #expect(pictures.input.cells[1].fill == RGBColor(0x870C25))
    }

    @Test func anythingIsDrawn() throws {
        for (vocabularySize, length) in [(nil, 7), (11, 81), (6, 9), (12, 25), (3, 1)] {
            let appearance = try appearance(vocabularySize, length)
            for token in [-100, 0, 5, 200, .max] {
                let tokens = [Int](repeating: token, count: length)
                let pictures = appearance.pictures(input: tokens, output: tokens)
                #expect(pictures.input.cells.count >= length)
                #expect(!appearance.name(of: token).isEmpty)
            }
        }
    }
}
