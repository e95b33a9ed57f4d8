/// Prompts with solved examples before the question.
package struct FewShotPrompt {
    private var head = ""

    /// Creates prompts.
    ///
    /// - Parameters:
    ///   - examples: The solved examples in their order.
    ///   - style: The choices' style.
    package init(_ examples: [TextExample], style: ChoiceEvaluation.Style) {
        for example in examples {
            let (question, answer) = Self.parts(example, style)
            head += question + "\n" + answer + "\n\n"
        }
    }

    /// Returns the prompt for a question: the examples, an empty line, and the question.
    package func text(_ question: String) -> String { head + question }

    private static func parts(
        _ example: TextExample, _ style: ChoiceEvaluation.Style
    ) -> (question: String, answer: String) {
        switch example.expectation {
        case .text(let answers): (example.prompt, answers[0])
        case .choice(let choices, let right):
            (
                ChoiceEvaluation.text(example.prompt, choices: choices, style: style),
                style == .texts ? choices[right] : TextExample.letter(right)
            )
        }
    }
}
