import HRMData
import HRMFiles

/// The tensors of a selection in a state file.
enum SelectionTensors {
    /// The reason why tensors are not a selection.
    struct Problem: Error {
        var reason: String
    }

    private static let mean = ["mean.logits", "mean.rows", "mean.columns"]
    /// More candidates than any run can have.
    private static let mostCandidates = 1 << 26

    static func add(_ selection: CandidateSelection, to file: inout SafetensorsFile) {
        let running = selection.running.mean
        for (name, values) in zip(
            mean, [running.logits, running.rowScores, running.columnScores])
        {
            file[name] = .float32(values, shape: [values.count])
        }
        for (index, tally) in selection.tallies.enumerated() {
            let grids = tally.candidates.flatMap(\.grids)
            let count = tally.candidates.count
            let cells = grids.flatMap(\.cells)
            let group = count == 0 ? 0 : grids.count / count
            file["tally.\(index).cells"] = .uint8(cells, shape: [cells.count])
            file["tally.\(index).sizes"] = .int32(
                grids.flatMap { [Int32($0.rows), Int32($0.columns)] }, shape: [count, group, 2])
            file["tally.\(index).totals"] = .float64(
                tally.candidates.map(\.total), shape: [count])
            file["tally.\(index).first_steps"] = .int32(
                tally.candidates.map { Int32($0.firstStep) }, shape: [count])
            file["tally.\(index).attempts"] = .int32(
                tally.attempts.map { Int32($0) }, shape: [tally.attempts.count])
        }
    }

    static func selection(
        in file: SafetensorsFile, task: TaskTensors, options: PerTaskOptions, steps: Int,
        lastChange: Int
    ) throws(Problem) -> CandidateSelection {
        let empty = CandidateSelection(
            task: task, rule: options.attemptRule, unit: options.unit)
        let zeros = empty.running.mean
        var means: [[Float]] = []
        for (name, expected) in zip(
            mean, [zeros.logits, zeros.rowScores, zeros.columnScores])
        {
            guard let tensor = file[name], tensor.elementType == .float32,
                tensor.elementCount == expected.count
            else { throw Problem(reason: "tensor '\(name)' is missing or has another size") }
            means.append(tensor.floats())
        }
        var tallies: [CandidateTally] = []
        for index in empty.tallies.indices {
            tallies.append(
                try tally(
                    index, in: file, task: task, rule: options.attemptRule,
                    group: options.unit == .task ? task.tests : 1, steps: steps))
        }
        return CandidateSelection(
            task: task, rule: options.attemptRule, unit: options.unit,
            running: RunningOutputs(
                mean: TestOutputs(
                    logits: means[0], rowScores: means[1], columnScores: means[2])),
            tallies: tallies, lastChange: lastChange)
    }

    private static func tally(
        _ index: Int, in file: SafetensorsFile, task: TaskTensors, rule: AttemptRule, group: Int,
        steps: Int
    ) throws(Problem) -> CandidateTally {
        func problem(_ part: String) -> Problem {
            Problem(reason: "tensor 'tally.\(index).\(part)' is missing or impossible")
        }
        func integers(
            _ part: String, _ type: SafetensorsElementType
        ) throws(Problem) -> [Int] {
            guard let tensor = file["tally.\(index).\(part)"], tensor.elementType == type,
                let values = tensor.integers()
            else { throw problem(part) }
            return values
        }
        guard let totals = file["tally.\(index).totals"], totals.elementType == .float64,
            totals.elementCount <= mostCandidates
        else { throw problem("totals") }
        let values = totals.doubles()
        guard values.allSatisfy(\.isFinite) else { throw problem("totals") }
        let count = values.count
        let sizes = try integers("sizes", .int32)
        let firstSteps = try integers("first_steps", .int32)
        let attempts = try integers("attempts", .int32)
        let cells = try integers("cells", .uint8)
        guard sizes.count == count * group * 2 else { throw problem("sizes") }
        guard firstSteps.count == count, firstSteps.allSatisfy((0..<max(steps, 1)).contains) else {
            throw problem("first_steps")
        }
        guard attempts.count <= 2, attempts.isEmpty == (count == 0),
            attempts.allSatisfy((0..<count).contains)
        else { throw problem("attempts") }
        let palette = Set(task.palette.map { Int($0) })
        guard cells.allSatisfy(palette.contains) else { throw problem("cells") }
        var rest = cells[...]
        var candidates: [CandidateTally.Candidate] = []
        for candidate in 0..<count {
            var grids: [PuzzleGrid] = []
            for member in 0..<group {
                let place = (candidate * group + member) * 2
                let (rows, columns) = (sizes[place], sizes[place + 1])
                guard (1...task.rows).contains(rows), (1...task.columns).contains(columns),
                    rest.count >= rows * columns
                else { throw problem("sizes") }
                grids.append(
                    PuzzleGrid(
                        rows: rows, columns: columns,
                        cells: rest.prefix(rows * columns).map { UInt8($0) }))
                rest = rest.dropFirst(rows * columns)
            }
            candidates.append(
                CandidateTally.Candidate(
                    grids: grids, total: values[candidate], firstStep: firstSteps[candidate]))
        }
        guard rest.isEmpty else { throw problem("cells") }
        guard Set(candidates.map(\.grids)).count == count else {
            throw Problem(reason: "two of its candidates are the same")
        }
        return CandidateTally(rule: rule, candidates: candidates, attempts: attempts)
    }
}
