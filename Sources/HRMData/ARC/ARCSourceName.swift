import Foundation

/// The name of a folder or file of ARC tasks, and the use of the tasks that it suggests.
struct ARCSourceName {
    /// The last path component.
    var name: String
    /// The path.
    var path: String
    /// Further paths of the same source, if it was given more than once.
    var others: [ARCSourceName] = []

    /// True if the name suggests evaluation tasks, false if training tasks; `nil` if neither.
    ///
    /// Names are read word by word: `arc-agi_evaluation2`, `evaluation-40`, `evaluation2A`,
    /// `PublicEval`, `validation` and `test` name evaluation tasks, `training` names training
    /// tasks. A name with both counts as evaluation.
    var tellsEvaluation: Bool? {
        let words = ([self] + others).flatMap { ARCFileName($0.name).stem.words }
        if words.contains(where: Self.isEvaluationWord) { return true }
        return words.contains { $0.hasPrefix("train") } ? false : nil
    }

    /// Returns true if the text names the folder or file: by its path, which contains a `/`; by its
    /// name with or without the extension; or by the last part of the name.
    func isMeant(by text: String) -> Bool {
        if others.contains(where: { $0.isMeant(by: text) }) { return true }
        let isPath = text.contains("/") || text == "." || text == ".."
        if isPath, Self.absolute(text) == Self.absolute(path) { return true }
        let text = text.count > 1 && text.hasSuffix("/") ? String(text.dropLast()) : text
        let stem = ARCFileName(name).stem
        let part = stem.split(whereSeparator: { $0 == "_" || $0 == "-" }).last.map(String.init)
        return [path, name, ARCFileName.withoutEnding(name), stem, part].contains(text)
    }

    private static func absolute(_ path: String) -> String {
        URL(fileURLWithPath: path).standardizedFileURL.path
    }

    private static func isEvaluationWord(_ word: String) -> Bool {
        word.hasPrefix("eval") || word.hasPrefix("valid")
            || ["val", "dev", "test", "testing", "testset", "heldout", "holdout"].contains(word)
    }
}

/// The parts of a file name: `arc-agi_training_challenges.json` has the stem `arc-agi_training`.
struct ARCFileName {
    /// The role of a file among the files with the same stem.
    enum Role: String, CaseIterable {
        /// Tasks, possibly without the answers to their test inputs.
        case challenges
        /// The answers.
        case solutions
    }

    /// The name without role and extension.
    var stem: String
    /// The role, if the name has one.
    var role: Role?

    /// Parses a file name.
    init(_ name: String) {
        stem = Self.withoutEnding(name)
        let lower = stem.lowercased()
        role = Role.allCases.first { lower.hasSuffix($0.rawValue) }
        guard let role else { return }
        stem.removeLast(role.rawValue.count)
        if let last = stem.last, "_-. ".contains(last) { stem.removeLast() }
    }

    /// Returns true if the name has the extension `.json`.
    static func isJSON(_ name: String) -> Bool { name.lowercased().hasSuffix(".json") }

    /// The name without `.json`.
    static func withoutEnding(_ name: String) -> String {
        isJSON(name) ? String(name.dropLast(".json".count)) : name
    }
}

extension String {
    /// The words of the name in lower case, split at other characters than letters and before
    /// capitals.
    fileprivate var words: [String] {
        var words: [String] = []
        var wasLower = false
        var isInWord = false
        for character in self {
            guard character.isLetter else {
                isInWord = false
                continue
            }
            if !isInWord || (wasLower && character.isUppercase) { words.append("") }
            words[words.count - 1] += character.lowercased()
            wasLower = character.isLowercase
            isInWord = true
        }
        return words
    }
}
