import Testing

@testable import HRMTensor

@Suite struct KernelPathTests {
    @Test func thePortableKernelsAreEverywhereAndLast() {
        #expect(KernelPath.available.last?.name == "portable")
        #expect(Set(KernelPath.available).count == KernelPath.available.count)
    }

    @Test func theRequestIsMetOrTheBestIsTaken() throws {
        let names = KernelPath.available.map(\.name)
        if let requested = KernelPath.requested, names.contains(requested) {
            #expect(KernelPath.active.name == requested)
            try KernelPath.checkRequest()
        } else {
            #expect(KernelPath.active == KernelPath.available.first)
        }
    }

    @Test func anUnmetRequestSaysWhatThereIs() {
        let error = KernelPathError(requested: "abacus", available: ["avx2", "portable"])
        #expect(
            error.description
                == "HRM_KERNELS=abacus: this machine has avx2, portable; "
                + "unset the variable, or set it to one of these")
    }
}
