import HRMTraining
import Testing

@Suite struct ReferenceNamesTests {
    @Test(arguments: [
        ("_orig_mod.model.inner.lm_head.weight", "lm_head.weight"),
        ("model.inner.H_init", "H_init"), ("H_init", "H_init"), ("_orig_mod.x", "x"),
        ("model.inner._orig_mod.x", "_orig_mod.x"), ("", ""),
    ])
    func prefixesGo(_ name: String, _ expected: String) {
        #expect(ReferenceNames.stripped(name) == expected)
    }
}
