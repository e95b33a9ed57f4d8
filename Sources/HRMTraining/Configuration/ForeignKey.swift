package import HRMModel

/// A key of the reference or a related project that is not a setting of this package.
///
/// Values without effect are accepted; others lead to a note or a refusal, depending on their
/// effect.
struct ForeignKey: Sendable {
    /// The consequence of a value that has an effect.
    enum Consequence: Sendable {
        /// None: it names the run or a folder for people and services.
        case none
        /// A note: some output is missing, but training is not affected.
        case note
        /// A refusal: training would differ.
        case refusal
    }

    /// The first component of the key, or the full key including its section.
    let name: String
    /// The consequence of a value that has an effect.
    let consequence: Consequence
    /// Values without effect, besides null, empty lists and empty sections.
    var neutral: [String] = []
    /// The alternative in this package; continues a sentence after the key and its value.
    var remedy = ""

    /// Returns the foreign key that equals or contains the given key; nil if there is none.
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

    /// True if a value has no effect.
    func isNeutral(_ value: ConfigurationYAML.Value) -> Bool {
        switch value {
        case .scalar(let scalar):
            !scalar.isQuoted && TrainingSetting.isNull(scalar.text)
                || neutral.contains(scalar.text.lowercased())
        case .list(let elements): elements.isEmpty
        case .emptySection: true
        }
    }
}

/// A setting of a configuration file that training in this package does not support.
package struct UnmetSetting: Sendable, Equatable, CustomStringConvertible {
    /// True if training would differ, so that the file is refused for training.
    package let isRefusal: Bool
    /// The key, its value and the remedy.
    package let error: ConfigurationError

    /// One sentence that states the problem and the remedy.
    package var description: String { error.description }
}
