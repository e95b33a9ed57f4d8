public import HRMModel

/// A key of the reference, or of its relatives, that is no setting here.
///
/// A file may have it where its value asks for nothing; what asks for something is either said or
/// refused, by what would be lost.
struct ForeignKey: Sendable {
    /// The consequence of a value that asks for something.
    enum Consequence: Sendable {
        /// None: it names the run or a folder for people and services.
        case none
        /// Results are missing that the training does not depend on.
        case note
        /// The training would be another one.
        case refusal
    }

    /// The first part of the key, or the whole key with its section.
    let name: String
    /// What a value that asks for something leads to.
    let consequence: Consequence
    /// Values that ask for nothing, besides null, empty lists and empty sections.
    var neutral: [String] = []
    /// What is done instead; reads on after the key and its value.
    var remedy = ""

    /// The key of the reference that a key of a file is, or lies in the section of; nil for others.
    static func named(_ key: String) -> Self? {
        let first = key.split(separator: ".").first.map(String.init) ?? key
        return all.first { $0.name == key || $0.name == first }
    }

    private static let all: [Self] =
        ["checkpoint_path", "defaults", "entity", "hydra", "project_name", "run_name"].map {
            Self(name: $0, consequence: .none)
        } + [
            Self(
                name: "arch.act_enabled", consequence: .refusal, neutral: ["true"],
                remedy:
                    "is not done here: in training, puzzles halt when the model decides; write true"
            ),
            Self(
                name: "arch.act_inference", consequence: .note, neutral: ["false"],
                remedy: "is an option here: 'hrm evaluate --halt' and 'hrm solve --halt' say when "
                    + "the model stops"),
            Self(
                name: "data_paths_test", consequence: .refusal,
                remedy: "is not done here: a training is evaluated on the test split of its data "
                    + "folder; put the puzzles there, and write data_paths_test: []"),
            Self(
                name: "eval_save_outputs", consequence: .note,
                remedy: "is not done while training; 'hrm solve' prints a model's answers"),
            Self(
                name: "evaluators", consequence: .note,
                remedy: "is not done while training; 'hrm evaluate' votes and scores ARC tasks"),
            Self(
                name: "min_eval_interval", consequence: .refusal, neutral: ["0"],
                remedy: "is not done here: evaluations begin with the first interval; write 0, and "
                    + "make them cheap with --evaluation-limit"),
        ]

    /// Whether a value asks for nothing.
    func isNeutral(_ value: ConfigurationYAML.Value) -> Bool {
        switch value {
        case .scalar(let scalar):
            !scalar.isQuoted && ConfigurationSetting.isNull(scalar.text)
                || neutral.contains(scalar.text.lowercased())
        case .list(let elements): elements.isEmpty
        case .emptySection: true
        }
    }
}

/// What a configuration file asks for that a training of this package does not do.
public struct UnmetSetting: Sendable, Equatable, CustomStringConvertible {
    /// Whether the training would be another one, and is therefore refused.
    public let isRefusal: Bool
    /// The key, its value and what to do instead.
    public let error: ConfigurationError

    /// One sentence.
    public var description: String { error.description }
}
