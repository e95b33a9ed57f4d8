import Foundation
import HRMData
import HRMFiles
import Testing

@testable import HRMPerTask

/// The preparation of tasks, against recorded numbers and by properties.
@Suite struct TaskTensorsTests {
    struct Case: Decodable {
        struct Settings: Decodable { var task: String }
        struct Facts: Decodable {
            var train: Int
            var test: Int
            var colours: [UInt8]
            var rows: Int
            var columns: Int
            var same_size_in_out: Bool
            var all_inputs_same_size: Bool
            var all_outputs_same_size: Bool
        }
        var settings: Settings
        var facts: Facts
        var positions_total: Int
    }

    static func task(_ folder: GoldenFolder) throws -> ARCTask {
        let url = folder.url.appendingPathComponent("task.json")
        return try #require(try ARCTaskCollection(sources: [url]).entries.first?.task)
    }

    @Test(arguments: GoldenFolder.names("prep_")) func matchesRecordedCase(_ name: String) throws {
        let folder = GoldenFolder(name)
        let recorded = try folder.json(Case.self)
        let tensors = TaskTensors(try TaskExamples(try Self.task(folder)))
        let facts = recorded.facts
        #expect(tensors.trainingExamples == facts.train && tensors.tests == facts.test)
        #expect(tensors.palette == facts.colours && tensors.colours == facts.colours.count - 1)
        #expect((tensors.rows, tensors.columns) == (facts.rows, facts.columns))
        #expect(tensors.sizeIsKept == facts.same_size_in_out)
        #expect(tensors.inputSizesAgree == facts.all_inputs_same_size)
        #expect(tensors.outputSizesAgree == facts.all_outputs_same_size)
        #expect(TaskCost(tensors).positions == recorded.positions_total)
        let files = try folder.tensors("ids")
        func integers(_ name: String) throws -> [Int] {
            try #require(try files.tensor(name).integers())
        }
        #expect(
            try integers("sizes")
                == tensors.sizes.flatMap { $0.flatMap { [$0.rows, $0.columns] } })
        #expect(try integers("mask") == tensors.mask.map { Int($0) })
        #expect(try integers("cell_colour_index") == tensors.cells.map { Int($0) })
        #expect(try integers("row_addend") == tensors.rowAddends.map { Int($0) })
        #expect(try integers("column_addend") == tensors.columnAddends.map { Int($0) })
    }

    /// The correct answers of a file reach nothing: other ones, or none, give the same tensors.
    @Test(arguments: GoldenFolder.names("prep_")) func testOutputsChangeNothing(
        _ name: String
    ) throws {
        let task = try Self.task(GoldenFolder(name))
        try #require(task.tests.contains { $0.output != nil })
        let examples = try TaskExamples(task)
        let expected = TaskTensors(examples)
        let huge = PuzzleGrid(rows: 30, columns: 30, cells: (0..<900).map { UInt8($0 % 10) })
        for output in [nil, huge, PuzzleGrid(rows: 1, columns: 1, cells: [9])] {
            var other = task
            for index in other.tests.indices { other.tests[index].output = output }
            #expect(try TaskExamples(other) == examples)
            let tensors = TaskTensors(try TaskExamples(other))
            #expect(tensors.cells == expected.cells && tensors.mask == expected.mask)
            #expect(tensors.sizes == expected.sizes && tensors.palette == expected.palette)
            #expect(
                (tensors.rows, tensors.columns) == (expected.rows, expected.columns))
        }
    }

    @Test func blackGridsHaveAColourAxis() throws {
        let black = PuzzleGrid(rows: 1, columns: 2, cells: [0, 0])
        let task = ARCTask(
            name: "black", demonstrations: [ARCPair(input: black, output: black)],
            tests: [ARCPair(input: black, output: nil)])
        let tensors = TaskTensors(try TaskExamples(task))
        #expect(tensors.palette == [0, 1] && tensors.colours == 1)
        #expect(tensors.cells.allSatisfy { $0 == 0 })
    }

    @Test func unusableTasksAreRefused() throws {
        let grid = PuzzleGrid(rows: 1, columns: 1, cells: [1])
        let pair = ARCPair(input: grid, output: grid)
        let question = ARCPair(input: grid, output: nil)
        func problem(_ demonstrations: [ARCPair], _ tests: [ARCPair]) -> TaskExamplesError? {
            do throws(TaskExamplesError) {
                _ = try TaskExamples(
                    ARCTask(name: "a\nb", demonstrations: demonstrations, tests: tests))
                return nil
            } catch {
                return error
            }
        }
        #expect(problem([pair], [question]) == nil)
        #expect(problem([], [question])?.problem == .noDemonstrations)
        #expect(problem([pair], [])?.problem == .noTests)
        #expect(problem([pair, question], [question])?.problem == .missingOutput(pair: 2))
        let wide = PuzzleGrid(rows: 1, columns: 31, cells: Array(repeating: 0, count: 31))
        #expect(
            problem([pair], [ARCPair(input: wide, output: nil)])?.problem
                == .gridSize(rows: 1, columns: 31))
        let strange = PuzzleGrid(rows: 1, columns: 1, cells: [10])
        #expect(
            problem([ARCPair(input: strange, output: grid)], [question])?.problem
                == .notAColor(10))
        let text = problem([], [question])?.description ?? ""
        #expect(text.hasPrefix("task a") && !text.contains("\n"))
    }

    /// The published counts, rounded as they are written.
    @Test(arguments: [
        (4, 3, 5, 5, 5_215, 1.80e8), (4, 4, 10, 10, 21_820, 7.75e8),
        (5, 5, 15, 15, 69_168, 2.48e9), (5, 9, 30, 30, 432_534, 1.58e10),
        (4, 1, 6, 3, 2_029, 6.8e7),
    ]) func costs(
        _ e: Int, _ c: Int, _ x: Int, _ y: Int, positions: Int, flop: Double
    ) {
        let cost = TaskCost(examples: e, colours: c, rows: x, columns: y)
        #expect(cost.positions == positions)
        #expect(abs(cost.flopPerStep / flop - 1) < 0.005)
    }
}
