import Foundation
import HRM
import Testing

/// ARC tasks from their pairs to a submission, by a program that imports `HRM` alone.
@Suite struct ARCTests {
    /// A task whose answer is a single cell of its own colour, whatever the input; the test input is
    /// that of a demonstration.
    static func task(_ color: UInt8) -> ARCTask {
        func row(_ length: Int) -> PuzzleGrid {
            PuzzleGrid(
                rows: 1, columns: length, cells: [UInt8](repeating: color, count: length))
        }
        let answer = PuzzleGrid(rows: 1, columns: 1, cells: [9 - color])
        let pairs = [3, 2, 3].map { ARCPair(input: row($0), output: answer) }
        return ARCTask(
            name: "task\(color)", demonstrations: Array(pairs[..<2]), tests: [pairs[2]])
    }

    /// Two tasks, and a model that was trained on their demonstrations until it knows the answers.
    struct Trained {
        let tasks = [ARCTests.task(2), ARCTests.task(3)]
        let data: URL
        let run: URL

        init(in folder: URL, steps: Int) throws {
            data = folder.appendingPathComponent("data")
            run = folder.appendingPathComponent("run")
            let sources = folder.appendingPathComponent("tasks/evaluation")
            try FileManager.default.createDirectory(
                at: sources, withIntermediateDirectories: true)
            for task in tasks {
                func text(_ pairs: [ARCPair]) -> String {
                    pairs.map { pair in
                        "{\"input\":[\(pair.input.cells)],\"output\":[\(pair.output?.cells ?? [])]}"
                    }.joined(separator: ",")
                }
                try Data(
                    "{\"train\":[\(text(task.demonstrations))],\"test\":[\(text(task.tests))]}".utf8
                ).write(to: sources.appendingPathComponent("\(task.name).json"))
            }
            let builder = ARCDatasetBuilder(augmentations: 2, canvas: ARCCanvas(size: 4))
            _ = try builder.build(ARCTaskCollection(sources: [sources]), output: data) {
                SeededGenerator(seed: 7, stream: UInt64($0))
            }
            var configuration = TrainingConfiguration()
            configuration.dataPath = data.path
            configuration.architecture.hiddenSize = 16
            configuration.architecture.headCount = 2
            configuration.architecture.highLayers = 1
            configuration.architecture.lowLayers = 1
            configuration.architecture.highCycles = 1
            configuration.architecture.lowCycles = 1
            configuration.architecture.haltMaxSteps = 2
            configuration.architecture.puzzleEmbeddingSize = 16
            configuration.globalBatchSize = 12
            configuration.learningRate = 1e-2
            configuration.warmupSteps = 0
            configuration.evaluationInterval = nil
            let session = try TrainingSession(
                configuration: configuration,
                training: try PuzzleDataset(folder: data, split: "train"),
                test: try PuzzleDataset(folder: data, split: "test"), limits: .init(steps: steps),
                workers: Workers(count: 1))
            try session.run(in: run)
        }
    }

