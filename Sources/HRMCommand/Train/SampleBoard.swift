import HRM
import HRMData
import HRMFigures
import HRMFiles
import HRMTraining

/// Draws a puzzle of an evaluation for the event file of a run.
struct SampleBoard {
    private let appearance: TokenAppearance
    private let padToken: Int

    /// Creates the drawing of a data set's puzzles; `nil` if they are too large to be drawn.
    init?(_ dataset: PuzzleDataset) {
        let metadata = dataset.metadata
        guard
            let appearance = TokenAppearance(
                task: dataset.task, vocabularySize: metadata.vocabularySize,
                sequenceLength: metadata.sequenceLength)
        else { return nil }
        self.appearance = appearance
        padToken = metadata.padToken
    }

    /// Returns a picture of the question, the answer after a step, and the correct answer.
    func picture(of prediction: Evaluator.Prediction, step: Int) -> PNGPicture {
        let sample = SampleBoardPicture(
            title: "step \(step), \(prediction.setName) \(prediction.example)",
            question: prediction.inputs.map(Int.init), prediction: prediction.tokens.map(Int.init),
            answer: prediction.labels.map { $0 == PuzzleBatch.ignoredLabel ? nil : Int($0) },
            appearance: appearance, padToken: padToken)
        let size = sample.sheet.pngSize
        return PNGPicture(bytes: sample.sheet.png, width: size.width, height: size.height)
    }
}
