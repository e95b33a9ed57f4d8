import HRMInference
import HRMModel

extension InferenceChoices {
    /// Reads the member `options` of a request.
    ///
    /// - Throws: ``HTTPError`` with the member.
    init(_ members: RequestMembers?) throws(HTTPError) {
        self.init()
        guard var members else { return }
        maxSteps = try members.integer("thinking_steps", in: 1...4096)
        votes = try members.integer("votes", in: 1...64)
        starts = try members.integer("starts", in: 1...64)
        restarts = try members.integer("restarts", in: 0...64)
        noise = try members.number("noise", in: 0...1000)
        seed = UInt64(try members.integer("seed", in: 0...(1 << 53 - 1)) ?? 0)
        pin = try members.choice("pin", of: PinnedCell.self)
        contradiction = try members.choice("contradiction", of: ContradictionResponse.self)
        if let text = try members.text("halt", atMost: 40) {
            guard let rule = HaltingRule(text) else {
                throw members.problem(
                    "halt", "it is no halting rule",
                    remedy: "use never, comparison, sign, converged, or a number such as 0.9")
            }
            halting = rule
        }
        try members.finish()
        guard restarts ?? 0 == 0 || halting != .never else {
            throw members.problem(
                "restarts", "restarts need a rule that halts", remedy: "leave out 'never'")
        }
    }
}
