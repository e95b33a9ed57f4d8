import HRMFiles

/// The description of a custom grid puzzle, needed to read its questions and print its answers.
public struct GridTask: Sendable, Hashable {
    /// The symbols.
    public var alphabet: GridAlphabet
    /// The canvas for the grids.
    public var canvas: GridCanvas
    /// The names of the puzzles in the order of their identifiers, from 1 on; empty if there is one
    /// unnamed puzzle.
    public var names: [String]
    /// The symmetries of the puzzle; nil if unknown.
    package var symmetries: GridSymmetryGroup?
    /// True if every question and every known answer fills the canvas.
    public var fillsCanvas: Bool

    /// Creates a description.
    package init(
        alphabet: GridAlphabet, canvas: GridCanvas, names: [String] = [],
        symmetries: GridSymmetryGroup? = nil, fillsCanvas: Bool = false
    ) {
        self.alphabet = alphabet
        self.canvas = canvas
        self.names = names
        self.symmetries = symmetries
        self.fillsCanvas = fillsCanvas
    }

    /// `V`, the largest token plus one.
    public var vocabularySize: Int { GridCanvas.vocabularySize(symbols: alphabet.count) }

    /// Returns the identifier of a puzzle; `nil` if no puzzle has the name.
    ///
    /// - Parameter name: The puzzle's name; `nil` stands for the only puzzle.
    /// - Returns: The row of the puzzle embedding.
    public func identifier(of name: String?) -> Int32? {
        guard let name else { return names.isEmpty ? 0 : nil }
        return names.firstIndex(of: name).map { Int32($0 + 1) }
    }

    /// Parses a question in any form of ``GridQuestion``.
    ///
    /// - Parameter text: The question.
    /// - Returns: The question, and its row of the puzzle embedding.
    /// - Throws: ``GridQuestionError`` if it is malformed, does not fit, or names no known puzzle.
    package func question(
        parsing text: String
    ) throws(GridQuestionError) -> (question: GridQuestion, identifier: Int32) {
        let question = try GridQuestion(parsing: text, alphabet: alphabet)
        guard canvas.fits(question.input) else {
            throw .unplaceable(
                .tooLarge(
                    rows: question.input.rows, columns: question.input.columns, canvas: canvas))
        }
        guard let identifier = identifier(of: question.task) else {
            throw question.task.map { .unknownTask($0) } ?? .taskMissing(example: names[0])
        }
        return (question, identifier)
    }

    /// Decodes the grid in a model's answer.
    ///
    /// - Precondition: There are as many tokens as cells of the canvas.
    public func grid(in tokens: some RandomAccessCollection<Int32>) -> PuzzleGrid {
        canvas.grid(in: tokens, symbols: alphabet.count)
    }
}

extension GridTask: Codable {
    private enum CodingKeys: String, CodingKey {
        case alphabet, symbols, rows, columns, names, symmetries
        case fillsCanvas = "fills_canvas"
    }

    /// Reads a description in this package's format.
    ///
    /// - Throws: An error if a member is missing or invalid.
    public init(from decoder: any Decoder) throws {
        let members = try decoder.container(keyedBy: CodingKeys.self)
        if let text = try members.decodeIfPresent(String.self, forKey: .alphabet) {
            do {
                alphabet = try GridAlphabet(characters: text)
            } catch {
                throw TaskDescriptionError(error.description)
            }
        } else {
            let count = try members.wholeNumber(forKey: .symbols)
            guard (1...GridAlphabet.mostSymbols).contains(count) else {
                throw TaskDescriptionError(GridError.alphabetSize(count).description)
            }
            alphabet = .numbers(count)
        }
        do {
            canvas = try GridCanvas(
                rows: members.wholeNumber(forKey: .rows),
                columns: members.wholeNumber(forKey: .columns))
        } catch let error as GridError {
            throw TaskDescriptionError(error.description)
        }
        names = try members.decodeIfPresent([String].self, forKey: .names) ?? []
        var seen: Set<String> = []
        if let name = names.first(where: { !seen.insert($0).inserted }) {
            throw TaskDescriptionError("the name \(name.quoted) is there twice")
        }
        symmetries = try members.decodeIfPresent(GridSymmetryGroup.self, forKey: .symmetries)
        if let symmetries, symmetries.symbolCount != alphabet.count {
            throw TaskDescriptionError(
                "its symmetries are of \(symmetries.symbolCount) symbols, and there are "
                    + "\(alphabet.count)")
        }
        fillsCanvas = try members.decodeIfPresent(Bool.self, forKey: .fillsCanvas) ?? false
    }

    /// Writes the description; characters as one string, numbers as their count.
    public func encode(to encoder: any Encoder) throws {
        var members = encoder.container(keyedBy: CodingKeys.self)
        switch alphabet {
        case .characters(let characters):
            try members.encode(String(characters), forKey: .alphabet)
        case .numbers(let count): try members.encode(count, forKey: .symbols)
        }
        try members.encode(canvas.rows, forKey: .rows)
        try members.encode(canvas.columns, forKey: .columns)
        if !names.isEmpty { try members.encode(names, forKey: .names) }
        try members.encodeIfPresent(symmetries, forKey: .symmetries)
        if fillsCanvas { try members.encode(fillsCanvas, forKey: .fillsCanvas) }
    }
}
