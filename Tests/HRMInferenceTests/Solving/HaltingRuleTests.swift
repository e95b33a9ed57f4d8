import HRMInference
import Testing

@Suite struct HaltingRuleTests {
    @Test(arguments: [HaltingRule.never, .comparison, .sign, .converged, .confidence(0.75)])
    func itsTextNamesIt(rule: HaltingRule) {
        #expect(HaltingRule(rule.description) == rule)
    }

    @Test(arguments: ["", "Sign", "0", "1", "-0.5", "nan", "50 %"])
    func otherTextsNameNone(text: String) {
        #expect(HaltingRule(text) == nil)
    }

    /// σ(2) is 0.88.
    @Test(arguments: [
        (HaltingRule.never, [false, false, false, false]),
        (.comparison, [true, true, false, false]), (.sign, [true, true, true, false]),
        (.converged, [true, false, false, false]), (.confidence(0.8), [true, true, true, false]),
        (.confidence(0.9), [false, false, false, false]),
    ])
    func itHalts(rule: HaltingRule, expected: [Bool]) {
        let halts: [Bool] = [
            rule.halts(qHalt: 2, qContinue: 1, isUnchanged: true),
            rule.halts(qHalt: 2, qContinue: 1, isUnchanged: false),
            rule.halts(qHalt: 2, qContinue: 3, isUnchanged: false),
            rule.halts(qHalt: -2, qContinue: 1, isUnchanged: true),
        ]
        #expect(halts == expected)
    }
}
