import Foundation
import HRMModel
import HRMTraining
import Testing
import _HRMTestSupport

@Suite struct SweepFileTests {
    static let text = """
        data: data/some
        preset: trm-small
        budget: 2.5e13
        seeds: [7, 3]
        evaluation:
          points: 5
          limit: 100
        settings:
          arch:
            hidden_size: 32
            loss:
              label_smoothing: 0.1
          lr: 1e-3   # shared
        experiments:
        - name: first
        - name: second.1
          settings:
            lr: 2e-3
            muon: {lr: 0.01}
            optimizer: muon
            depth_curriculum: 0:1x1,0.5:2x2
            H_cycles: 2
            L_cycles: 2

        """

    private static func changed(_ line: String, to other: String) -> String {
        #expect(text.contains(line))
        return text.replacingOccurrences(of: line, with: other)
    }

    @Test func everythingIsRead() throws {
        let file = try SweepFile(yaml: Self.text, path: "f")
        #expect(file.dataPath == "data/some")
        #expect(file.preset == .trmSmall)
        #expect(file.budget == 2.5e13)
        #expect(file.seeds == [7, 3])
        #expect(file.evaluations == 5 && file.evaluationLimit == 100)
        #expect(file.experiments.map(\.name) == ["first", "second.1"])
        #expect(
            file.settings == [
                "arch.hidden_size=32", "arch.loss.label_smoothing=0.1", "lr=1e-3",
            ])
        let configurations = try file.experiments.map { try file.configuration(of: $0, seed: 9) }
        #expect(configurations.map(\.learningRate) == [1e-3, 2e-3])
        #expect(configurations.map(\.optimizer) == [.adamATan2, .muon])
        #expect(configurations[1].muon.learningRate == 0.01)
        for configuration in configurations {
            #expect(configuration.seed == 9 && configuration.dataPath == "data/some")
            #expect(configuration.architecture.hiddenSize == 32)
            #expect(configuration.architecture.family == .tiny)
        }
    }

    @Test func mostNeedNotBeSaid() throws {
        let file = try SweepFile(
            yaml: "data: d\nbudget: 1000\nexperiments:\n- name: a\n", path: "f")
        #expect(file.preset == .sudokuSmall)
        #expect(file.seeds == [0])
        #expect(file.evaluations == 4 && file.evaluationLimit == nil && file.settings.isEmpty)
        let many = try SweepFile(yaml: Self.changed("[7, 3]", to: "3"), path: "f")
        #expect(many.seeds == [0, 1, 2])
    }

    @Test(arguments: [
        ("data: data/some", "date: data/some", "the key 'date' is not known; did you mean data?"),
        ("data: data/some\n", "", "the key 'data' is missing"),
        ("budget: 2.5e13\n", "", "the key 'budget' is missing"),
        ("budget: 2.5e13", "budget: much", "budget is much"),
        ("budget: 2.5e13", "budget: -1", "budget is -1"),
        ("budget: 2.5e13", "budget: nan", "budget is nan"),
        ("trm-small", "trm-smal", "did you mean trm-small?"),
        ("seeds: [7, 3]", "seeds: 0", "seeds must be"),
        ("seeds: [7, 3]", "seeds: [1, 1]", "seeds must be"),
        ("seeds: [7, 3]", "seeds: [1, x]", "seeds must be"),
        ("seeds: [7, 3]", "seeds: {a: 1}", "seeds must be"),
        ("  points: 5", "  points: 0", "evaluation: points must be a whole number from 1"),
        ("  points: 5", "  point: 5", "evaluation: the key 'point' is not known"),
        ("- name: first", "- nam: first", "experiment 1: the key 'nam' is not known"),
        ("- name: first", "- name: ../first", "experiment 1 is named '../first'"),
        ("- name: first", "- name: .first", "a letter or digit first"),
        ("- name: first", "- name: SECOND.1", "two experiments are named 'second.1'"),
        ("- name: first", "- settings: {}", "experiment 1: the key 'name' is missing"),
        ("    lr: 2e-3", "    lr: [1, 2]", "the setting lr is a list"),
        ("  lr: 1e-3 ", "  lr: &a 1e-3 ", "anchor"),
    ])
    func otherFormsAreRefused(_ line: String, _ other: String, _ words: String) {
        let error = #expect(throws: SweepFileError.self) {
            try SweepFile(yaml: Self.changed(line, to: other), path: "f.yaml")
        }
        #expect(error?.description.contains(words) == true, "\(error as Any)")
        #expect(error?.description.hasPrefix("f.yaml is not a sweep: ") == true)
    }

    @Test(arguments: ["", "a", "- a", "experiments: 3", "data: d\nbudget: 1\nexperiments: []"])
    func thereMustBeExperiments(_ text: String) {
        #expect(throws: SweepFileError.self) { try SweepFile(yaml: text, path: "f") }
    }

    @Test(arguments: [
        ("    optimizer: muon", "    optimiser: muon", "did you mean optimizer?"),
        ("    lr: 2e-3", "    lr: fast", "must be a number"),
        ("    lr: 2e-3", "    muon.steps: 0", "must be between 1 and 100"),
        ("    lr: 2e-3", "    seed: 4", "comes from 'seeds' of the file"),
        ("    lr: 2e-3", "    epochs: 4", "follows from 'budget' of the file"),
        ("    lr: 2e-3", "    eval_interval: 4", "'evaluation.points'"),
        ("    lr: 2e-3", "    data_path: 4", "is 'data' of the file"),
        ("0:1x1,0.5:2x2", "0:1x1,0.5:2x1", "must end with the model's own cycles"),
    ])
    func settingsAreCheckedWithTheExperimentsName(
        _ line: String, _ other: String, _ words: String
    ) {
        let error = #expect(throws: SweepFileError.self) {
            try SweepFile(yaml: Self.changed(line, to: other), path: "f.yaml")
        }
        #expect(error?.description.hasPrefix("f.yaml, experiment 'second.1': ") == true)
        #expect(error?.description.contains(words) == true, "\(error as Any)")
    }

    /// Whatever the text is: a sweep, or an error with words.
    @Test func survivesMutation() {
        let series = Mutations(
            "sweep files", count: 1500, seed: 3, telling: "{}[]\"',:-0123456789eE.\n #&*".utf8,
            slowness: 10)
        let readable = series.run(on: [Array(Self.text.utf8)]) { round in
            do throws(SweepFileError) {
                let file = try SweepFile(
                    yaml: String(decoding: round.bytes, as: UTF8.self), path: "f")
                #expect(!file.experiments.isEmpty && !file.seeds.isEmpty && file.budget > 0)
                return true
            } catch {
                #expect(!error.description.isEmpty, "\(round.description)")
                return false
            }
        }
        #expect(readable > 0 && readable < series.count)
    }
}

