import HRMData
public import HRMEngine
import HRMFiles
public import HRMModel

/// The reason a model cannot be evaluated on a data set.
public enum EvaluationError: Error, Equatable, Sendable {
    /// The dimensions of the data set are not those of the model.
    case otherData(model: PuzzleDimensions, dataset: PuzzleDimensions)
    /// Logits of the model are not finite.
    case output(NonFiniteOutput)
}

extension EvaluationError: CustomStringConvertible {
    /// One sentence that states the problem and the remedy.
    public var description: String {
        switch self {
        case .otherData(let model, let dataset):
            "the data set has \(Self.words(dataset)), the model was trained on \(Self.words(model)); "
                + "evaluate it on data prepared like its training data"
        case .output(let error): error.description
        }
    }

    private static func words(_ dimensions: PuzzleDimensions) -> String {
        "\(dimensions.vocabularySize.counted("token")), length \(dimensions.sequenceLength) and "
            + dimensions.puzzleIdentifierCount.counted("puzzle identifier")
    }
}
