package import HRMFiles

extension InferenceOptions {
    /// The options as printed with every result.
    package var members: JSONValue {
        .object([
            "max_steps": .integer(maxSteps), "halt": .text(halting.description),
            "votes": .integer(votes), "starts": .integer(starts),
            "restarts": .integer(restarts), "noise": .number(noise),
            "seed": .text(String(seed)),
        ])
    }
}