@Suite struct SweepPlanTests {
    private static let dimensions = PuzzleDimensions(
        vocabularySize: 11, sequenceLength: 81, puzzleIdentifierCount: 1)

    @Test func everyRunSpendsTheBudget() throws {
        let file = try SweepFile(yaml: SweepFileTests.text, path: "f")
        let plan = try SweepPlan(file, path: "f", dimensions: Self.dimensions)
        #expect(
            plan.runs.map(\.folderName) == [
                "first-seed7", "second.1-seed7", "first-seed3", "second.1-seed3",
            ])
        #expect(plan.runs(of: 1).map(\.configuration.seed) == [7, 3])
        for run in plan.runs {
            let spent = run.cost.operations(of: run.steps, outOf: run.steps)
            #expect(spent <= 2.5e13 && spent > 2.4e13, "\(run.folderName): \(spent)")
            let limits = run.limits
            #expect(limits.steps == run.steps)
            #expect(limits.puzzlesPerEvaluation == 100 && limits.puzzlesAtEnd == 100)
            let interval = try #require(limits.stepsPerEvaluation)
            #expect(4 * interval < run.steps && 5 * interval >= run.steps)
        }
        #expect(plan.runs[0].steps != plan.runs[1].steps)
    }

    @Test func aBudgetPaysForAStep() throws {
        let file = try SweepFile(
            yaml: SweepFileTests.text.replacingOccurrences(of: "2.5e13", with: "1e6"), path: "f")
        let error = #expect(throws: SweepFileError.self) {
            try SweepPlan(file, path: "f", dimensions: Self.dimensions)
        }
        #expect(error?.description.contains("raise the budget") == true)
    }
}

@Suite struct SeedSpreadTests {
    @Test func severalSeedsHaveASpread() throws {
        #expect(SeedSpread([]) == nil)
        let one = try #require(SeedSpread([0.5]))
        #expect(one.mean == 0.5 && one.deviation == nil && one.lowest == 0.5)
        let some = try #require(SeedSpread([1, 2, 6]))
        #expect(some.mean == 3 && some.lowest == 1 && some.highest == 6 && some.count == 3)
        #expect(some.deviation == 7.0.squareRoot())
    }
}
