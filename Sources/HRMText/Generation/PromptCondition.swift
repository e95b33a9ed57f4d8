/// A kind of answer that a prompt asks for.
///
/// The condition tokens have names of another purpose; the tokens named `<|direct|>`, `<|cot|>`,
/// `<|noisy|>` and `<|synth|>` are not used.
public enum PromptCondition: String, Sendable, Hashable, CaseIterable {
    /// A short answer without a derivation.
    case direct
    /// A derivation before the answer.
    case cot
    /// An answer in the manner of unedited texts.
    case noisy
    /// An answer in the manner of synthetic texts.
    case synth

    /// The text of the token.
    public var token: String {
        switch self {
        case .direct: "<|object_ref_start|>"
        case .cot: "<|object_ref_end|>"
        case .noisy: "<|quad_start|>"
        case .synth: "<|quad_end|>"
        }
    }

    /// Returns the conditions of a list such as `synth,cot`; none for an empty text.
    ///
    /// - Parameter text: Conditions in their order, separated by commas.
    /// - Returns: The conditions.
    /// - Throws: ``GenerationError`` with the unknown condition.
    public static func list(_ text: String) throws(GenerationError) -> [PromptCondition] {
        var conditions: [PromptCondition] = []
        for name in text.split(separator: ",") {
            let name = String(name).trimmed
            guard let condition = PromptCondition(rawValue: name) else {
                throw .unknownCondition(name)
            }
            conditions.append(condition)
        }
        return conditions
    }
}

extension String {
    /// The text without spaces at both ends.
    fileprivate var trimmed: String {
        String(drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
    }
}
