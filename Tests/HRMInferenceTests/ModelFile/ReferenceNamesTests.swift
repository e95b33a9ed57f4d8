import HRMInference
import Testing

@Suite struct ReferenceNamesTests {
    @Test(arguments: [
        ("_orig_mod.model.inner.lm_head.weight", "lm_head.weight"),
        ("model.inner.H_init", "H_init"), ("H_init", "H_init"), ("_orig_mod.x", "x"),
        ("model.inner._orig_mod.x", "_orig_mod.x"), ("", ""), ("inner.H_init", "H_init"),
        ("module._orig_mod.model.inner.x", "x"), ("_orig_mod.module.model.inner.x", "x"),
    ])
    func prefixesGo(_ name: String, _ expected: String) {
        #expect(ReferenceNames.stripped(name) == expected)
    }

    @Test(arguments: ReferenceNames.allCases)
    func whatIsPutInFrontGoes(_ names: ReferenceNames) {
        #expect(ReferenceNames.stripped(names.prefix + "H_level.x") == "H_level.x")
    }
}
