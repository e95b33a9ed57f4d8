import Testing

@testable import HRMFigures

@Suite struct SampleBoardPictureTests {
    private func sheet(
        question: [Int], prediction: [Int], answer: [Int?], vocabulary: Int
    ) throws -> [PictureSheet.Panel] {
        let appearance = try #require(
            TokenAppearance(vocabularySize: vocabulary, sequenceLength: question.count))
        let sample = SampleBoardPicture(
            title: "step 5, all 0", question: question, prediction: prediction, answer: answer,
            appearance: appearance)
        let size = sample.sheet.pngSize
        let decoded = try DecodedPNG(sample.sheet.png)
        #expect(decoded.width == size.width && decoded.height == size.height)
        #expect(sample.sheet.rows.count == 1)
        return sample.sheet.rows[0]
    }

    @Test func wrongCellsOfASudokuAreMarked() throws {
        // Tokens are digits plus one; 1 is blank.
        let answer = [2, 3, 4, 5, 4, 5, 2, 3, 3, 2, 5, 4, 5, 4, 3, 2]
        var question = answer
        for index in [0, 5, 10, 15] { question[index] = 1 }
        var prediction = answer
        prediction[5] = 2
        prediction[10] = 3
        let panels = try sheet(
            question: question, prediction: prediction, answer: answer, vocabulary: 6)
        #expect(
            panels.map(\.caption) == ["step 5, all 0", "answer: 2 of 16 wrong", "right answer"])
        #expect(panels[0].picture.cells[0].glyph.isEmpty && panels[0].picture.cells[1].glyph == "2")
        #expect(panels[1].picture.cells[5].glyph == "1" && panels[2].picture.cells[5].glyph == "4")
        #expect(panels[1].picture.marked == [5, 10])
        #expect(panels[0].picture.marked.isEmpty && panels[2].picture.marked.isEmpty)
        #expect(panels[1].picture.boxRows == 2)

        let solved = try sheet(
            question: question, prediction: answer, answer: answer, vocabulary: 6)
        #expect(solved[1].caption == "answer: all right")
    }

    @Test func whatDoesNotCountIsNotShown() throws {
        // ARC: 0 is padding, 1 ends a grid, colour c is c + 2; the last column does not count.
        let question = [2, 3, 0, 4, 5, 0, 0, 0, 0]
        let answer: [Int?] = [5, 4, nil, 3, 2, nil, nil, nil, nil]
        let panels = try sheet(
            question: question, prediction: [5, 4, 9, 3, 3, 9, 9, 9, 9], answer: answer,
            vocabulary: 12)
        #expect(panels[1].caption == "answer: 1 of 4 wrong")
        #expect(panels[1].picture.rows == 2 && panels[1].picture.columns == 2)
        #expect(panels[1].picture.cells[0] == panels[2].picture.cells[0])
        #expect(panels[1].picture.marked == [3])
    }
}