    private static func withFolder(_ body: (URL) throws -> Void) throws {
        let folder = FileManager.default.temporaryDirectory
            .appendingPathComponent("hrm-arc-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        try body(folder)
    }

    @Test func aTrainedModelSolvesItsTasks() throws {
        try Self.withFolder { folder in
            let trained = try Trained(in: folder, steps: 150)
            let solver = try ARCSolver(contentsOf: trained.run, votes: 3)
            #expect(solver.canvas.size == 4 && solver.plan.votes == 1)
            var shares: [Double] = []
            let vote = try solver.solve(trained.tasks) { answered, total in
                #expect(total == 6)
                shares.append(answered / Double(total))
            }
            #expect(shares == shares.sorted() && shares.last == 1)
            for index in trained.tasks.indices {
                let answer = try #require(vote.answers(toTask: index).first)
                #expect(answer.test == trained.tasks[index].tests[0] && answer.voteCount == 3)
                let best = try #require(answer.attempts.first)
                #expect(answer.isRight(best) == true && best.votes >= 2, "\(answer)")
                #expect((0...1).contains(best.meanConfidence))
            }
            for rule in ARCScoringRule.allCases {
                #expect(vote.score(rule: rule, attempts: [1, 2]).passRates == [1, 1])
            }
            #expect(ARCSubmission(vote).jsonText.contains("\"task3\": [{\"attempt_1\": [[6]]"))
            // One at a time, the answers are the same.
            let single = try solver.solve(trained.tasks[1]).answers(toTask: 0)
            #expect(single == vote.answers(toTask: 1))

            let split = try PuzzleDataset(folder: trained.data, split: "test")
            var scoring = try ARCScoring(split, in: trained.data, checkpoint: trained.run)
            #expect(!scoring.tasksAreDerived && scoring.score(.hrm).passRates[0] == 0)
            _ = try Evaluator(model: solver.model).evaluate(
                split, onPrediction: { scoring.add($0) })
            for rule in ARCScoringRule.allCases {
                #expect(scoring.score(rule, attempts: [2]).passRates == [1])
            }
            #expect(ARCSubmission(scoring.vote) == ARCSubmission(vote))
        }
    }

    @Test func otherTasksAndModelsAreRefused() throws {
        try Self.withFolder { folder in
            let trained = try Trained(in: folder, steps: 1)
            let model = try ModelFile(contentsOf: trained.run).model
            let solver = try ARCSolver(model, namesIn: trained.data)
            let known = trained.tasks[0]
            #expect(throws: ARCSolverError.unknownTask(name: "task5")) {
                try solver.solve([known, Self.task(5)])
            }
            #expect(throws: ARCSolverError.noTestInput(name: "task2")) {
                try solver.solve(
                    ARCTask(name: "task2", demonstrations: known.demonstrations, tests: []))
            }
            let wide = PuzzleGrid(rows: 1, columns: 5, cells: [1, 1, 1, 1, 1])
            #expect(throws: ARCSolverError.tooLarge(name: "task2", longestSide: 5, canvas: 4)) {
                try solver.solve(
                    ARCTask(
                        name: "task2", demonstrations: [],
                        tests: [ARCPair(input: wide, output: nil)]))
            }
            #expect(
                throws: ARCSolverError.wrongNameCount(path: nil, found: 2, expected: 7)
            ) {
                try ARCSolver(model, names: ["<blank>", "task2"])
            }
            let names = folder.appendingPathComponent("identifiers.json").path
            #expect(throws: ARCSolverError.namesMissing(path: names)) {
                try ARCSolver(model, namesIn: folder)
            }
            let sudokus = try PretrainedModel.sudoku4x4.load().model
            #expect(throws: ARCSolverError.otherModel(sudokus.dimensions)) {
                try ARCSolver(sudokus, namesIn: folder)
            }

            let split = try PuzzleDataset(folder: trained.data, split: "test")
            let tasks = trained.data.appendingPathComponent(ARCTestPuzzles.fileName)
            try FileManager.default.removeItem(at: tasks)
            #expect(try ARCScoring(split, in: trained.data).tasksAreDerived)
            let pair = "{\"input\":[[1]],\"output\":[[2]]}"
            try Data("{\"task9\":{\"train\":[\(pair)],\"test\":[\(pair)]}}".utf8).write(to: tasks)
            let path = trained.data.path
            #expect(throws: ARCScoringError.unnamedTask(folder: path, name: "task9")) {
                try ARCScoring(split, in: trained.data)
            }
            try FileManager.default.removeItem(at: tasks)
            try Data("[\"other\"]".utf8)
                .write(to: trained.run.appendingPathComponent("identifiers.json"))
            #expect(
                throws: ARCScoringError.otherNames(checkpoint: trained.run.path, folder: path)
            ) {
                try ARCScoring(split, in: trained.data, checkpoint: trained.run)
            }
        }
    }
}
