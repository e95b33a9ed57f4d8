public import Foundation
public import HRMTraining

/// The trained models that come with the package.
///
/// Each is a safetensors file of some ten thousand weights in bfloat16 with a card beside it: what it was
/// trained on and for how long, how often it is right, and where it is not to be used.
public enum PretrainedModel: String, Sendable, Hashable, CaseIterable {
    /// Sudokus of 4×4 cells.
    case sudoku4x4 = "sudoku-4x4"
    /// Sudokus of 6×6 cells, boxes of two rows and three columns.
    case sudoku6x6 = "sudoku-6x6"
    /// Sudokus of 9×9 cells.
    case sudoku9x9 = "sudoku-9x9"
    /// Mazes of 9×9 cells with one shortest way.
    case maze9x9 = "maze-9x9"

    /// How these models think unless somebody says otherwise: as `ThinkingPlan.recommended(for:)` says
    /// of every trained model.
    public static let plan = ThinkingPlan(maxSteps: 64, halting: .settled, restarts: 15)

    /// Reads the model.
    ///
    /// - Throws: ``PretrainedModelError`` when the package's resources are not where they belong, and
    ///   whatever `ModelFile` throws about a file that was changed.
    public func load() throws -> ModelFile {
        try ModelFile(contentsOf: file("safetensors"))
    }

    /// The model's card, in Markdown.
    ///
    /// - Throws: ``PretrainedModelError`` when the package's resources are not where they belong.
    public func card() throws -> String {
        try String(contentsOf: file("md"), encoding: .utf8)
    }

    /// The file of the weights.
    ///
    /// - Throws: ``PretrainedModelError`` when it is not where it belongs.
    public func url() throws(PretrainedModelError) -> URL { try file("safetensors") }

    private func file(_ suffix: String) throws(PretrainedModelError) -> URL {
        let places = ResourceFolder.candidates
        for folder in places {
            let url = folder.appendingPathComponent("Models/\(rawValue).\(suffix)")
            if FileManager.default.fileExists(atPath: url.path) { return url }
        }
        throw PretrainedModelError(model: self, places: places.map(\.path))
    }

    /// The model for a puzzle, by how the puzzle is written.
    ///
    /// - Parameter text: A puzzle, or the beginning of a text with several, of which the first line that
    ///   can be one, or a row of one, decides. A row of open cells alone may be a maze's or a Sudoku's:
    ///   it is a maze's unless a later line knows better.
    /// - Returns: Nil when it looks like none that there is a model for.
    public static func suitable(for text: String) -> Self? {
        var recognizer = PuzzleRecognizer()
        for line in text.split(whereSeparator: \.isNewline) {
            if case .model(let model) = recognizer.read(line) { return model }
        }
        return recognizer.assumption
    }
}

/// The resources of the package are missing.
public struct PretrainedModelError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The model that was wanted.
    public var model: PretrainedModel
    /// Where it was looked for.
    public var places: [String]

    /// One sentence: what is missing, where, and how to mend it.
    public var description: String {
        "the model '\(model.rawValue)' that comes with the package was not found in "
            + places.joined(separator: ", nor in ")
            + "; put the folder \(ResourceFolder.name) from the build beside the program, or use a "
            + "model of your own"
    }
}

extension Reasoner {
    /// A reasoner with a model that comes with the package, which thinks as `PretrainedModel.plan` says
    /// unless its askers say otherwise.
    ///
    /// - Parameter model: Which one.
    /// - Throws: As `PretrainedModel.load()`.
    public convenience init(_ model: PretrainedModel) throws {
        self.init(try model.load(), plan: PretrainedModel.plan)
    }
}
