import Foundation
import HRMData
import HRMFiles
import HRMTensor
import Testing

@testable import HRMPerTask

/// The numbers of one recorded case, with the permitted error of each.
struct RecordedNumbers {
    /// The part of `case.json` that all cases of the engine have.
    struct Case: Decodable {
        struct Tolerance: Decodable { var of: [String: [Double]] }
        struct Settings: Decodable {
            var layer: String?
            var input: String?
            var tensors: TensorNames?
            var problem: Problem?
            var step: Int?
            var steps: [Int]?
            var weights: String?
        }
        var settings: Settings
        var tolerance: Tolerance?
        var zero_gradient: [String]?
        var gradient_norms_within_1_percent_and_1e3: [String: Double]?

        enum CodingKeys: String, CodingKey {
            case settings, tolerance, zero_gradient
            case gradient_norms_within_1_percent_and_1e3 =
                "gradient_norms_within_1_percent_and_1e-3"
        }
    }

    /// A list of names, or the text "all".
    struct TensorNames: Decodable {
        var kinds: [AxisSet]

        init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            let names = try? container.decode([String].self)
            kinds = names?.map { AxisSet($0) } ?? AxisSet.all
        }
    }

    /// A task as lists of rows.
    struct Problem: Decodable {
        struct Pair: Decodable {
            var input: [[UInt8]]
            var output: [[UInt8]]?
            var pair: ARCPair {
                ARCPair(
                    input: PuzzleGrid(rows: input), output: output.map { PuzzleGrid(rows: $0) })
            }
        }
        var train: [Pair]
        var test: [Pair]

        func tensors() throws -> TaskTensors {
            TaskTensors(
                try TaskExamples(
                    ARCTask(
                        name: "recorded", demonstrations: train.map(\.pair),
                        tests: test.map(\.pair))))
        }
    }

    let name: String
    let recorded: Case
    let given: SafetensorsFile
    let expected: SafetensorsFile

    init(_ name: String) throws {
        self.name = name
        let folder = GoldenFolder(name)
        recorded = try folder.json(Case.self)
        // Some cases start from the numbers of another one, or record only inputs.
        let exists = { (file: String) in
            FileManager.default.fileExists(
                atPath: folder.url.appendingPathComponent(file + ".safetensors").path)
        }
        given = try exists("given") ? folder.tensors("given") : SafetensorsFile()
        expected = try exists("expected") ? folder.tensors("expected") : SafetensorsFile()
    }

    /// The task of the case, or of the case that gives its input.
    func task() throws -> TaskTensors {
        if let problem = recorded.settings.problem { return try problem.tensors() }
        if let input = recorded.settings.input { return try RecordedNumbers(input).task() }
        let url = GoldenFolder("prep_other_output").url.appendingPathComponent("task.json")
        let task = try #require(try ARCTaskCollection(sources: [url]).entries.first?.task)
        return TaskTensors(try TaskExamples(task))
    }

    /// Fills a matrix with given numbers.
    func fill(_ matrix: Matrix, _ name: String) throws {
        matrix.assign(try given.tensor(name).floats())
    }

    /// Compares with expected numbers.
    ///
    /// - Parameters:
    ///   - values: The computed numbers.
    ///   - name: The name of the expected ones.
    ///   - allowance: The factor of the recorded limit.
    ///   - sourceLocation: The place of the test.
    /// - Throws: An error if there are no such numbers.
    func expect(
        _ values: [Float], _ name: String, allowance: Double = 1,
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        let wanted = try expected.tensor(name).floats()
        let limit =
            allowance
            * (try #require(recorded.tolerance?.of[name]?.first, "\(name) has no tolerance"))
        try #require(values.count == wanted.count, "\(name)", sourceLocation: sourceLocation)
        let worst = values.indices.max {
            abs(values[$0] - wanted[$0]) < abs(values[$1] - wanted[$1])
        }
        guard let worst else { return }
        #expect(
            abs(Double(values[worst]) - Double(wanted[worst])) <= limit,
            "\(self.name) \(name)[\(worst)]: \(values[worst]), not \(wanted[worst]) ± \(limit)",
            sourceLocation: sourceLocation)
    }
}
