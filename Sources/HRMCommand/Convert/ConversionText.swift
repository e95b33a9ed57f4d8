import Foundation
import HRMData
import HRMEngine
import HRMFigures
import HRMFiles
import HRMInference
import HRMModel
import HRMTraining

/// The report of a conversion.
struct ConversionText {
    let weights: WeightsFile
    let result: WeightsImport.Result
    /// The dimensions of the data set that the model is for.
    let data: PuzzleDimensions?

    /// The report, one sentence per line.
    var lines: [String] {
        let model = result.file.model
        let parameters = model.layout.parameterCount.grouped("parameter")
        let tensors = "\(weights.tensors.count.counted("tensor")), \(parameters)"
        let place = weights.stateDictionary.map { ", its dictionary '\($0)'" } ?? ""
        let read = "Read: \(weights.url.path), \(weights.format.rawValue)\(place), \(tensors)"
        return [read] + [others, passedOver].compactMap { $0 } + [length]
            + [rows].compactMap { $0 }
    }

    /// The other dictionaries that could have provided the weights.
    private var others: String? {
        guard let first = weights.otherDictionaries.first else { return nil }
        return "Other tensors: under \(Self.listed(weights.otherDictionaries.map { "'\($0)'" })); "
            + "'--state-dict \(first)' takes those."
    }

    private var passedOver: String? {
        weights.skipped.isEmpty ? nil : "Passed over: \(Self.listed(weights.skipped))."
    }

    /// Returns the first few names of a list, and the number of further ones.
    private static func listed(_ names: [String]) -> String {
        let shown = 8
        let more = names.count > shown ? " and \(names.count - shown) more" : ""
        return names.prefix(shown).joined(separator: ", ") + more
    }

    private var length: String {
        let dimensions = result.file.model.dimensions
        let size =
            "\(dimensions.sequenceLength.counted("token")) of \(dimensions.vocabularySize.counted("kind"))"
        switch result.lengthSource {
        case .weights: return "A puzzle has \(size)."
        case .request: return "A puzzle has \(size), as was asked for."
        case .vocabulary:
            return "A puzzle has \(size), as the reference's data sets with this vocabulary do; "
                + "--data or --sequence-length says otherwise."
        }
    }

    /// The rows of the puzzle embedding, if there is one.
    private var rows: String? {
        guard result.sourceRows > 0 else { return nil }
        let kept =
            "Puzzle embedding: "
            + (result.sourceRows == 1
                ? "its row is kept"
                : "all \(result.sourceRows.grouped("row")) are kept")
        guard !result.isReset else {
            return "Puzzle embedding: reset; the mean of \(result.sourceRows.grouped("row")) "
                + "is now each of \(result.rows.grouped("row")), and what the "
                + "model knew of single puzzles is gone."
        }
        guard let data, data.puzzleIdentifierCount != result.sourceRows else { return kept + "." }
        let puzzles =
            "the data set has \(data.puzzleIdentifierCount.grouped("puzzle identifier"))"
        return data.puzzleIdentifierCount < result.sourceRows
            ? "\(kept), though \(puzzles); --puzzle-embedding reset makes new ones."
            : "\(kept), but \(puzzles), and the model cannot be evaluated on it; use "
                + "--puzzle-embedding reset."
    }
}
