import Foundation
import HRM
import HRMData
import HRMFigures
import Testing

@testable import HRMCommand

/// Pictures of tasks and of attempts at them.
extension ARCTests {
    @Test func pictures() throws {
        try Workbench.use { bench in
            try Self.prepareAndTrain(bench)
            let known = "tasks/evaluation/task4.json"
            let plain = try bench.hrm("solve", "--checkpoint", "run", known)
            let drawn = try bench.hrm(
                "solve", "--checkpoint", "run", "--svg", "a.svg", "--png", "a.png", known)
            #expect(drawn.status == 0 && drawn.output == plain.output, "\(drawn.errors)")
            let svg = String(decoding: try bench.bytes("a.svg"), as: UTF8.self)
            for caption in ["task4, example 2", "task4, test 1", "attempt 1: ", "right answer"] {
                #expect(svg.contains(caption), "\(svg) lacks \(caption)")
            }
            #expect(try bench.bytes("a.png").starts(with: [0x89, 0x50, 0x4E, 0x47]))

            let shown = try bench.hrm(
                "evaluate", "--checkpoint", "run", "--data", "data", "--examples", "2", "--svg",
                "b.svg")
            #expect(shown.status == 0, "\(shown.errors)")
            for text in [shown.output, String(decoding: try bench.bytes("b.svg"), as: UTF8.self)] {
                #expect(text.contains("task4, test 1") && text.contains("task5, test 1"))
                #expect(text.contains("attempt 1: ") && text.contains("right answer"))
            }
            #expect(!shown.output.contains("\u{1B}"))
        }
    }

    /// Pipes have no colours, so the output of a terminal is tested.
    @Test func attemptsAreMarkedWhereTheyAreWrong() {
        let right = PuzzleGrid(rows: 1, columns: 2, cells: [3, 4])
        let task = ARCTask(
            name: "x", demonstrations: [ARCPair(input: right, output: right)],
            tests: [ARCPair(input: right, output: right)])
        let canvas = ARCCanvas(size: 3)
        var vote = ARCVote(tasks: [task], canvas: canvas)
        func add(_ cells: [UInt8]) {
            let answer = PuzzleGrid(rows: 1, columns: cells.count, cells: cells)
            vote.add(
                name: "x", input: canvas.encode(right).map(Int32.init),
                answer: canvas.encode(answer).map(Int32.init), qHalt: 0)
        }
        for cells in [[3, 7, 7], [3, 7, 7], [3, 4]] as [[UInt8]] { add(cells) }
        let digits = ARCAnswerText.text(of: vote)
        #expect(digits.contains("attempt 1: 2 votes, confidence 50.0 %, wrong\n  3 7 7\n"))
        #expect(!ARCAnswerText.text(of: vote, showsGrids: false).contains("3 7 7"))
        let rows = ARCPictures.answers(of: vote, task: 0)
        #expect(
            rows[0].map(\.caption) == [
                "x, test 1", "attempt 1: wrong", "attempt 2: right", "right answer",
            ])
        #expect(rows[0].map(\.picture.marked) == [[], [1, 2], [], []])
        let demonstration = ARCPictures.demonstrations(of: task)[0]
        #expect(demonstration.map(\.caption) == ["x, example 1", "answer"])
        vote = ARCVote(tasks: [task], canvas: canvas)
        vote.add(
            name: "x", input: canvas.encode(right).map(Int32.init),
            answer: [Int32](repeating: 0, count: 9), qHalt: 0)
        #expect(ARCPictures.answers(of: vote, task: 0)[0][1].picture == .empty)
    }
}
