import Foundation
import HRMData
import HRMFiles
import Testing
import _HRMTestSupport

@Suite struct PuzzleTaskTests {
    static let tasks: [PuzzleTask] = {
        guard let characters = try? GridAlphabet(characters: ".#é"),
            let canvas = try? GridCanvas(rows: 3, columns: 5),
            let symmetries = try? GridSymmetryGroup(
                GridSymmetries(
                    isDihedral: true, exchangeableSymbols: [5, 2, 11],
                    maps: [.init(transform: .rotation90, renamed: [0: 1, 1: 3, 3: 0, 4: 4])]),
                symbolCount: 12)
        else { return [] }
        return [
            .sudoku(.six), .sudoku(.tallSix), .sudoku(.eight), .maze(size: 4), .maze(size: 30),
            .grid(GridTask(alphabet: characters, canvas: canvas)),
            .grid(GridTask(alphabet: .numbers(12), canvas: canvas, names: ["b", "a \"x\""])),
            .grid(
                GridTask(
                    alphabet: .numbers(12), canvas: canvas, symmetries: symmetries,
                    fillsCanvas: true)),
        ]
    }()

    @Test func descriptionsComeBack() throws {
        #expect(Self.tasks.count == 8)
        for task in Self.tasks {
            #expect(try PuzzleTask(jsonText: task.jsonText(), path: "f") == task)
        }
        #expect(try Self.tasks[0].jsonText() == #"{"size":6,"task":"sudoku"}"#)
        #expect(
            try Self.tasks[1].jsonText()
                == #"{"box_columns":2,"box_rows":3,"size":6,"task":"sudoku"}"#)
        #expect(try Self.tasks[3].jsonText() == #"{"size":4,"task":"maze"}"#)
        let wideMaze = PuzzleTask.maze(size: .init(rows: 4, columns: 7))
        #expect(try wideMaze.jsonText() == #"{"columns":7,"rows":4,"task":"maze"}"#)
        #expect(try PuzzleTask(jsonText: wideMaze.jsonText(), path: "f") == wideMaze)
    }

    @Test func boxesAreCompared() {
        let wide = PuzzleTask.sudoku(.six)
        #expect(wide.boxMismatch(with: .sudoku(.six)) == nil && wide.boxMismatch(with: nil) == nil)
        #expect(wide.boxMismatch(with: .maze(size: 6)) == nil)
        #expect(
            wide.boxMismatch(with: .sudoku(.tallSix))
                == "the data are Sudokus with boxes of 3 rows and 2 columns; the model knows boxes of 2 rows "
                + "and 3 columns")
    }

    @Test func foldersWithoutDescriptionAreRecognised() {
        func task(_ vocabulary: Int, _ length: Int) -> PuzzleTask? {
            PuzzleTask(vocabularySize: vocabulary, sequenceLength: length)
        }
        #expect(task(11, 81) == .sudoku(.nine))
        #expect(task(6, 16) == .sudoku(.four))
        #expect(task(6, 900) == .maze(size: 30))
        #expect(task(6, 81) == .maze(size: 9))
        // These sizes are never derived for a folder without a description.
        #expect(task(10, 64) == nil)
        #expect(task(8, 36) == .sudoku(.six))
        #expect(task(12, 900) == nil)
        #expect(task(6, 80) == nil)
        #expect(task(5, 100) == nil)
    }

    @Test(arguments: [
        "{}", "[]", "", #"{"task":"chess"}"#, #"{"task":"sudoku","size":5}"#,
        #"{"task":"sudoku","size":6,"box_rows":3}"#, #"{"task":"sudoku","size":6,"box_rows":"3"}"#,
        #"{"task":"sudoku","size":6,"box_rows":3,"box_columns":3}"#,
        #"{"task":"maze","size":1}"#, #"{"task":"maze","size":1000000000000}"#,
        #"{"task":"maze"}"#, #"{"task":"maze","rows":4}"#,
        #"{"task":"maze","size":4,"rows":5,"columns":4}"#, #"{"task":"maze","rows":4,"columns":1}"#,
        #"{"task":"grid","rows":3,"columns":3}"#,
        #"{"task":"grid","rows":3,"columns":3,"symbols":0}"#,
        #"{"task":"grid","rows":3,"columns":3,"symbols":255}"#,
        #"{"task":"grid","rows":0,"columns":3,"symbols":5}"#,
        #"{"task":"grid","rows":3,"columns":3,"alphabet":"aa"}"#,
        #"{"task":"grid","rows":3,"columns":3,"alphabet":"ab","names":[1]}"#,
        #"{"task":"grid","rows":3,"columns":3,"symbols":2,"symmetries":{"dihedral":true}}"#,
        #"{"task":"grid","rows":3,"columns":3,"symbols":2,"symmetries":{"symbols":3}}"#,
        #"{"task":"grid","rows":3,"columns":3,"symbols":2,"symmetries":{"symbols":2,"exchangeable":[0,2]}}"#,
        #"{"task":"grid","rows":3,"columns":3,"symbols":2,"symmetries":{"symbols":2,"exchangeable":[1,1]}}"#,
        #"{"task":"grid","rows":3,"columns":3,"symbols":2,"symmetries":{"symbols":2,"maps":[{"transform":"flip","symbols":[0,1]}]}}"#,
        #"{"task":"grid","rows":3,"columns":3,"symbols":2,"symmetries":{"symbols":2,"maps":[{"transform":"transpose","symbols":[0,0]}]}}"#,
    ])
    func impossibleDescriptionsAreRefused(_ text: String) {
        #expect {
            try PuzzleTask(jsonText: text, path: "f.json")
        } throws: { error in
            guard case .malformedJSON("f.json", let reason)? = error as? DatasetError else {
                return false
            }
            return !reason.isEmpty
        }
    }

    @Test func survivesMutation() throws {
        let series = Mutations(
            "task JSON", count: 3000, seed: 5, telling: "[]{},:\"0123456789-.e".utf8)
        let originals = try Self.tasks.map { Array(try $0.jsonText().utf8) }
        series.run(on: originals) { round in
            guard let read = try? PuzzleTask(jsonText: round.text, path: "f") else { return false }
            #expect((1...(1 << 16)).contains(read.sequenceLength), "\(round.description)")
            #expect((1...256).contains(read.vocabularySize), "\(round.description)")
            return true
        }
    }

    @Test func foldersCarryTheirDescription() throws {
        try withScratchFolder { folder in
            let task = Self.tasks[5]
            let metadata = DatasetMetadata(
                vocabularySize: 5, sequenceLength: 15, groupCount: 1)
            let set = PuzzleArrays(
                inputs: CompactIntegers([UInt8](repeating: 2, count: 15)),
                labels: CompactIntegers([UInt8](repeating: 2, count: 15)),
                puzzleIdentifiers: [0], puzzleIndices: [0, 1], groupIndices: [0, 1])
            let dataset = try PuzzleDataset(metadata: metadata, sets: [set], task: task)
            try dataset.write(folder: folder, split: "train")
            try dataset.write(folder: folder, split: "test")
            #expect(try names(in: folder) == ["task.json", "test", "train"])
            #expect(try PuzzleDataset(folder: folder, split: "test").task == task)

            let other = try PuzzleDataset(metadata: metadata, sets: [set])
            #expect(other.task == nil)
            let file = folder.appendingPathComponent("task.json")
            try write(#"{"task":"maze","size":4}"#, to: file)
            #expect {
                try PuzzleDataset(folder: folder, split: "test")
            } throws: { error in
                "\(error)".contains("16 cells of 6 tokens") && "\(error)".contains("task.json")
            }
        }
    }
}
