import Foundation
import HRMFigures
import HRMFiles
import HRMPretrained
import HRMTraining

/// The file of the evaluated weights, and the other weights files of its run.
///
/// A run folder selects the weight average if there is one, otherwise the last weights; a file
/// selects itself.
struct EvaluatedWeights {
    /// The kinds of weights of a run.
    enum Kind: String {
        /// A model included with the program.
        case shipped
        /// The weights of the last checkpoint.
        case last
        /// The average of the weights over all steps.
        case average
        /// The weights of the best evaluation.
        case best
        /// A file outside of a run.
        case file
    }

    /// The file's name in errors and tables.
    let path: String
    /// The kind of the weights.
    let kind: Kind
    private let run: RunFolder?

    /// - Parameter checkpoint: The value of `--checkpoint`.
    init(_ checkpoint: String) {
        if PretrainedModel(rawValue: checkpoint) != nil {
            (path, kind, run) = (checkpoint, .shipped, nil)
            return
        }
        let url = URL(fileURLWithPath: checkpoint)
        if let folder = try? RunFolder.open(url) {
            let model = folder.modelURL
            path = "\(checkpoint)/\(model.lastPathComponent)".replacing("//", with: "/")
            kind = model == folder.averageURL ? .average : .last
            run = folder
            return
        }
        let folder = try? RunFolder.open(url.deletingLastPathComponent())
        (path, run) = (checkpoint, folder)
        switch url.lastPathComponent {
        case folder?.checkpointURL.lastPathComponent: kind = .last
        case folder?.averageURL.lastPathComponent: kind = .average
        case folder?.bestURL.lastPathComponent: kind = .best
        default: kind = .file
        }
    }

    /// A line with the file, its kind of weights, and the run's other weights.
    var line: String {
        switch kind {
        case .shipped: "Weights: \(path), a model that comes with hrm"
        case .file: "Weights: \(path)"
        case .best: "Weights: \(path), those of the best evaluation"
        case .average:
            "Weights: \(path), their average over the steps; the last ones are in "
                + (run?.checkpointURL.lastPathComponent ?? "")
        case .last:
            "Weights: \(path), those of the last step"
                + (averageName.map { "; their average is in \($0)" } ?? "")
        }
    }

    /// The name of the file with the average, if the run has one.
    private var averageName: String? {
        guard let url = run?.averageURL, FileManager.default.fileExists(atPath: url.path) else {
            return nil
        }
        return url.lastPathComponent
    }

    /// The evaluations during training, if one of them was better than the last one and its weights
    /// exist.
    ///
    /// It is `nil` for weights other than the run's last ones.
    var betterEvaluation: EvaluationHistory? {
        guard let run, kind == .last || kind == .average,
            FileManager.default.fileExists(atPath: run.bestURL.path),
            let history = try? EvaluationHistory(run), history.hasBetterThanLast
        else { return nil }
        return history
    }

    /// Returns a line about a better evaluation, with the command that evaluates its weights.
    ///
    /// - Parameters:
    ///   - history: The evaluations.
    ///   - data: The data folder.
    /// - Returns: The line.
    func note(on history: EvaluationHistory, data: String) -> String {
        func words(_ entry: EvaluationHistory.Entry) -> String {
            "\(NumberText.fixed(entry.value, digits: 4)) after step "
                + NumberText.grouped(entry.step)
        }
        return "Note: in training, an earlier evaluation was better: \(history.metric.rawValue) "
            + "\(words(history.best)), \(words(history.last)); to use its weights: hrm evaluate "
            + "--checkpoint \(Self.quoted(bestPath)) --data \(Self.quoted(data))"
    }

    /// The file of the best evaluation beside the evaluated one, as the user writes it.
    private var bestPath: String {
        let folder = path.split(separator: "/", omittingEmptySubsequences: false).dropLast()
        return (folder.map(String.init) + [run?.bestURL.lastPathComponent ?? ""])
            .joined(separator: "/")
    }

    /// Returns a word quoted for a shell, if necessary.
    private static func quoted(_ word: String) -> String {
        let plain = word.allSatisfy {
            $0.isASCII && ($0.isLetter || $0.isNumber || "/._-+:=@%".contains($0))
        }
        return plain && !word.isEmpty ? word : "'\(word.replacing("'", with: "'\\''"))'"
    }

    /// Returns the `--json` value of a better evaluation.
    static func members(of history: EvaluationHistory) -> JSONValue {
        .object([
            "metric": .text(history.metric.rawValue), "step": .integer(history.best.step),
            "value": .number(history.best.value), "last_step": .integer(history.last.step),
            "last_value": .number(history.last.value),
        ])
    }

    /// The `--json` value.
    var members: JSONValue { .object(["file": .text(path), "kind": .text(kind.rawValue)]) }
}
